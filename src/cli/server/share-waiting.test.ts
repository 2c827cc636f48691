import { describe, expect, test } from 'vitest';
import { shareWaiting } from './share-waiting.ts';

describe('work that is shared', () => {
  test('runs once at a time, and a storm of calls costs two runs', async () => {
    let running = 0;
    let runs = 0;
    const call = shareWaiting(async () => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      runs += 1;
      return runs;
    });
    const first = call();
    await new Promise((resolve) => setTimeout(resolve, 1));
    const storm = Array.from({ length: 1_000 }, call);
    expect(await first).toBe(1);
    expect(new Set(await Promise.all(storm))).toEqual(new Set([2]));
  });

  test('goes on after a failure', async () => {
    let runs = 0;
    const call = shareWaiting(async () => {
      runs += 1;
      if (runs === 1) throw new Error('once');
      return runs;
    });
    await expect(call()).rejects.toThrow('once');
    expect(await call()).toBe(2);
  });
});
