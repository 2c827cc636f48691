import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compilePattern } from './like-pattern.ts';

it('matches what a naive matcher matches', () => {
  const naive = ([part, ...rest]: readonly (string | undefined)[], text: string): boolean => {
    if (part === undefined)
      return Array.from({ length: text.length + 1 }).some((_, at) => matchesRest(rest, text.slice(at)));
    return text.startsWith(part) && matchesRest(rest, text.slice(part.length));
  };
  const matchesRest = (rest: readonly (string | undefined)[], text: string): boolean =>
    rest.length === 0 ? text === '' : naive(rest, text);
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  const part = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 2 });
  const patterns = fc
    .array(part, { minLength: 1, maxLength: 4 })
    .chain((parts) =>
      fc
        .tuple(fc.boolean(), fc.boolean())
        .map(([first, last]) => [
          ...(first ? [undefined] : []),
          ...parts.flatMap((each, index) => (index === 0 ? [each] : [undefined, each])),
          ...(last ? [undefined] : []),
        ]),
    );
  fc.assert(
    fc.property(patterns, text, (pattern, candidate) => {
      expect(compilePattern(pattern)(candidate)).toBe(matchesRest(pattern, candidate));
    }),
    { numRuns: 3_000 },
  );
});

it('takes no more than a moment for a hostile text', () => {
  const pattern = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? undefined : 'aab'));
  expect(compilePattern([...pattern, 'c'])('a'.repeat(2_000))).toBe(false);
});
