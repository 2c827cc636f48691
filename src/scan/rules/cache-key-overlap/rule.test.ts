import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const SECRET = '      - run: x\n        env:\n          A: ${{ secrets.A }}\n';
const cache = (key: string, restore = '', action = 'actions/cache@v4') =>
  `      - uses: ${action}\n        with:\n          key: ${key}\n${restore === '' ? '' : `          restore-keys: ${restore}\n`}`;
const files = (writer: string, reader: string, on = 'pull_request_target') =>
  `# --- .github/workflows/a.yml\non: ${on}\npermissions: {}\njobs:\n  w:\n    runs-on: x\n    steps:\n${writer}# --- .github/workflows/b.yml\non: push\npermissions: {}\njobs:\n  r:\n    runs-on: x\n    steps:\n${reader}`;
const check = (text: string, asOf = '2026-01-01') => briefly(findingsOf('cache-key-overlap', text, { asOf }));

it('sees the same key, and a beginning of it', () => {
  expect(check(files(cache('a-b'), cache('a-b') + SECRET))).toEqual(['7 high regular']);
  expect(check(files(cache('a-b'), cache('a-c', 'a-') + SECRET))).toEqual(['7 high regular']);
});

it('knows actions that make up the key themselves', () => {
  const node = '      - uses: actions/setup-node@v4\n        with:\n          cache: npm\n';
  expect(check(files(node, node + SECRET))).toHaveLength(1);
});

it('leaves it to auditors where such runs can only read', () => {
  expect(check(files(cache('a'), cache('a') + SECRET), '2026-11-01')).toEqual(['7 low auditor']);
});

it.each([
  ['keys of their own', files(cache('x-a'), cache('a', 'a-') + SECRET)],
  ['a writer that only reads', files(cache('a', '', 'actions/cache/restore@v4'), cache('a') + SECRET)],
  ['a reader that only saves', files(cache('a'), cache('a', '', 'actions/cache/save@v4') + SECRET)],
  ['a reader that has nothing', files(cache('a'), cache('a'))],
  ['runs of forks, which have a cache of their own', files(cache('a'), cache('a') + SECRET, 'pull_request')],
])('is content with %s', (_name, text) => {
  expect(check(text)).toEqual([]);
});
