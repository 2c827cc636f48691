import { expect, it } from 'vitest';
import { briefly, findingsOf } from '../../testing/scan-text.ts';

const A = 'de0fac2e4500dabe0009e67214ff5f5447ce83dd';
const B = '08c6903cd8c0fde910a37f88322edcfb5dd907a8';
const check = (...uses: string[]) =>
  briefly(
    findingsOf(
      'version-comment',
      `on: push\njobs:\n  a:\n    steps:\n${uses.map((use) => `      - uses: o/r@${use}\n`).join('')}`,
    ),
  );

it('sees one version at two commits, and one commit with two versions', () => {
  expect(check(`${A} # v1.2.3`, `${B} # v1.2.3`)).toEqual(['5 medium regular', '6 medium regular']);
  expect(check(`${A} # v1.2.3`, `${A} # v1.2.4`)).toEqual(['5 medium regular', '6 medium regular']);
});

it('sees it across files', () => {
  const workflow = (use: string) => `on: push\njobs:\n  a:\n    steps:\n      - uses: o/r@${use}\n`;
  const text = `# --- .github/workflows/a.yml\n${workflow(`${A} # v1.0.0`)}# --- .github/workflows/b.yml\n${workflow(`${B} # v1.0.0`)}`;
  expect(findingsOf('version-comment', text)).toHaveLength(2);
});

it.each([
  [`${A} # v4`, `${A} # v4.1.2`],
  [`${A} # v4`, `${B} # v4`],
  [`${A} # setup/v1.0.0`, `${A} # build/v2.0.0`],
  [`${A} # ratchet:o/r@v4.1.2`, `${A} # tag=v4.1.2`],
  [`${A} # v4.1.2`, `${A} # v4.1.2 (zizmor: ignore[x])`],
])('finds that %s and %s can both be right', (one, other) => {
  expect(check(one, other)).toEqual([]);
});

it.each([A, `${A} # main`, `${A} # pinned by us`])('misses the version in %s', (use) => {
  expect(check(use)).toEqual(['5 info pedantic']);
});

it('asks once for the version of a commit', () => {
  expect(check(A, A, B)).toEqual(['5 info pedantic', '7 info pedantic']);
});

it('says nothing about tags', () => {
  expect(check('v4', 'main')).toEqual([]);
});
