/** Repeatable randomness: the same seed gives the same cases, so that a difference found can be found again. */
export interface RandomSource {
  /** From 0 up to and without `limit`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  /** @throws {RangeError} when there is nothing to pick from. */
  pick<T>(items: readonly T[]): T;
}

/** Mulberry32; not for secrets. */
export function createRandomSource(seed: number): RandomSource {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    pick(items) {
      for (const item of items.slice(below(items.length))) return item;
      throw new RangeError('nothing to pick from');
    },
  };
}
