import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordedEvent } from '#audit/event.ts';
import type { Storage } from '../storage.ts';
import { makeEvent, makeIntent, type OpenHarness, type StorageHarness } from './fixtures.ts';

export function describeEvents(open: OpenHarness): void {
  describe('events', () => {
    let harness: StorageHarness;
    let storage: Storage;
    beforeEach(async () => {
      harness = await open();
      storage = harness.storage;
    });
    afterEach(() => harness.dispose());

    it('are numbered in the order of recording and listed in both directions', async () => {
      const events = Array.from({ length: 6 }, () => makeEvent());
      await storage.events.append(events.slice(0, 4));
      await storage.events.append([]);
      await storage.events.append(events.slice(4));
      const ids = (recorded: readonly RecordedEvent[]): string[] => recorded.map(({ id }) => id);
      const all = await storage.events.list({ afterSequence: 0, limit: 10 });
      expect(ids(all)).toEqual(ids(events.map((event) => ({ ...event, sequence: 0 }))));
      expect(await storage.events.list({ limit: 10 })).toEqual(all.toReversed());
      const [, second, , fourth] = all;
      const after = second?.sequence ?? 0;
      const before = fourth?.sequence ?? 0;
      expect(await storage.events.list({ afterSequence: after, limit: 2 })).toEqual(all.slice(2, 4));
      expect(await storage.events.list({ beforeSequence: before, limit: 2 })).toEqual([all[2], all[1]]);
      expect(await storage.events.list({ afterSequence: after, beforeSequence: before, limit: 9 })).toEqual([
        all[2],
      ]);
      expect(await storage.events.list({ afterSequence: 1_000, limit: 2 })).toEqual([]);
      expect(await storage.events.list({ beforeSequence: 0, limit: 2 })).toEqual([]);
      expect(await storage.events.list({ limit: 0 })).toEqual([]);
    });

    it('are found by type, decision, resource and lease, in both directions', async () => {
      await storage.events.append([
        makeEvent({ type: 'decision.denied', decision: 'd1', resource: 'a' }),
        makeEvent({ type: 'decision.issued', decision: 'd2', resource: 'b', lease: 'l1' }),
        makeEvent({ type: 'lease.revoked', decision: 'd2', resource: 'b', lease: 'l1' }),
        makeEvent({ type: 'decision.denied', resource: 'b' }),
        makeEvent({ type: 'server.started' }),
      ]);
      const numbers = async (filter: Parameters<Storage['events']['list']>[0]): Promise<number[]> =>
        (await storage.events.list(filter)).map(({ sequence }) => sequence);
      expect(await numbers({ types: ['decision.denied'], limit: 9 })).toEqual([4, 1]);
      expect(
        await numbers({ types: ['decision.denied', 'lease.revoked'], afterSequence: 1, limit: 9 }),
      ).toEqual([3, 4]);
      expect(await numbers({ types: [], limit: 9 })).toEqual([]);
      expect(await numbers({ decision: 'd2', limit: 9 })).toEqual([3, 2]);
      expect(await numbers({ decision: 'd2', afterSequence: 0, limit: 1 })).toEqual([2]);
      expect(await numbers({ resource: 'b', limit: 2 })).toEqual([4, 3]);
      expect(await numbers({ resource: 'b', beforeSequence: 3, limit: 2 })).toEqual([2]);
      expect(await numbers({ lease: 'l1', types: ['lease.revoked'], limit: 9 })).toEqual([3]);
      expect(await numbers({ lease: 'd2', limit: 9 })).toEqual([]);
    });

    it('never list more than 1,000 at once', async () => {
      await storage.events.append(Array.from({ length: 1_005 }, () => makeEvent()));
      expect(await storage.events.list({ limit: 1_000_000 })).toHaveLength(1_000);
      expect(await storage.events.list({ types: ['decision.issued'], limit: 5_000 })).toHaveLength(1_000);
    });

    it('are found however far back they are', async () => {
      const rare = [makeEvent({ resource: 'rare' }), makeEvent({ resource: 'rare' })];
      await storage.events.append(rare.slice(0, 1));
      for (let round = 0; round < 41; round += 1) {
        await storage.events.append(Array.from({ length: 1_000 }, () => makeEvent({ resource: 'common' })));
      }
      await storage.events.append(rare.slice(1));
      const ids = rare.map(({ id }) => id);
      const forward = await storage.events.list({ resource: 'rare', afterSequence: 0, limit: 9 });
      expect(forward.map(({ id }) => id)).toEqual(ids);
      const backward = await storage.events.list({ resource: 'rare', limit: 9 });
      expect(backward.map(({ id }) => id)).toEqual(ids.toReversed());
      expect(await storage.events.list({ resource: 'none', limit: 9 })).toEqual([]);
    }, 60_000);

    it('reach a reader who follows while many write: each once, in order, none left out', async () => {
      const writers = 4;
      const each = 60;
      const seen: RecordedEvent[] = [];
      let writing = true;
      const write = async (writer: number): Promise<void> => {
        for (let index = 0; index < each; index += 1) {
          const event = makeEvent({ resource: `${writer}/${index}` });
          if (index % 3 === 0) await storage.broker.commit(makeIntent({ events: [event] }));
          else await storage.events.append([event]);
        }
      };
      const follow = async (): Promise<void> => {
        for (;;) {
          const last = !writing;
          const page = await storage.events.list({ afterSequence: seen.at(-1)?.sequence ?? 0, limit: 7 });
          seen.push(...page);
          if (last && page.length === 0) return;
        }
      };
      const following = follow();
      await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
      writing = false;
      await following;
      expect(seen).toHaveLength(writers * each);
      const numbers = seen.map(({ sequence }) => sequence);
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
      expect(new Set(seen.map(({ id }) => id)).size).toBe(writers * each);
    });
  });
}
