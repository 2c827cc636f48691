import { expect, it } from 'vitest';
import { fixRepository } from '../../fix/fix-repository.ts';
import { rules } from '../../rules.generated.ts';
import { briefly, findingsOf, TEST_DAY_MS } from '../../testing/scan-text.ts';

const COMMIT = 'de0fac2e4500dabe0009e67214ff5f5447ce83dd';
const workflow = (uses: string) =>
  `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ${uses}\n`;
const check = (uses: string) => briefly(findingsOf('unpinned-action', workflow(uses)));

it('ranks by who can move the reference and how easily', () => {
  expect(check('actions/checkout@v4')).toEqual(['7 low regular']);
  expect(check('some/action@v4')).toEqual(['7 medium regular']);
  expect(check('some/action@main')).toEqual(['7 high regular']);
  expect(check('some/action')).toEqual(['7 high regular']);
});

it.each([`some/action@${COMMIT}`, './own', '$/own', `docker://alpine@sha256:${'0'.repeat(64)}`])(
  'is content with %s',
  (uses) => {
    expect(check(uses)).toEqual([]);
  },
);

it('takes a short hash and one in capitals for what they are: names', () => {
  expect(check(`some/action@${COMMIT.slice(0, 7)}`)).toHaveLength(1);
  expect(check(`some/action@${COMMIT.toUpperCase()}`)).toHaveLength(1);
});

it('looks at reusable workflows, too, and leaves images to the rule for them', () => {
  expect(
    findingsOf(
      'unpinned-action',
      'on: push\npermissions: {}\njobs:\n  a:\n    uses: o/r/.github/workflows/w.yml@v1\n',
    ),
  ).toHaveLength(1);
  expect(check('docker://alpine:3.20')).toEqual([]);
});

it('pins to the commit that a pin source knows, and keeps a comment that is there', () => {
  const pins = { resolve: () => ({ commit: COMMIT, version: 'v4.2.2' }) };
  const text = workflow('actions/checkout@v4 # keep me');
  const fixed = fixRepository(
    { root: '', files: [{ file: '.github/workflows/a.yml', text }] },
    { rules, asOfMs: TEST_DAY_MS, pins },
    'safe',
  );
  expect(fixed.changed.get('.github/workflows/a.yml')).toContain(
    `uses: actions/checkout@${COMMIT} # v4.2.2 # keep me`,
  );
});

it('says that a part of a commit hash is none', () => {
  const messages = (ref: string) =>
    findingsOf(
      'unpinned-action',
      `on: push\njobs: { a: { runs-on: x, steps: [{ uses: a/b@${ref} }] } }\n`,
    ).map(({ message }) => message);
  expect(messages('1a2b3c4')).toEqual([
    'a/b is named by 1a2b3c4, a part of a commit hash: GitHub refuses it, unless a branch or tag has that name',
  ]);
  expect(messages('feedface')[0]).toContain('the branch');
});
