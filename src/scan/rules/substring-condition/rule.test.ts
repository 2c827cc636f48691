import { expect, it } from 'vitest';
import { fixRepository } from '../../fix/fix-repository.ts';
import { briefly, findingsOf, TEST_DAY_MS } from '../../testing/scan-text.ts';
import { rule } from './rule.ts';

const workflow = (on: string, guard: string) =>
  `on: ${on}\npermissions: {}\njobs:\n  a:\n    if: ${guard}\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n`;
const check = (on: string, guard: string) => briefly(findingsOf('substring-condition', workflow(on, guard)));

it.each([
  ['issue_comment', "contains('a b', github.event.comment.user.login)", ['5 high regular']],
  ['pull_request', "contains('main next', github.head_ref)", ['5 high regular']],
  // Only members push: nobody gains anything.
  ['push', "contains('a b', github.actor)", ['5 low pedantic']],
  ['push', 'contains(\'["main", "next"]\', github.ref_name)', ['5 low pedantic']],
])('on %s: %s', (on, guard, expected) => {
  expect(check(on, guard)).toEqual(expected);
});

it.each([
  "contains('main', github.ref_name)",
  "contains(github.ref, 'a b')",
  'contains(fromJSON(\'["a", "b"]\'), github.actor)',
  "contains('a b', 'a')",
])('is content with %s', (guard) => {
  expect(check('pull_request_target', guard)).toEqual([]);
});

it('makes a list of the words', () => {
  const fix = (guard: string) => {
    const files = [{ file: '.github/workflows/a.yml', text: workflow('issues', guard) }];
    const options = { rules: [rule], asOfMs: TEST_DAY_MS };
    return fixRepository({ root: '', files }, options, 'unsafe').changed.get('.github/workflows/a.yml');
  };
  expect(fix("contains('a b', github.actor)")).toBe(
    workflow('issues', 'contains(fromJSON(\'["a", "b"]\'), github.actor)'),
  );
  expect(fix('"contains(\'a b\', github.actor)"')).toBeUndefined();
});
