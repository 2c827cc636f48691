import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { scanFiles, TEST_DAY_MS } from '../../../testing/scan-text.ts';
import { readIdentity } from '../bind/repository-identity.ts';
import { buildFederation } from '../build.ts';
import { findCredentials } from '../recognise/find-credentials.ts';
import { patchFile } from './patch-file.ts';
import { planBrokered } from './plans.ts';

const FILE = '.circleci/config.yml';
const configuration = (step: string): string =>
  `version: 2.1\njobs:\n  release:\n    docker: [{ image: "cimg/base:2024.03" }]\n    steps:\n      - checkout\n${step}workflows:\n  build:\n    jobs:\n      - release: { context: production, filters: { branches: { only: main } } }\n`;
const brokered = (text: string) => patchFile(FILE, text, planBrokered(readIdentity('', undefined)));

function scriptOf(text: string): string {
  const { repository } = scanFiles([{ file: FILE, text }]);
  const scripts = repository.pipelines.flatMap(({ jobs }) => jobs.flatMap(({ steps }) => steps));
  return scripts.map(({ work }) => (work.kind === 'script' ? work.text.value : '')).join('');
}

/** What a script prints, with programs in the place of those that it calls; each argument of `vouchgate` is gone. */
function print(script: string): string {
  const stand = [
    'circleci() { echo token; }',
    'npx() { while [ "$1" != -- ]; do shift; done; shift; "$@"; }',
    'export SNYK_TOKEN=value',
  ];
  return execFileSync('bash', ['-c', `${stand.join('\n')}\n${script}`], {
    encoding: 'utf8',
    timeout: 10_000,
  });
}

describe('a script of CircleCI that reads a stored value', () => {
  it.each([
    ['on one line', '      - run: echo "$SNYK_TOKEN" one\n'],
    ['with quotes', `      - run: echo "$SNYK_TOKEN" 'a "b"' "it's"\n`],
    ['in quotes of YAML', `      - run: "echo $SNYK_TOKEN 'x'"\n`],
    [
      'on several lines, with a name',
      `      - run:\n          name: test\n          command: |\n            for each in 'a b' c; do\n              echo "$SNYK_TOKEN $each"\n            done\n\n            echo 'done'\n`,
    ],
    ['behind more spaces', '      -   run:   echo "$SNYK_TOKEN" far\n'],
  ])('%s runs inside of `vouchgate run`, and does the same', (_, step) => {
    const text = configuration(step);
    const { after, reasons } = brokered(text);
    expect([...reasons.values()]).toEqual([undefined]);
    expect(after).toContain('npx vouchgate run --server "$VOUCHGATE_URL" --resource snyk-token -- bash');
    expect(print(scriptOf(after))).toBe(print(scriptOf(text)));
    const { findings, repository, problems } = scanFiles([{ file: FILE, text: after }]);
    expect(problems).toEqual([]);
    expect(findings.filter(({ persona }) => persona === 'regular')).toEqual([]);
    expect(repository.pipelines.flatMap(findCredentials)).toEqual([]);
  });

  it.each([
    [
      'another shell',
      '      - run:\n          shell: /bin/sh\n          command: echo "$SNYK_TOKEN"\n',
      /another shell/,
    ],
    ['a login', '      - run: vault login $VAULT_TOKEN\n', /later steps rely on this login/],
    [
      'a value for later steps',
      '      - run: echo "export X=$SNYK_TOKEN" >> $BASH_ENV\n',
      /hands something on/,
    ],
    ['a flow mapping', '      - run: { command: "echo $SNYK_TOKEN" }\n', /not changed here/],
  ])('is left to a person for %s', (_, step, reason) => {
    const { after, reasons } = brokered(configuration(step));
    expect([...reasons.values()].join()).toMatch(reason);
    expect(after).toBe(configuration(step));
  });

  it('is patched once for all jobs that share it', () => {
    const shared = `version: 2.1
commands:
  scan:
    steps:
      - run: snyk auth "$SNYK_TOKEN"
jobs:
${Array.from({ length: 80 }, (_, index) => `  j${index}:\n    docker: [{ image: "cimg/base:2024.03" }]\n    steps: [checkout, scan]\n`).join('')}workflows:
  build:
    jobs: [${Array.from({ length: 80 }, (_, index) => `j${index}`).join(', ')}]
`;
    const { after, reasons } = brokered(shared);
    expect(after.match(/vouchgate run/g)).toHaveLength(1);
    expect([...reasons.keys()]).toHaveLength(80);
    expect([...new Set(reasons.values())]).toEqual([undefined]);
  });

  it('comes with the issuer and a policy that names repository and branch, and no shell of a person', () => {
    const scan = scanFiles([{ file: FILE, text: configuration('      - run: snyk auth "$SNYK_TOKEN"\n') }]);
    const { files } = buildFederation({
      repositories: [{ prefix: '', root: '', scan }],
      asOfMs: TEST_DAY_MS,
      inputs: {},
    });
    const textOf = (name: string): string => files.find(({ file }) => file === name)?.text ?? '';
    expect(textOf('vouchgate/vouchgate.yaml')).toContain(
      '  circleci:\n    type: oidc\n    issuer: https://oidc.circleci.com/org/OWNER_ID\n',
    );
    const policy = textOf('vouchgate/policies/snyk-token.cedar');
    expect(policy).toContain('principal in Project::"circleci/REPOSITORY_ID"');
    expect(policy).toContain('principal.project.path == "github.com/OWNER/REPOSITORY"');
    expect(policy).toContain('!principal.interactive');
    expect(policy).not.toContain('trigger');
  });
});
