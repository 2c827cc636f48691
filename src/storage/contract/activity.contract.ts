import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Activity } from '#audit/inputs/activity.ts';
import type { TimelinePlace } from '#audit/inputs/ports.ts';
import type { Storage } from '../storage.ts';
import { makeEvent, makeIntent, type OpenHarness, START_MS, type StorageHarness } from './fixtures.ts';

function makeActivity(id: string, overrides: Partial<Activity> = {}): Activity {
  return {
    id,
    input: 'github',
    externalId: id,
    platform: 'github',
    timeMs: START_MS,
    receivedAtMs: START_MS,
    actor: { id: '7', name: 'octo \0 \uD800' },
    action: 'repo.create',
    outcome: 'success',
    addresses: ['192.0.2.1'],
    keys: ['actor:github/7'],
    raw: '{"a":"\\u0000"}',
    ...overrides,
  };
}

export function describeActivity(open: OpenHarness): void {
  describe('activity', () => {
    let harness: StorageHarness;
    let storage: Storage;
    beforeEach(async () => {
      harness = await open();
      storage = harness.storage;
    });
    afterEach(() => harness.dispose());

    const idsUnder = async (key: string, limit = 100) => {
      const { entries } = await storage.activity.timeline(key, undefined, limit);
      return entries.map((entry) => (entry.origin === 'activity' ? entry.activity.id : entry.event.id));
    };

    it('is kept once, whatever is delivered again, and the first word counts', async () => {
      const { activity } = storage;
      expect(await activity.add([makeActivity('one'), makeActivity('two')])).toBe(2);
      const again = makeActivity('two', { action: 'changed', keys: ['actor:github/8'] });
      expect(await activity.add([again, makeActivity('three')])).toBe(1);
      const { entries } = await activity.timeline('actor:github/7', undefined, 10);
      expect(entries.map((entry) => entry.origin === 'activity' && entry.activity.action)).toEqual([
        'repo.create',
        'repo.create',
        'repo.create',
      ]);
      expect(await idsUnder('actor:github/8')).toEqual([]);
    });

    it('is added once by many who deliver it at the same time', async () => {
      const added = await Promise.all(
        Array.from({ length: 10 }, () => storage.activity.add([makeActivity('same'), makeActivity('same')])),
      );
      expect(added.reduce((total, count) => total + count, 0)).toBe(1);
    });

    it('comes back as it was, odd characters and all', async () => {
      const odd = makeActivity('odd', { keys: ["principal:a\\b'; --", 'resource:ö'] });
      await storage.activity.add([odd]);
      const { entries } = await storage.activity.timeline("principal:a\\b'; --", undefined, 10);
      expect(entries).toEqual([{ origin: 'activity', timeMs: START_MS, activity: odd }]);
    });

    it('stands beside our own events under one key, newest first, page by page', async () => {
      const { activity, events } = storage;
      const own = Array.from({ length: 300 }, (_, at) => makeEvent({ timeMs: START_MS + at }));
      await events.append(own);
      const recorded = await events.list({ afterSequence: 0, limit: 1_000 });
      const keysOf = () => ['principal:p', 'resource:shop-db', 'run:r', 'project:x'];
      await activity.index(
        '@record',
        recorded.map(({ sequence, timeMs }) => ({ sequence, timeMs, keys: keysOf() })),
        { position: '300', readAtMs: START_MS },
      );
      await activity.add([makeActivity('late', { timeMs: START_MS + 1_000, keys: ['principal:p'] })]);
      await activity.add([makeActivity('early', { timeMs: START_MS - 1, keys: ['principal:p'] })]);
      const seen: string[] = [];
      let before: TimelinePlace | undefined;
      for (let page = 0; page < 10; page += 1) {
        const found = await activity.timeline('principal:p', before, 64);
        seen.push(...found.entries.map((e) => (e.origin === 'activity' ? e.activity.id : e.event.id)));
        before = found.next;
        if (before === undefined) break;
      }
      expect(seen).toEqual(['late', ...own.map(({ id }) => id).toReversed(), 'early']);
    });

    it('indexes events again without harm, also when only some are new', async () => {
      const { activity, events } = storage;
      await events.append(Array.from({ length: 20 }, () => makeEvent()));
      const recorded = await events.list({ afterSequence: 0, limit: 100 });
      const rows = recorded.map(({ sequence, timeMs }) => ({ sequence, timeMs, keys: ['run:r'] }));
      const cursor = { position: '16', readAtMs: START_MS };
      await activity.index('@record', rows.slice(0, 16), cursor);
      await activity.index('@record', rows, { position: '20', readAtMs: START_MS + 1 });
      expect(await idsUnder('run:r')).toHaveLength(20);
      expect(await activity.cursor('@record')).toEqual({ position: '20', readAtMs: START_MS + 1 });
    });

    it('knows how far each input was read, and who reads it', async () => {
      const { activity } = storage;
      expect(await activity.cursor('github')).toBeUndefined();
      expect(await activity.hold('github', 'a', 100, 200)).toBe(true);
      expect(await activity.cursor('github')).toBeUndefined();
      expect(await activity.hold('github', 'b', 150, 250)).toBe(false);
      expect(await activity.hold('github', 'a', 150, 300)).toBe(true);
      await activity.moveCursor('github', { position: 'p', readAtMs: 160 });
      expect(await activity.hold('github', 'b', 299, 400)).toBe(false);
      expect(await activity.hold('github', 'b', 301, 400)).toBe(true);
      expect(await activity.cursor('github')).toEqual({ position: 'p', readAtMs: 160 });
    });

    it('goes when its time is over, and nothing else does', async () => {
      const { activity } = storage;
      await activity.add([
        makeActivity('old', { receivedAtMs: START_MS - 2, timeMs: START_MS - 2 }),
        makeActivity('new'),
      ]);
      expect(await activity.purge(START_MS)).toBe(2);
      expect(await idsUnder('actor:github/7')).toEqual(['new']);
      expect(await activity.add([makeActivity('new')])).toBe(0);
    });

    it('lets go of the person of an event that was erased', async () => {
      const { activity, events, log } = storage;
      await events.append([makeEvent()]);
      const [event] = await events.list({ afterSequence: 0, limit: 1 });
      if (event === undefined) throw new TypeError('the event is missing');
      const keys = ['actor:github/7', 'principal:p'];
      await activity.index('@record', [{ ...event, keys }], { position: '1', readAtMs: 0 });
      await log.grow({
        fromSize: 0,
        head: { size: 1, lastSequence: event.sequence, checkpoint: 'c', signedAtMs: 1, erasures: 0 },
        tiles: [],
        bundles: [
          { number: 0, entries: Buffer.alloc(1), sequences: [event.sequence], salts: Buffer.alloc(1) },
        ],
      });
      await log.erase({ event, bundle: 0, salts: Buffer.alloc(1) });
      expect(await idsUnder('actor:github/7')).toEqual([]);
      expect(await idsUnder('principal:p')).toEqual([event.id]);
    });

    it('is beside a count of the leases that have not ended', async () => {
      await storage.broker.commit(makeIntent({ lease: { state: 'active' } }));
      await storage.broker.commit(makeIntent({ lease: { state: 'active', revocable: false } }));
      await storage.broker.commit(makeIntent({ lease: { state: 'pending' } }));
      await storage.broker.commit(makeIntent({ lease: { state: 'revoked', endedAtMs: START_MS } }));
      expect([...(await storage.countLiveLeases())]).toEqual([
        ['pending', 1],
        ['active', 2],
        ['revoking', 0],
      ]);
    });
  });
}
