import { expect, it } from 'vitest';
import { rules } from '../../rules.generated.ts';
import { fixRepository } from '../../fix/fix-repository.ts';
import { splitFixture } from '../../testing/fixture.ts';
import { TEST_DAY_MS } from '../../testing/scan-text.ts';

function mend(file: string, text: string): string {
  const files = splitFixture(`# --- ${file}\n${text}`);
  const own = rules.filter(({ id }) => id === 'pasted-injection');
  const { changed, outcomes } = fixRepository(
    { root: '', files },
    { rules: own, asOfMs: TEST_DAY_MS },
    'unsafe',
  );
  expect(outcomes.filter(({ refused }) => refused !== undefined)).toEqual([]);
  return changed.get(file) ?? text;
}

const azure = (step: string) => `pr: [main]\npool: { vmImage: ubuntu-24.04 }\nsteps:\n${step}`;

it('adds variables to a step of Azure, and reads them as the place wants it', () => {
  const before = azure(
    '  - script: |\n      echo $(System.PullRequest.SourceBranch)\n      echo "on $(System.PullRequest.SourceBranch)"\n',
  );
  expect(mend('azure-pipelines.yml', before)).toBe(
    azure(
      '  - env:\n      SOURCE_BRANCH: "$(System.PullRequest.SourceBranch)"\n    script: |\n      echo "${SOURCE_BRANCH}"\n      echo "on ${SOURCE_BRANCH}"\n',
    ),
  );
});

it('speaks PowerShell', () => {
  expect(
    mend('azure-pipelines.yml', azure('  - pwsh: |\n      build $(System.PullRequest.SourceBranch)\n')),
  ).toBe(
    azure(
      '  - env:\n      SOURCE_BRANCH: "$(System.PullRequest.SourceBranch)"\n    pwsh: |\n      build ${env:SOURCE_BRANCH}\n',
    ),
  );
});

it('adds to the variables that are there', () => {
  const before = azure('  - bash: echo $(System.PullRequest.SourceBranch)\n    env:\n      LEVEL: 1\n');
  expect(mend('azure-pipelines.yml', before)).toBe(
    azure(
      '  - bash: echo "${SOURCE_BRANCH}"\n    env:\n      SOURCE_BRANCH: "$(System.PullRequest.SourceBranch)"\n      LEVEL: 1\n',
    ),
  );
});

const tekton = (step: string) =>
  `apiVersion: tekton.dev/v1\nkind: PipelineRun\nmetadata:\n  name: check\n  annotations:\n    pipelinesascode.tekton.dev/on-event: "[pull_request]"\nspec:\n  pipelineSpec:\n    tasks:\n      - name: check\n        taskSpec:\n          steps:\n${step}`;

it('adds a list of variables to a step of Tekton', () => {
  const step = (env: string, value: string) =>
    `            - name: a\n              image: tools\n${env}              script: |\n                echo "${value}"\n`;
  expect(mend('.tekton/a.yaml', tekton(step('', '{{ body.pull_request.title }}')))).toBe(
    tekton(
      step(
        '              env:\n                - name: TITLE\n                  value: "{{ body.pull_request.title }}"\n',
        '${TITLE}',
      ),
    ),
  );
  const present = (more: string) =>
    `              env:\n${more}                - name: LEVEL\n                  value: "1"\n`;
  expect(mend('.tekton/a.yaml', tekton(step(present(''), '{{ body.pull_request.title }}')))).toBe(
    tekton(
      step(
        present('                - name: TITLE\n                  value: "{{ body.pull_request.title }}"\n'),
        '${TITLE}',
      ),
    ),
  );
});

it('adds the variables of a command of CircleCI', () => {
  const config = (command: string) =>
    `version: 2.1\njobs:\n  a:\n    docker: [{ image: cimg/base }]\n    steps:\n      - run:\n          name: tell\n${command}workflows: { main: { jobs: [a] } }\n`;
  expect(
    mend(
      '.circleci/config.yml',
      config('          command: |\n            tell "<< pipeline.git.branch >>"\n'),
    ),
  ).toBe(
    config(
      '          environment:\n            BRANCH: "<< pipeline.git.branch >>"\n          command: |\n            tell "${BRANCH}"\n',
    ),
  );
});

it('leaves alone what it cannot be sure of', () => {
  const unsure = [
    "  - bash: echo '$(System.PullRequest.SourceBranch)'\n",
    '  - bash: |\n      cat <<END\n      $(System.PullRequest.SourceBranch)\n      END\n',
    '  - bash: |\n      SOURCE_BRANCH=1\n      echo $(System.PullRequest.SourceBranch)\n',
    '  - { bash: echo $(System.PullRequest.SourceBranch) }\n',
  ];
  for (const step of unsure) expect(mend('azure-pipelines.yml', azure(step))).toBe(azure(step));
  const windows = azure('  - script: echo $(System.PullRequest.SourceBranch)\n').replace(
    'ubuntu-24.04',
    'windows-2022',
  );
  expect(mend('azure-pipelines.yml', windows)).toBe(windows);
});
