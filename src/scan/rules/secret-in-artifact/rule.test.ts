import { describe, expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { findingsOf } from '../../testing/scan-text.ts';
import { findWrittenSecrets } from './find-written.ts';
import { describeSecretFile, takesAlong } from './kept-files.ts';

function inBitbucket(line: string, artifact: string): string[] {
  const text = `# --- bitbucket-pipelines.yml\npipelines:\n  default:\n    - step:\n        name: Build\n        script:\n          - ${line}\n        artifacts:\n          - "${artifact}"\n`;
  return findingsOf('secret-in-artifact', text).map(({ message }) => message);
}

describe('a file that an artifact takes along', () => {
  it('must not hold all variables of the run', () => {
    expect(inBitbucket('env | sort > out/env.txt', 'out/**')).toEqual([
      '"Build" writes all variables of the run to out/env.txt, and an artifact takes the file along',
    ]);
    expect(inBitbucket('printenv | tee debug.log', '*.log')).toHaveLength(1);
    expect(inBitbucket('printenv > $BITBUCKET_CLONE_DIR/debug.log', 'debug.log')).toHaveLength(1);
  });

  it('must not hold one of its secrets', () => {
    expect(inBitbucket('echo "//registry.example/:_authToken=$NPM_TOKEN" >> dist/.npmrc', 'dist/**')).toEqual(
      ['"Build" writes $NPM_TOKEN to dist/.npmrc, and an artifact takes the file along'],
    );
  });

  it('may hold names of variables, versions, and whatever the artifact leaves out', () => {
    expect(inBitbucket('env | cut -d= -f1 > names.txt', 'names.txt')).toEqual([]);
    expect(inBitbucket('echo $BITBUCKET_COMMIT > dist/version', 'dist/**')).toEqual([]);
    expect(inBitbucket('printenv > /tmp/debug.log', 'dist/**')).toEqual([]);
    expect(inBitbucket('printenv > /dev/null', '**')).toEqual([]);
    expect(inBitbucket('curl -H "Authorization: $API_TOKEN" example.com > out.json', 'out.json')).toEqual([]);
  });

  it('is secret by its name as well', () => {
    expect(inBitbucket('terraform apply', 'terraform.tfstate')).toEqual([
      '"Build" keeps terraform.tfstate as an artifact: the state of Terraform, with its secrets',
    ]);
    expect(describeSecretFile('keys/id_rsa.pub')).toBeUndefined();
  });
});

it('looks at what CircleCI keeps, too', () => {
  const text =
    '# --- .circleci/config.yml\nversion: 2.1\njobs:\n  build:\n    docker: [{ image: cimg/base:2024.01 }]\n    steps:\n      - run: env > /tmp/debug/env.txt\n      - store_artifacts:\n          path: /tmp/debug\n';
  expect(findingsOf('secret-in-artifact', text)).toHaveLength(1);
});

it('reads hostile lines in no time', () => {
  const before = threadMs();
  for (const line of ['env |'.repeat(250_000), '> a '.repeat(250_000), 'printenv '.repeat(100_000)]) {
    findWrittenSecrets(line, new Set(['A']));
    findWrittenSecrets(line.slice(0, 999), new Set(['A']));
    findWrittenSecrets(`${line.slice(0, 999)}\n`.repeat(1_000), new Set(['A']));
  }
  takesAlong(`${'a*'.repeat(90)}b`, 'a'.repeat(200));
  expect(threadMs() - before).toBeLessThan(3_000);
});
