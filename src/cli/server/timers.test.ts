import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRecordingLogger } from '#credentials/credential-provider.fakes.ts';
import { createTimers } from './timers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('background work', () => {
  test('never runs twice at once, goes on after a failure, and says so', async () => {
    const log = createRecordingLogger();
    const timers = createTimers(log);
    let runs = 0;
    timers.every(1, 'sweep', async () => {
      runs += 1;
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      throw new Error('broken');
    });
    await vi.advanceTimersByTimeAsync(3_900);
    expect(runs).toBe(1);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(runs).toBe(2);
    expect(log.lines.join()).toContain('background.failed');
    await Promise.all([timers.stop(10_000), vi.advanceTimersByTimeAsync(10_000)]);
    expect(runs).toBe(2);
  });

  test('that hangs does not keep the server from stopping', async () => {
    const timers = createTimers(createRecordingLogger());
    timers.every(1, 'hangs', () => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(1_000);
    let isStopped = false;
    const stop = timers.stop(5_000).then(() => (isStopped = true));
    await vi.advanceTimersByTimeAsync(4_999);
    expect(isStopped).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await stop;
  });
});
