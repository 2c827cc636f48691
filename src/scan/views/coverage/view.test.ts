import { expect, it } from 'vitest';
import { threadMs } from '#core/testing/thread-time.ts';
import { splitFixture } from '../../testing/fixture.ts';
import { scanFiles, TEST_DAY_MS } from '../../testing/scan-text.ts';
import { view } from './view.ts';

interface Test {
  readonly tool: string;
  readonly kinds: readonly string[];
  readonly subject?: string;
  readonly moments: readonly string[];
  readonly stops: boolean;
  readonly ignoredBecause?: string;
  readonly guardsRelease: boolean;
}
interface One {
  readonly tests: readonly Test[];
  readonly gaps: readonly { readonly kind: string; readonly what: string }[];
  readonly releases: readonly { readonly job: string; readonly guarded: boolean }[];
}

const repository = (text: string, prefix = '') => ({ prefix, root: '', scan: scanFiles(splitFixture(text)) });
const input = (...repositories: ReturnType<typeof repository>[]) => ({
  repositories,
  asOfMs: TEST_DAY_MS,
  inputs: {},
});
function build(text: string): One {
  const { repositories } = view.build(input(repository(text))) as { repositories: readonly One[] };
  return repositories[0] ?? { tests: [], gaps: [], releases: [] };
}
const job = (steps: readonly string[], more = '', on = 'pull_request') =>
  `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n${more}    steps:\n${steps.map((line) => `      - ${line}\n`).join('')}`;
const tests = (...steps: string[]) => build(job(steps)).tests;
const stops = (step: string) => tests(step).map(({ stops: each }) => each);

it.each([
  ['uses: github/codeql-action/analyze@v3', 'CodeQL', 'SAST'],
  ['uses: aquasecurity/trivy-action@v1', 'Trivy', 'container'],
  ['uses: aquasecurity/trivy-action@v1\n        with: { scan-type: fs }', 'Trivy', 'SCA'],
  ['uses: aquasecurity/trivy-action@v1\n        with: { scan-type: config }', 'Trivy', 'IaC'],
  ['uses: docker://zricethezav/gitleaks:v8', 'Gitleaks', 'secrets'],
  ['run: npx --yes audit-ci --moderate', 'audit-ci', 'SCA'],
  ['run: poetry run bandit -r src', 'Bandit', 'SAST'],
  ['run: ./bin/trivy image acme/app:1', 'Trivy', 'container'],
  ['run: docker run --rm -v .:/src bridgecrew/checkov -d /src', 'Checkov', 'IaC'],
  ['run: ./gradlew dependencyCheckAnalyze', 'OWASP Dependency-Check', 'SCA'],
  ['run: npm publish --access public --provenance', 'npm provenance', 'provenance'],
  ['run: sudo cosign sign --yes acme/app@sha256:1', 'cosign', 'signing'],
  ['run: syft acme/app -o spdx-json', 'Syft', 'SBOM'],
  ['run: vouchgate scan', 'Vouchgate', 'pipeline'],
])('knows %s', (step, tool, kind) => {
  expect(tests(step)).toMatchObject([{ tool, kinds: expect.arrayContaining([kind]) }]);
});

it.each([
  'run: pip install bandit',
  'run: trivy --version',
  'run: echo "run trivy image x"',
  'run: npm publish',
  'run: make semgrep',
])('is not taken in by %s', (step) => {
  expect(tests(step)).toEqual([]);
});

it.each([
  ['run: npm audit', true],
  ['run: npm audit || true', false],
  ['run: "npm audit || echo found"', false],
  ['run: npm audit | tee audit.txt', false],
  ['run: npm audit | tee audit.txt\n        shell: bash', true],
  ['run: "set +e; npm audit"', false],
  ['run: npm audit\n        continue-on-error: true', false],
  ['run: gitleaks detect --exit-code 0', false],
  ['run: gitleaks detect', true],
  ['run: trivy image a', false],
  ['run: trivy image --exit-code 1 a', true],
  ['uses: bridgecrewio/checkov-action@v12\n        with: { soft_fail: true }', false],
  ['uses: bridgecrewio/checkov-action@v12', true],
  ['uses: github/codeql-action/analyze@v3', false],
  ['uses: zizmorcore/zizmor-action@v1', false],
  ['run: semgrep scan --config auto', false],
  ['run: semgrep scan --config auto --error', true],
])('%s: a finding stops the job: %s', (step, expected) => {
  expect(stops(step)).toEqual([expected]);
});

