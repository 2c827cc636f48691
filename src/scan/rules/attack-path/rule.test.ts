import { expect, it } from 'vitest';
import { findingsOf, scanFiles } from '../../testing/scan-text.ts';
import { splitFixture } from '../../testing/fixture.ts';

const found = (text: string, asOf?: string) =>
  findingsOf('attack-path', text, asOf === undefined ? {} : { asOf });
const labels = (text: string, asOf?: string) => found(text, asOf)[0]?.path?.map(({ label }) => label);

const HEAD = '${{ github.event.pull_request.head.sha }}';
/** A job that runs the pull request without rights, and one behind it that has some. */
const twoJobs = (first: string, second: string, outputs = '{}', extra = '') => `on: pull_request_target
permissions: {}
jobs:
  build:
    runs-on: ubuntu-latest
    outputs: ${outputs}
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
        with: { ref: '${HEAD}', persist-credentials: false }
      - run: make
      - ${first}
  deploy:
    needs: build
    runs-on: ubuntu-latest
    ${extra}
    permissions: { contents: write }
    steps:
      - ${second}
      - run: ./dist/deploy.sh
`;
const UPLOAD = 'uses: actions/upload-artifact@v4\n        with: { name: dist }';
const DOWNLOAD = 'uses: actions/download-artifact@v4\n        with: { name: dist, path: dist }';

it('follows files from a job without rights into one that has them', () => {
  // Another rule knows the place, and gets the chain.
  const [told] = findingsOf('artifact-poisoning', twoJobs(UPLOAD, DOWNLOAD));
  expect(told?.path?.map(({ label }) => label)).toEqual([
    'pull_request_target: anybody can cause it',
    'code of the pull request comes in',
    'runs build files',
    'leaves files behind as an artifact',
    'the job deploy of .github/workflows/example.yml takes them',
    'runs a file of the artifact',
    'reaches contents: write',
  ]);
  expect(told).toMatchObject({ severity: 'critical', attack: { complexity: 'low' } });
});

it.each([
  ['another name', twoJobs(UPLOAD, DOWNLOAD.replace('dist,', 'other,'))],
  [
    'a folder of its own, and nothing runs of it',
    twoJobs(UPLOAD, DOWNLOAD.replace('path: dist', 'path: /tmp/x')),
  ],
  [
    'a condition that stops outsiders',
    twoJobs(UPLOAD, DOWNLOAD, '{}', 'if: github.event.pull_request.head.repo.full_name == github.repository'),
  ],
])('leads nowhere with %s', (_name, text) => {
  const { findings } = scanFiles(splitFixture(text));
  expect(findings.filter(({ path = [] }) => path.some(({ label }) => label.includes('takes them')))).toEqual(
    [],
  );
});

it('follows outputs that become code', () => {
  const text = twoJobs('run: echo', 'run: deploy ${{ needs.build.outputs.target }}', "{ target: 'x' }");
  expect(found(text).map(({ message }) => message)).toEqual([
    'an output of build, in which outsiders run code, becomes code in the job deploy',
  ]);
});

const AGENT = `# --- .github/workflows/triage.yml
on: { issues: { types: [opened] } }
permissions: { issues: write }
jobs:
  triage:
    runs-on: ubuntu-latest
    steps:
      - run: echo \${{ github.event.issue.title }}
# --- .github/workflows/release.yml
on: push
permissions: { contents: write }
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/cache@v4
        with: { path: ~/.npm, key: npm }
      - run: make
`;

it('follows the cache while outsiders could write it, as a chain that takes a race', () => {
  const [finding] = found(AGENT, '2026-02-01');
  expect(finding).toMatchObject({
    severity: 'high',
    attack: { complexity: 'high', reaches: ['contents: write'] },
  });
  expect(finding?.locations[0].file).toBe('.github/workflows/release.yml');
  expect(found(AGENT, '2026-11-01')).toEqual([]);
});

const DISPATCH = (from: string, to: string) => `# --- .github/workflows/comment.yml
on: issue_comment
permissions: { actions: write }
jobs:
  start:
    runs-on: ubuntu-latest
    steps:
      - env:
          BODY: \${{ github.event.comment.body }}
        run: ${from}
# --- .github/workflows/deploy.yml
on: { workflow_dispatch: { inputs: { note: { type: string } } } }
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - run: ${to}
        env: { TOKEN: '\${{ secrets.DEPLOY }}', NOTE: '\${{ inputs.note }}' }
`;

it('follows text of outsiders into a workflow that a script starts', () => {
  const text = DISPATCH('gh workflow run deploy.yml -f note="$BODY"', 'echo ${{ inputs.note }}');
  expect(found(text)[0]).toMatchObject({
    severity: 'critical',
    message: 'comment.yml starts deploy.yml with text of outsiders in `note`, which becomes code there',
  });
  expect(labels(text)?.at(-1)).toBe(
    'reaches secret DEPLOY, a token with default rights, environment production',
  );
  const quoted = DISPATCH('gh workflow run deploy.yml -f note="$BODY"', 'echo "$NOTE"');
  expect(found(quoted)).toEqual([]);
  const constant = DISPATCH('gh workflow run deploy.yml', 'echo ${{ inputs.note }}');
  expect(found(constant)).toEqual([]);
});

it('does not report what another rule does at the same place, and gives that one the chain', () => {
  const text = `# --- .github/workflows/test.yml
name: Test
on: pull_request
jobs:
  a:
    runs-on: ubuntu-latest
    steps: [{ uses: actions/upload-artifact@v4, with: { name: dist } }]
# --- .github/workflows/after.yml
on: { workflow_run: { workflows: [Test] } }
permissions: { contents: write }
jobs:
  b:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v4
        with: { name: dist, path: dist, run-id: '\${{ github.event.workflow_run.id }}' }
      - run: ./dist/run.sh
`;
  const { findings } = scanFiles(splitFixture(text));
  expect(findings.filter(({ ruleId }) => ruleId === 'attack-path')).toEqual([]);
  const told = findings.find(({ ruleId }) => ruleId === 'artifact-poisoning');
  expect(
    told?.path?.map(({ location }) => `${location.file.replace(/.*\//, '')}:${location.start.line}`),
  ).toEqual(['test.yml:2', 'test.yml:6', 'after.yml:7', 'after.yml:9', 'after.yml:2']);
  expect(told).toMatchObject({ severity: 'high', attack: { complexity: 'medium' } });
});

it('ends with a thousand jobs that all wait for one another', () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => `j${index}`);
  const jobs = ids.map(
    (id, index) =>
      `  ${id}:\n    needs: [${ids.slice(Math.max(0, index - 20), index).join(', ')}]\n    runs-on: self-hosted\n    steps:\n      - run: echo \${{ github.event.issue.title }}\n      - uses: actions/upload-artifact@v4\n`,
  );
  const text = `on: issues\npermissions: { contents: write }\njobs:\n${jobs.join('')}`;
  expect(scanFiles(splitFixture(text)).problems).toEqual([]);
});
