import { expect, it } from 'vitest';
import { findingsOf } from '../../testing/scan-text.ts';

function judge(options: string): string[] {
  const text = `# --- Jenkinsfile\npipeline {\n  agent { label 'linux' }\n  ${options}\n  stages { stage('Test') { steps { sh 'make' } } }\n}\n`;
  return findingsOf('missing-timeout', text).map(({ message }) => message);
}

it('asks for a limit where the platform has none', () => {
  expect(judge('')).toEqual(['"Test" has no limit of time']);
  expect(judge("options { timeout(time: 1, unit: 'HOURS') }")).toEqual([]);
});

it('leaves platforms alone that end a job by themselves', () => {
  const text =
    '# --- azure-pipelines.yml\npool: { vmImage: ubuntu-24.04 }\nsteps:\n  - script: make\n# --- .circleci/config.yml\nversion: 2.1\njobs:\n  a:\n    docker: [{ image: cimg/node }]\n    steps: [{ run: make }]\nworkflows: { main: { jobs: [a] } }\n';
  expect(findingsOf('missing-timeout', text)).toEqual([]);
});
