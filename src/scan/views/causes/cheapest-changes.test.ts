import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Candidate, chooseChanges, type Way } from './cheapest-changes.ts';

const change = (id: string, cost = 1): Candidate => ({ id, cost });

it('takes the one change that closes all ways rather than one for each', () => {
  const trigger = change('trigger', 2);
  const ways = [1, 2, 3].map((index) => [change(`sink ${index}`), trigger]);
  expect(chooseChanges(ways)).toEqual({ ids: ['trigger'], cost: 2, exact: true });
});

it('takes the cheap ones where they are cheaper together', () => {
  const ways = [1, 2].map((index) => [change(`sink ${index}`), change('trigger', 3)]);
  expect(chooseChanges(ways)).toEqual({ ids: ['sink 1', 'sink 2'], cost: 2, exact: true });
});

it('finds what a greedy choice misses', () => {
  // `middle` closes the most ways at once, and leaves both ends to be closed one by one.
  const ways: Way[] = [
    [change('left'), change('middle')],
    [change('left'), change('middle')],
    [change('right'), change('middle')],
    [change('right'), change('middle')],
    [change('left')],
    [change('right')],
  ];
  expect(chooseChanges(ways).ids).toEqual(['left', 'right']);
});

it('has nothing to say about nothing, and about ways that no change closes', () => {
  expect(chooseChanges([])).toEqual({ ids: [], cost: 0, exact: true });
  expect(chooseChanges([[]])).toEqual({ ids: [], cost: 0, exact: true });
});

function cheapestByTrying(ways: readonly Way[], all: readonly Candidate[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (let bits = 0; bits < 2 ** all.length; bits += 1) {
    const taken = all.filter((_, index) => (bits >> index) % 2 === 1);
    const closes = ways.every((way) => way.some(({ id }) => taken.some((each) => each.id === id)));
    if (closes)
      best = Math.min(
        best,
        taken.reduce((sum, { cost }) => sum + cost, 0),
      );
  }
  return best;
}

it('is as cheap as the cheapest of all sets, and leaves no way open', () => {
  const candidates = fc.uniqueArray(
    fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), fc.integer({ min: 1, max: 5 })),
    {
      selector: ([id]) => id,
      minLength: 1,
      maxLength: 8,
    },
  );
  const property = fc.property(
    candidates,
    fc.infiniteStream(fc.nat()),
    fc.nat({ max: 12 }),
    (pairs, numbers, count) => {
      const all = pairs.map(([id, cost]) => change(id, cost));
      const ways = Array.from({ length: count }, () =>
        all.filter((_, index) => ((Number(numbers.next().value) >> index) & 1) === 1),
      ).filter((way) => way.length > 0);
      const { ids, cost, exact } = chooseChanges(ways);
      expect(exact).toBe(true);
      expect(ways.every((way) => way.some(({ id }) => ids.includes(id)))).toBe(true);
      expect(cost).toBe(cheapestByTrying(ways, all));
    },
  );
  fc.assert(property, { numRuns: 400 });
});

it('gives up on what is too large, and says so', () => {
  const ways = Array.from({ length: 300 }, (_, index) =>
    [7, 11, 13, 17].map((step) => change(`c${(index * step) % 149}`, 1 + ((index * step) % 3))),
  );
  const { ids, exact } = chooseChanges(ways);
  expect(exact).toBe(false);
  expect(ways.every((way) => way.some(({ id }) => ids.includes(id)))).toBe(true);
});
