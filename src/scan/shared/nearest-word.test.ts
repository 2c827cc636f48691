import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findNearest, suggest } from './nearest-word.ts';

const KNOWN = ['runs-on', 'run', 'uses', 'branches', 'timeout-minutes', 'with'];

it.each([
  ['runs_on', 'runs-on'],
  ['Uses', 'uses'],
  ['wtih', 'with'],
  ['branch', 'branches'],
  ['timeout_minute', 'timeout-minutes'],
])('takes %s for %s', (word, meant) => {
  expect(findNearest(word, KNOWN)).toBe(meant);
  expect(suggest(word, KNOWN)).toBe(`; did you mean "${meant}"?`);
});

it.each(['colour', 'x', '', 'a'.repeat(10_000)])('guesses nothing for %s', (word) => {
  expect(suggest(word, KNOWN)).toBe('');
});

it('finds a word that is known, and never one that is not', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 30 }),
      fc.array(fc.string({ maxLength: 30 })),
      (word, others) => {
        const found = findNearest(word, others);
        if (found !== undefined) expect(others).toContain(found);
      },
    ),
  );
});
