import { expect, it } from 'vitest';
import { fixRepository } from '../../fix/fix-repository.ts';
import { briefly, findingsOf, TEST_DAY_MS } from '../../testing/scan-text.ts';
import { rule } from './rule.ts';

const workflow = (step: string) =>
  `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`;
const withValue = (value: string) => workflow(`run: make\n        env:\n          A: \${{ ${value} }}`);
const check = (text: string) => briefly(findingsOf('obfuscated-expression', text));

it.each([
  ["secrets[format('{0}_KEY', 'A')]", ['9 low regular']],
  ['fromJSON(toJSON(github.sha))', ['9 low pedantic']],
  ["format('a-{0}', 'b')", ['9 low pedantic']],
  ["startsWith('abc', 'a')", ['9 low pedantic']],
  ['1 > 2 || true', ['9 low pedantic']],
  ["'text'", ['9 info pedantic']],
  ["join(fromJSON('[1, 2]'), format('{0}', ','))", ['9 low pedantic']],
])('sees %s', (value, expected) => {
  expect(check(withValue(value))).toEqual(expected);
});

it.each([
  "github['sha']",
  "secrets[format('{0}_KEY', inputs.name)]",
  'fromJSON(needs.a.outputs.list)[0]',
  "fromJSON('[1]')",
  'toJSON(github.event)',
  // A truth value has no other way to be one.
  'true',
])('is content with %s', (value) => {
  expect(check(withValue(value))).toEqual([]);
});

it('takes detours away', () => {
  const fix = (text: string) => {
    const files = [{ file: '.github/workflows/a.yml', text }];
    const options = { rules: [rule], asOfMs: TEST_DAY_MS };
    return fixRepository({ root: '', files }, options, 'safe').changed.get('.github/workflows/a.yml');
  };
  expect(fix(withValue('fromJSON(toJSON(github.sha))'))).toBe(withValue('github.sha'));
  expect(fix(workflow('uses: a/b/./c//d@v1'))).toBe(workflow('uses: a/b/c/d@v1'));
  expect(check(workflow('uses: a/b/x/../c@v1'))).toHaveLength(1);
  expect(fix(workflow('uses: a/b/x/../c@v1'))).toBeUndefined();
});