it('a job that may fail, stops nothing', () => {
  const [test] = build(job(['run: npm audit'], '    continue-on-error: true\n')).tests;
  expect(test).toMatchObject({ stops: false, ignoredBecause: '`continue-on-error: true`' });
});

it('says when a test runs, its own condition included', () => {
  const all =
    '{ push: { branches: [main], tags: ["v*"] }, pull_request: {}, schedule: [{ cron: "1 2 * * *" }], workflow_dispatch: {} }';
  const moments = (step: string) => build(job([step], '', all)).tests[0]?.moments;
  expect(moments('run: npm audit')).toEqual(['before merge', 'main', 'release', 'schedule']);
  expect(moments("run: npm audit\n        if: github.event_name == 'pull_request'")).toEqual([
    'before merge',
  ]);
});

const RELEASE = `on: { push: { tags: ["v*"] } }
jobs:
  audit:
    runs-on: ubuntu-24.04
    steps: [{ run: npm audit }]
  publish:
    NEEDS
    runs-on: ubuntu-24.04
    steps: [{ run: npm publish }]
`;

it('a release is guarded when it waits for a test that can fail', () => {
  const guarded = (needs: string) => {
    const { releases, tests: found } = build(RELEASE.replace('NEEDS', needs));
    return [releases[0]?.guarded, found[0]?.guardsRelease];
  };
  expect(guarded('needs: audit')).toEqual([true, true]);
  expect(guarded('name: Publish')).toEqual([false, false]);
  const soft = build(RELEASE.replace('NEEDS', 'needs: audit').replace('npm audit', 'npm audit || true'));
  expect(soft.releases).toMatchObject([{ guarded: false }]);
});

it('GitLab: stages wait for each other, and its own templates only report', () => {
  const { tests: found, releases } = build(`# --- .gitlab-ci.yml
include:
  - template: Security/SAST.gitlab-ci.yml
audit:
  stage: test
  script: npm audit
lenient:
  stage: test
  script: bandit -r .
  allow_failure: true
publish:
  stage: deploy
  script: npm publish
`);
  const byTool = Object.fromEntries(found.map(({ tool, stops: each }) => [tool, each]));
  expect(byTool).toEqual({ 'npm audit': true, Bandit: false, 'GitLab SAST': false });
  expect(releases).toMatchObject([{ guarded: true }]);
});

it('finds tests inside of actions of the repository', () => {
  const action = `# --- .github/actions/check/action.yml\nname: Check\nruns:\n  using: composite\n  steps:\n    - { run: npm audit, shell: bash }\n`;
  const found = build(
    `# --- .github/workflows/a.yml\n${job(['uses: ./.github/actions/check'])}${action}`,
  ).tests;
  expect(found).toMatchObject([{ tool: 'npm audit', moments: ['before merge'] }]);
});

it('names what is missing, what only reports and what comes too late', () => {
  const { gaps } = build(
    job(
      ['run: npm audit || true', 'run: gitleaks detect', 'run: docker push acme/app:1'],
      '',
      '{ push: { branches: [main] } }',
    ),
  );
  expect(gaps.map(({ kind, what }) => `${kind}: ${what.slice(0, 40)}`)).toEqual([
    'SCA: npm audit at `.github/workflows/example.',
    'SAST: nothing looks at the code itself',
    'secrets: Gitleaks runs only after the merge',
    'pipeline: nothing looks at the pipelines',
    'container: images are pushed and nothing looks into',
    'provenance: releases say nothing of where they come ',
    'SBOM: releases do not say what they are made o',
  ]);
});

it('shows one repository as a matrix, and many as a line each', () => {
  const one = repository(job(['run: npm audit']), 'one/');
  const show = (...all: ReturnType<typeof repository>[]) =>
    JSON.stringify(view.describe(view.build(input(...all))));
  expect(show(one)).toContain('"before merge"');
  const many = Array.from({ length: 60 }, (_, index) => repository(job(['run: npm audit']), `r${index}/`));
  expect(show(...many)).toContain('35 more');
});

it('a script of a megabyte costs a moment', () => {
  const started = threadMs();
  for (const line of [
    'trivy '.repeat(170_000),
    'mvn '.repeat(250_000),
    `docker run ${'a/b '.repeat(250_000)}`,
    'a/'.repeat(500_000),
  ])
    tests(`run: ${JSON.stringify(line)}`);
  expect(threadMs() - started).toBeLessThan(5_000);
});
