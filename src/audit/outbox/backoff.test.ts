import { describe, expect, it } from 'vitest';
import { backoffMs, patienceMs } from './backoff.ts';

const longest = (below: number) => below - 1;

describe('the wait after a failure', () => {
  it('grows to five minutes and no further, anywhere between nothing and its ceiling', () => {
    const ceilings = [1, 2, 3, 8, 9, 500].map((failures) => backoffMs(failures, 0, longest) + 1);
    expect(ceilings).toEqual([2_000, 4_000, 8_000, 256_000, 300_000, 300_000]);
    expect(backoffMs(9, 0, () => 0)).toBe(0);
  });

  it('is at least what the sink asked for, up to an hour', () => {
    expect(backoffMs(1, 45_000, () => 0)).toBe(45_000);
    expect(backoffMs(1, 1e12, () => 0)).toBe(3_600_000);
  });

  it('is some minutes where only a person can help', () => {
    expect([patienceMs(() => 0), patienceMs(longest)]).toEqual([150_000, 299_999]);
  });
});
