import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BackendTimeoutError, withinTime } from './within-time.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

describe('work within its time', () => {
  test('gives its result or its own failure, and leaves no timer', async () => {
    await expect(withinTime(1_000, async () => 7)).resolves.toBe(7);
    await expect(withinTime(1_000, () => Promise.reject(new RangeError('own')))).rejects.toThrow(RangeError);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is aborted and given up on, and a late success is told of', async () => {
    let finish = (): void => {};
    const onLate = vi.fn<() => void>();
    const seen: AbortSignal[] = [];
    const work = withinTime(
      1_000,
      (signal) => {
        seen.push(signal);
        return new Promise<void>((resolve) => {
          finish = resolve;
        });
      },
      onLate,
    );
    const refused = expect(work).rejects.toThrow(BackendTimeoutError);
    await vi.advanceTimersByTimeAsync(1_000);
    await refused;
    expect(seen[0]?.aborted).toBe(true);
    expect(onLate).not.toHaveBeenCalled();
    finish();
    await vi.advanceTimersByTimeAsync(1);
    expect(onLate).toHaveBeenCalledOnce();
  });
});
