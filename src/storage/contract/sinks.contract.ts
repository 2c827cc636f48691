import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ParkedEvent, SinkHealth, SinkStep } from '#audit/outbox/ports.ts';
import type { Storage } from '../storage.ts';
import { type OpenHarness, START_MS, type StorageHarness } from './fixtures.ts';

const health: SinkHealth = {
  circuit: 'open',
  failures: 3,
  stopped: false,
  nextAttemptAtMs: START_MS + 5,
  lastAttemptAtMs: START_MS,
  lastSuccessAtMs: START_MS - 9,
  lastError: { code: 'http_503', message: 'no \\ \0 luck \ud800', atMs: START_MS },
};

function parked(index: number, code = 'http_400'): ParkedEvent {
  return {
    index,
    sequence: index * 2,
    eventId: `evt_${index}`,
    code,
    message: 'wrong \\ \0',
    parkedAtMs: START_MS,
    retryAsked: false,
  };
}

function step(fromIndex: number, nextIndex: number, more: Partial<SinkStep> = {}): SinkStep {
  return {
    name: 'siem',
    server: 'one',
    fromIndex,
    nextIndex,
    lastSequence: nextIndex * 2,
    health,
    parked: [],
    ...more,
  };
}

export function describeSinkStore(open: OpenHarness): void {
  describe('sinks', () => {
    let harness: StorageHarness;
    let storage: Storage;
    beforeEach(async () => {
      harness = await open();
      storage = harness.storage;
      await storage.sinks.open('siem', { index: 4, sequence: 8 });
    });
    afterEach(() => harness.dispose());

    it('begin where they are told to, and stay where they are when opened again', async () => {
      await storage.sinks.open('siem', { index: 99, sequence: 99 });
      const found = await storage.sinks.find('siem');
      expect(found).toMatchObject({ firstIndex: 4, nextIndex: 4, lastSequence: 8, retryAskedAtMs: 0 });
      expect(found?.health).toMatchObject({ circuit: 'closed', failures: 0, stopped: false });
      expect(await storage.sinks.find('other')).toBeUndefined();
      await storage.sinks.open('archive', { index: 0, sequence: 0 });
      expect((await storage.sinks.list()).map(({ name }) => name)).toEqual(['archive', 'siem']);
    });

    it('are worked on by one server at a time, and by another when that one is gone', async () => {
      const { sinks } = storage;
      expect(await sinks.hold('siem', 'one', START_MS, START_MS + 3_000)).toBe(true);
      expect(await sinks.hold('siem', 'two', START_MS + 1_000, START_MS + 4_000)).toBe(false);
      expect(await sinks.hold('siem', 'one', START_MS + 2_000, START_MS + 5_000)).toBe(true);
      expect(await sinks.hold('siem', 'two', START_MS + 5_001, START_MS + 8_001)).toBe(true);
      expect(await sinks.hold('gone', 'one', START_MS, START_MS + 1)).toBe(false);
      // The one that was overtaken cannot move it any more.
      expect(await sinks.settle(step(4, 6))).toBe(false);
      await sinks.report('siem', 'one', health);
      expect((await sinks.find('siem'))?.health.failures).toBe(0);
    });

    it('move on from one place only once, together with what they would not take', async () => {
      const { sinks } = storage;
      await sinks.hold('siem', 'one', START_MS, START_MS + 3_000);
      const moves = await Promise.all(
        Array.from({ length: 6 }, (_, at) => sinks.settle(step(4, 5 + at, { parked: [parked(4 + at)] }))),
      );
      expect(moves.filter(Boolean)).toHaveLength(1);
      const next = 5 + moves.indexOf(true);
      expect(await sinks.find('siem')).toMatchObject({
        nextIndex: next,
        lastSequence: next * 2,
        firstIndex: 4,
      });
      expect((await sinks.find('siem'))?.health).toEqual(health);
      expect(await sinks.parked('siem', { limit: 10 })).toEqual([parked(next - 1)]);
    });

    it('keep what is parked until it is taken, and try again when asked', async () => {
      const { sinks } = storage;
      await sinks.hold('siem', 'one', START_MS, START_MS + 3_000);
      await sinks.settle(step(4, 9, { parked: [parked(5), parked(7)] }));
      expect(await sinks.parked('siem', { limit: 10, retryAsked: true })).toEqual([]);
      expect(await sinks.askRetry('siem', START_MS + 7)).toBe(true);
      expect(await sinks.askRetry('other', START_MS + 7)).toBe(false);
      expect((await sinks.find('siem'))?.retryAskedAtMs).toBe(START_MS + 7);
      const asked = await sinks.parked('siem', { limit: 10, retryAsked: true });
      expect(asked.map(({ index }) => index)).toEqual([5, 7]);
      await sinks.unpark('siem', 5);
      await sinks.park('siem', parked(7, 'http_422'));
      expect(await sinks.parked('siem', { limit: 10 })).toEqual([parked(7, 'http_422')]);
      expect(await sinks.parked('siem', { limit: 10, afterIndex: 7 })).toEqual([]);
      expect(await sinks.countParked('siem')).toBe(1);
      expect(await sinks.countParked('other')).toBe(0);
    });

    it('are there again after a restart', async () => {
      if (harness.reopen === undefined) return;
      await storage.sinks.hold('siem', 'one', START_MS, START_MS + 3_000);
      await storage.sinks.settle(step(4, 6, { parked: [parked(4)] }));
      storage = await harness.reopen();
      expect(await storage.sinks.find('siem')).toMatchObject({ firstIndex: 4, nextIndex: 6 });
      expect(await storage.sinks.countParked('siem')).toBe(1);
    });
  });
}
