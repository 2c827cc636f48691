import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClaimIndex } from './claim-index.ts';

/** The rows that the index points to. */
function createRows() {
  const keys = new Map<number, string>();
  const index = new ClaimIndex();
  const find = (key: string): number => index.find(key, (row) => keys.get(row) === key);
  return { keys, index, find };
}

describe('ClaimIndex', () => {
  it('finds 100,000 keys again, and none that was not added', () => {
    const { keys, index, find } = createRows();
    for (let row = 1; row <= 100_000; row += 1) {
      keys.set(row, `key-${row}`);
      index.add(`key-${row}`, row);
    }
    for (let row = 1; row <= 100_000; row += 1) expect(find(`key-${row}`)).toBe(row);
    for (let row = 100_001; row <= 110_000; row += 1) expect(find(`key-${row}`)).toBe(0);
    for (let row = 1; row <= 100_000; row += 2) index.remove(`key-${row}`, row);
    for (let row = 1; row <= 100_000; row += 1) expect(find(`key-${row}`)).toBe(row % 2 === 0 ? row : 0);
    expect(index.size).toBe(50_000);
  });

  it('is what a map would be, over any sequence of additions and removals', () => {
    const step = fc.record({ add: fc.boolean(), key: fc.integer({ min: 0, max: 1_500 }).map(String) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 500, maxLength: 4_000 }), (steps) => {
        const { keys, index, find } = createRows();
        const model = new Map<string, number>();
        for (const [position, { add, key }] of steps.entries()) {
          const row = model.get(key);
          if (add && row === undefined) {
            model.set(key, position + 1);
            keys.set(position + 1, key);
            index.add(key, position + 1);
          } else if (!add && row !== undefined) {
            model.delete(key);
            index.remove(key, row);
          } else if (!add) {
            index.remove(key, 1_000_000);
          }
        }
        expect(index.size).toBe(model.size);
        for (let key = 0; key <= 1_500; key += 1) expect(find(String(key))).toBe(model.get(String(key)) ?? 0);
      }),
      { numRuns: 30 },
    );
  });
});
