import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeyTimes, planRotation, type RotationSchedule, signingKeyAt } from './rotation.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const START_MS = Date.UTC(2026, 10, 1, 12, 30, 17);

const schedule: RotationSchedule = {
  rotationMs: 30 * DAY_MS,
  publishAheadMs: 10 * MINUTE_MS,
  overlapMs: 60 * MINUTE_MS,
};

interface History {
  keys: (KeyTimes & { addedMs: number; retiredMs: number | undefined })[];
  signedBy: { id: string; atMs: number }[];
}

/** Lives through `steps` pauses between two looks at the keys. */
function simulate(schedule: RotationSchedule, pausesMs: readonly number[]): History {
  const history: History = { keys: [], signedBy: [] };
  let nowMs = START_MS;
  for (const pauseMs of pausesMs) {
    const alive = history.keys.filter(({ retiredMs }) => retiredMs === undefined);
    const plan = planRotation(alive, nowMs, schedule);
    if (plan.addFromMs !== undefined) {
      history.keys.push({
        id: `key_${history.keys.length}`,
        activeFromMs: plan.addFromMs,
        addedMs: nowMs,
        retiredMs: undefined,
      });
    }
    for (const key of alive) if (plan.retire.includes(key.id)) key.retiredMs = nowMs;
    // The key in use may change between two looks: both ends of the pause sign.
    for (const atMs of [nowMs, nowMs + pauseMs - 1]) {
      const kept = history.keys.filter(({ retiredMs }) => retiredMs === undefined);
      history.signedBy.push({ id: signingKeyAt(kept, atMs)?.key.id ?? 'none', atMs });
    }
    nowMs += pauseMs;
  }
  return history;
}

describe('rotation of signing keys', () => {
  it('begins with a key that signs at once', () => {
    const { addFromMs } = planRotation([], START_MS, schedule);
    expect(addFromMs).toBeLessThanOrEqual(START_MS);
    expect(addFromMs).toBeGreaterThan(START_MS - MINUTE_MS);
  });

  it('lets servers that start in the same minute choose the same time, so that one of them wins', () => {
    expect(planRotation([], START_MS, schedule)).toEqual(planRotation([], START_MS + 20_000, schedule));
  });

  it('publishes the next key before it signs and the last one after it signed', () => {
    const first = { id: 'key_0', activeFromMs: START_MS };
    const dueMs = START_MS + schedule.rotationMs;
    expect(planRotation([first], dueMs - 12 * MINUTE_MS, schedule).addFromMs).toBeUndefined();
    expect(planRotation([first], dueMs - 11 * MINUTE_MS, schedule).addFromMs).toBe(dueMs);
    const second = { id: 'key_1', activeFromMs: dueMs };
    expect(signingKeyAt([first, second], dueMs - 1)).toMatchObject({ key: first, untilMs: dueMs });
    expect(signingKeyAt([first, second], dueMs)?.key).toBe(second);
    expect(planRotation([first, second], dueMs + 60 * MINUTE_MS - 1, schedule).retire).toEqual([]);
    expect(planRotation([first, second], dueMs + 60 * MINUTE_MS, schedule).retire).toEqual(['key_0']);
  });

  it('keeps these promises over years of irregular looks, stops and restarts', () => {
    const pause = fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: 1, max: 10 * MINUTE_MS }) },
      { weight: 3, arbitrary: fc.integer({ min: DAY_MS, max: 100 * DAY_MS }) },
    );
    fc.assert(
      fc.property(fc.array(pause, { minLength: 1, maxLength: 120 }), (pausesMs) => {
        const { keys, signedBy } = simulate(schedule, pausesMs);
        for (const { id, atMs } of signedBy) {
          const key = keys.find((key) => key.id === id);
          expect(key, 'some key always signs').toBeDefined();
          if (key === undefined) continue;
          if (id !== 'key_0') expect(atMs - key.addedMs).toBeGreaterThanOrEqual(schedule.publishAheadMs);
          if (key.retiredMs !== undefined) {
            expect(key.retiredMs - atMs).toBeGreaterThanOrEqual(schedule.overlapMs);
          }
        }
        const alive = keys.filter(({ retiredMs }) => retiredMs === undefined);
        expect(alive.length).toBeLessThanOrEqual(4);
      }),
      { numRuns: 300 },
    );
  });
});
