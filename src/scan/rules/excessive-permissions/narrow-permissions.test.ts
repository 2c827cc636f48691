import { expect, it } from 'vitest';
import { fixRepository } from '../../fix/fix-repository.ts';
import { rules } from '../../rules.generated.ts';
import { splitFixture } from '../../testing/fixture.ts';
import { findingsOf, TEST_DAY_MS } from '../../testing/scan-text.ts';

const FILE = '.github/workflows/example.yml';
const own = rules.filter(({ id }) => id === 'excessive-permissions');

function fixed(text: string, safety: 'safe' | 'unsafe' = 'safe'): string | undefined {
  const { changed } = fixRepository(
    { root: '', files: splitFixture(text) },
    { rules: own, asOfMs: TEST_DAY_MS },
    safety,
  );
  const after = changed.get(FILE);
  if (after !== undefined) expect(findingsOf('excessive-permissions', after)).toEqual([]);
  return after;
}

const CHECKOUT = '    steps:\n      - uses: actions/checkout@v4\n';
const CLOSE = '    steps:\n      - uses: peter-evans/close-issue@v3\n';
const OTHER = '    steps:\n      - uses: some/thing@v1\n';
const two = (top: string, first: string, second: string) =>
  `on: push\n${top}\njobs:\n  a: # first\n    runs-on: ubuntu-24.04\n${first}\n  b:\n    name: B\n    runs-on: ubuntu-24.04\n${second}`;

it('writes one block for jobs that only read', () => {
  const text = two('', CHECKOUT, CHECKOUT);
  expect(fixed(text)).toBe(text.replace('jobs:', 'permissions:\n  contents: read\n\njobs:'));
});

it('gives each job its own, and leaves every other character alone', () => {
  const text = two('', CHECKOUT, CLOSE);
  const expected = text
    .replace('first\n    runs', 'first\n    permissions:\n      contents: read\n    runs')
    .replace('B\n    runs', 'B\n    permissions:\n      issues: write\n    runs');
  expect(fixed(text, 'unsafe')).toBe(expected);
  expect(fixed(text.replaceAll('\n', '\r\n'), 'unsafe')).toBe(expected.replaceAll('\n', '\r\n'));
});

it('takes shared scopes away', () => {
  for (const top of ['permissions: write-all', 'permissions:\n  contents: write\n  issues: write'])
    expect(fixed(two(top, CHECKOUT, CLOSE), 'unsafe')).toBe(
      fixed(two('', CHECKOUT, CLOSE), 'unsafe')?.replace('push\n\n', 'push\npermissions: {}\n'),
    );
});

it('narrows the block of a job', () => {
  const text = `on: push\npermissions: {}\njobs:\n  a:\n    permissions: write-all\n${CLOSE}`;
  expect(fixed(text, 'unsafe')).toBe(text.replace(' write-all', '\n      issues: write'));
});

it('is not safe when something is not known, and says what', () => {
  const text = two('', CHECKOUT, OTHER);
  expect(fixed(text)).toBeUndefined();
  expect(fixed(text, 'unsafe')).toContain('contents: read');
  const [finding] = findingsOf('excessive-permissions', text);
  expect(finding?.fixes.map(({ title, safety }) => [title, safety])).toEqual([
    ['allow the jobs to read the code only, as far as it is known (`some/thing` is not known)', 'unsafe'],
  ]);
});

it('is safe for what the platform itself publishes; what third parties ask for has to be looked at', () => {
  const text = two('', CHECKOUT, CLOSE);
  expect(fixed(text)).toBeUndefined();
  const [finding] = findingsOf('excessive-permissions', text);
  expect(finding?.fixes.map(({ title, safety }) => [title, safety])).toEqual([
    ['give each job the scopes that it uses (look at what `peter-evans/close-issue` asks for)', 'unsafe'],
  ]);
});

it('leaves the scopes that were spelled out to what is not known', () => {
  const after = fixed(two('permissions:\n  contents: write', CHECKOUT, OTHER));
  expect(after).toContain('first\n    permissions:\n      contents: read\n');
  expect(after).toContain('B\n    permissions:\n      contents: write\n');
});

it('keeps the identity where a program may ask for it', () => {
  const run = '    steps:\n      - run: ./publish.sh\n';
  const [finding] = findingsOf('excessive-permissions', two('permissions: write-all', CLOSE, run));
  expect(finding?.fixes.map(({ title, safety }) => [title, safety])).toEqual([
    [
      'give each job the scopes that it uses, as far as it is known (`./publish.sh` may ask for an identity)',
      'unsafe',
    ],
  ]);
  expect(fixed(two('permissions:\n  id-token: write', CLOSE, run), 'unsafe')).toContain(
    '      id-token: write\n',
  );
});

it('touches nothing that it cannot write without loss', () => {
  expect(fixed('{on: push, jobs: {a: {steps: [{uses: peter-evans/close-issue@v3}]}}}')).toBeUndefined();
  expect(fixed(two('permissions: # why\n  contents: write', CHECKOUT, CLOSE))).toBeUndefined();
  const shared = `on: push\njobs:\n  a: &job\n    runs-on: x\n${CLOSE}  b: *job\n`;
  expect(fixed(shared)).toBeUndefined();
});
