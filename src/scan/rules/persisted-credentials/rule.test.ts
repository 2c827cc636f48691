import { expect, it } from 'vitest';
import { fixRepository } from '../../fix/fix-repository.ts';
import { rules } from '../../rules.generated.ts';
import { briefly, findingsOf, TEST_DAY_MS } from '../../testing/scan-text.ts';

const workflow = (steps: string) =>
  `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;
const check = (steps: string) => briefly(findingsOf('persisted-credentials', workflow(steps)));
const UPLOAD = (path: string, version = 'v3') =>
  `      - uses: actions/upload-artifact@${version}\n        with:\n          path: ${path}\n`;
const CHECKOUT = '      - uses: actions/checkout@v4\n';

it('is sure when the workspace is uploaded with what is in .git', () => {
  expect(check(CHECKOUT)).toEqual(['7 medium regular']);
  expect(check(`${CHECKOUT}${UPLOAD('.')}`)).toEqual(['7 high regular']);
  expect(check(`${CHECKOUT}${UPLOAD('${{ github.workspace }}')}`)).toEqual(['7 high regular']);
  expect(check(`${CHECKOUT}${UPLOAD('dist')}`)).toEqual(['7 medium regular']);
  // Since v4 hidden files stay behind unless they are asked for.
  expect(check(`${CHECKOUT}${UPLOAD('.', 'v4')}`)).toEqual(['7 medium regular']);
});

it('leaves a job that pushes, and a checkout that keeps the token elsewhere, to pedants', () => {
  expect(check(`${CHECKOUT}      - run: git push\n`)).toEqual(['7 medium pedantic']);
  expect(check('      - uses: actions/checkout@v6\n')).toEqual(['7 low pedantic']);
});

it.each([
  ["'true'", ['9 medium pedantic']],
  ["${{ github.event_name == 'push' }}", ['9 medium pedantic']],
  ['false', []],
  ['"FALSE"', []],
])('reads the setting %s', (value, found) => {
  expect(check(`${CHECKOUT}        with:\n          persist-credentials: ${value}\n`)).toEqual(found);
});

function fix(steps: string): string {
  const files = [{ file: '.github/workflows/a.yml', text: workflow(steps) }];
  return (
    fixRepository({ root: '', files }, { rules, asOfMs: TEST_DAY_MS }, 'safe').changed.get(
      '.github/workflows/a.yml',
    ) ?? ''
  );
}

it.each([
  ['a new block', CHECKOUT, `${CHECKOUT}        with:\n          persist-credentials: false\n`],
  [
    'a block that is there',
    `${CHECKOUT}        with:\n            path: x\n`,
    `${CHECKOUT}        with:\n            persist-credentials: false\n            path: x\n`,
  ],
  [
    'a flow mapping',
    `${CHECKOUT}        with: { path: x }\n`,
    `${CHECKOUT}        with: { persist-credentials: false, path: x }\n`,
  ],
  [
    'a flow step',
    '      - { uses: actions/checkout@v4 }\n',
    '      - { uses: actions/checkout@v4, with: { persist-credentials: false } }\n',
  ],
  [
    'a line with a comment',
    '      - uses: actions/checkout@v4 # why\n        id: x\n',
    '      - uses: actions/checkout@v4 # why\n        with:\n          persist-credentials: false\n        id: x\n',
  ],
])('mends %s and leaves the rest as it is', (_name, before, after) => {
  expect(fix(before)).toBe(workflow(after));
});
