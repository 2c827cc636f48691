import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { BoundedCache } from './bounded-cache.ts';
import { Turnstile } from './turnstile.ts';

it('a turnstile lets so many through at once, in order, and goes on after failures', async () => {
  const turnstile = new Turnstile(2);
  let running = 0;
  let most = 0;
  const order: number[] = [];
  const work = (index: number) => async () => {
    running += 1;
    most = Math.max(most, running);
    order.push(index);
    await setImmediate();
    running -= 1;
    if (index % 3 === 0) throw new Error('no');
    return index;
  };
  const all = await Promise.allSettled([0, 1, 2, 3, 4, 5, 6].map((index) => turnstile.run(work(index))));
  expect(all.map(({ status }) => status === 'fulfilled')).toEqual([
    false,
    true,
    true,
    false,
    true,
    true,
    false,
  ]);
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect([most, await turnstile.run(work(7))]).toEqual([2, 7]);
});

it('a bounded cache forgets what was used longest ago', () => {
  const cache = new BoundedCache<number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  expect(cache.get('a')).toBe(1);
  cache.set('c', 3);
  expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.size]).toEqual([1, undefined, 3, 2]);
  cache.delete('a');
  expect(cache.get('a')).toBeUndefined();
});
