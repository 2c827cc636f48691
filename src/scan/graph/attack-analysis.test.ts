import { expect, it } from 'vitest';
import type { Finding } from '#findings/finding.ts';
import { splitFixture } from '../testing/fixture.ts';
import { scanFiles } from '../testing/scan-text.ts';
import { severityOf } from './attack.ts';

const TITLE = '${{ github.event.issue.title }}';

function injected(text: string): Finding | undefined {
  const { findings } = scanFiles(splitFixture(text));
  return findings.find(({ ruleId, persona }) => ruleId === 'template-injection' && persona === 'regular');
}

/** A job that runs the title of an issue, with something more in it. */
const workflow = (job: string) =>
  injected(
    `on: issues\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo "${TITLE}"\n${job}`,
  );

it.each([
  ['    permissions: { contents: write }', 'critical', ['contents: write']],
  ['    permissions: { id-token: write }', 'critical', ['an identity token']],
  ['    permissions: write-all', 'critical', ['write-all']],
  [
    '    permissions: {}\n    env: { A: "${{ secrets.A }}", B: "${{ secrets.B }}" }',
    'critical',
    ['secrets A, B'],
  ],
  ['', 'high', ['a token with default rights']],
  ['    permissions: { issues: write }', 'high', ['issues: write']],
  ['    permissions: { contents: read }', 'medium', []],
])('the severity follows from what the job can do: %s', (job, severity, reaches) => {
  expect(workflow(job)).toMatchObject({ severity, attack: { complexity: 'low', reaches } });
});

it('the severity falls when somebody has to let it through', () => {
  const labelled =
    "    permissions: { contents: write }\n    if: contains(github.event.issue.labels.*.name, 'ok')\n";
  expect(workflow(labelled)).toMatchObject({ severity: 'high', attack: { complexity: 'medium' } });
  const deployed = '    permissions: { contents: write }\n    environment: production\n';
  expect(workflow(deployed)).toMatchObject({ severity: 'high', attack: { complexity: 'medium' } });
});

it('no severity of the table rises when less is reached, or more is needed', () => {
  const order = ['critical', 'high', 'medium', 'low', 'info'];
  const rank = (...at: Parameters<typeof severityOf>) => order.indexOf(severityOf(...at));
  for (const complexity of ['low', 'medium', 'high'] as const) {
    expect(rank('project', complexity)).toBeLessThanOrEqual(rank('unknown', complexity));
    expect(rank('unknown', complexity)).toBeLessThanOrEqual(rank('talk', complexity));
    expect(rank('talk', complexity)).toBeLessThanOrEqual(rank('nothing', complexity));
  }
});

it('goes through called workflows and composite actions to the job whose rights count', () => {
  const told = injected(`# --- .github/workflows/a.yml
on: issues
permissions: { packages: write }
jobs:
  outer:
    uses: ./.github/workflows/b.yml
# --- .github/workflows/b.yml
on: workflow_call
jobs:
  inner:
    permissions: { packages: write }
    runs-on: ubuntu-latest
    steps:
      - uses: ./say
        with: { text: "${TITLE}" }
# --- say/action.yml
inputs: { text: {} }
runs:
  using: composite
  steps:
    - run: echo "\${{ inputs.text }}"
      shell: bash
`);
  const labels = told?.path?.map(({ label }) => label) ?? [];
  expect(labels[0]).toBe('issues: anybody can cause it');
  expect(labels).toContain('the job outer calls .github/workflows/b.yml');
  expect(labels).toContain('the job inner uses say/action.yml');
  expect(labels.at(-1)).toBe('reaches packages: write');
});

const FOLLOWER = `# --- .github/workflows/after.yml
on: { workflow_run: { workflows: [Test] } }
permissions: { contents: write }
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ github.event.workflow_run.head_branch }}"
`;

it('says who can cause the run that another one follows', () => {
  const told = injected(
    `${FOLLOWER}# --- .github/workflows/test.yml\nname: Test\non: pull_request\njobs: {}\n`,
  );
  expect(told?.path?.[0]?.location.file).toBe('.github/workflows/test.yml');
  expect(told).toMatchObject({ severity: 'high', attack: { complexity: 'medium' } });
});

it('is never worse than the rule when something on the way cannot be seen, and says what', () => {
  expect(injected(FOLLOWER)).toMatchObject({
    severity: 'high',
    attack: { partial: 'who can start Test, which it follows' },
  });
});

it('leaves alone what members do, and what runs without rights', () => {
  const push = 'on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{ run: "echo ${{ github.head_ref }}" }]\n';
  const request = push.replace('push', 'pull_request');
  for (const text of [push, request])
    expect(scanFiles(splitFixture(text)).findings.filter(({ attack }) => attack !== undefined)).toEqual([]);
});

it('ends with calls that fan out and go in circles', () => {
  const job = (name: string, target: string) => `  ${name}: { uses: ./.github/workflows/${target}.yml }\n`;
  const fan = (from: string, to: string) =>
    `# --- .github/workflows/${from}.yml\non: workflow_call\njobs:\n${Array.from({ length: 200 }, (_, index) => job(`j${index}`, to)).join('')}`;
  const last = `# --- .github/workflows/e.yml\non: [workflow_call, issues]\njobs:\n  a:\n    runs-on: x\n    steps: [{ run: 'echo "${TITLE}"' }]\n`;
  const text = `${fan('a', 'b')}${fan('b', 'c')}${fan('c', 'd')}${fan('d', 'e')}${last}`;
  expect(injected(text)?.attack?.reaches).toEqual(['a token with default rights']);
});

it('gives a cache of GitLab its way from the merge request to the protected branch', () => {
  const { findings } = scanFiles(
    splitFixture(`# --- .gitlab-ci.yml
test:
  rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }]
  cache: { key: deps, unprotect: true, paths: [x] }
  script: [make]
deploy:
  rules: [{ if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH }]
  id_tokens: { AWS: { aud: https://aws.example } }
  cache: { key: deps, unprotect: true, policy: pull, paths: [x] }
  script: [make deploy]
`),
  );
  const told = findings.find(({ ruleId, attack }) => ruleId === 'gitlab-unprotected-cache' && attack);
  expect(told).toMatchObject({
    severity: 'medium',
    attack: { complexity: 'high', reaches: ['identity token AWS', 'protected variables'] },
  });
});
