import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Lease } from '#broker/ports.ts';
import type { Storage } from '../storage.ts';
import { makeEvent, makeIntent, type OpenHarness, START_MS, type StorageHarness } from './fixtures.ts';

export function describeLeases(open: OpenHarness): void {
  describe('leases', () => {
    let harness: StorageHarness;
    let storage: Storage;
    beforeEach(async () => {
      harness = await open();
      storage = harness.storage;
    });
    afterEach(() => harness.dispose());

    async function keep(...leases: Partial<Lease>[]): Promise<Lease[]> {
      const intents = leases.map((lease) => makeIntent({ lease }));
      await Promise.all(intents.map((intent) => storage.broker.commit(intent)));
      return intents.map(({ lease }) => lease);
    }

    it('change only from a state that was named', async () => {
      const [lease] = await keep({});
      if (lease === undefined) throw new Error('no lease');
      const event = makeEvent({ type: 'lease.revoked', lease: lease.id });
      const change = { state: 'revoked', endedAtMs: START_MS + 5, attempts: 2, lastError: 'slow' } as const;
      expect(await storage.broker.transition(lease.id, ['pending', 'revoking'], change, [event])).toBe(false);
      expect(await storage.broker.transition('lse_unknown', ['active'], change, [event])).toBe(false);
      expect(await storage.broker.transition(lease.id, [], change, [event])).toBe(false);
      expect(await storage.broker.lease(lease.id)).toEqual(lease);
      expect(await storage.broker.transition(lease.id, ['pending', 'active'], change, [event])).toBe(true);
      expect(await storage.broker.lease(lease.id)).toEqual({ ...lease, ...change });
      const events = await storage.events.list({ types: ['lease.revoked'], limit: 10 });
      expect(events).toEqual([{ ...event, sequence: 2 }]);
    });

    it('keep what a change does not name, and clear the last error when it says so', async () => {
      const [lease] = await keep({ lastError: 'refused', attempts: 3 });
      if (lease === undefined) throw new Error('no lease');
      await storage.broker.transition(lease.id, ['active'], { dueAtMs: START_MS + 1 }, []);
      expect(await storage.broker.lease(lease.id)).toEqual({ ...lease, dueAtMs: START_MS + 1 });
      await storage.broker.transition(lease.id, ['active'], { lastError: undefined, expiresAtMs: 7 }, []);
      expect(await storage.broker.lease(lease.id)).toEqual({
        ...lease,
        dueAtMs: START_MS + 1,
        expiresAtMs: 7,
        lastError: undefined,
      });
    });

    it('are won by exactly one of 50 who race to change one', async () => {
      const [lease] = await keep({});
      const id = lease?.id ?? '';
      const results = await Promise.all(
        Array.from({ length: 50 }, () =>
          storage.broker.transition(id, ['active'], { state: 'revoking' }, [makeEvent({ lease: id })]),
        ),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
      // One of the commit, one of the winner.
      expect(await storage.events.list({ limit: 100 })).toHaveLength(2);
    });

    it('are due when they are revocable, open and past their time, oldest first', async () => {
      const due = { revocable: true, dueAtMs: START_MS };
      const [third, first, second] = await keep(
        { ...due, dueAtMs: START_MS + 3, state: 'revoking' },
        { ...due, dueAtMs: START_MS + 1, state: 'pending' },
        { ...due, dueAtMs: START_MS + 2, state: 'active' },
        { ...due, revocable: false },
        { ...due, dueAtMs: START_MS + 5 },
        ...(['revoked', 'expired', 'failed', 'irrevocable'] as const).map((state) => ({ ...due, state })),
      );
      expect(await storage.broker.dueLeases(START_MS + 4, 10)).toEqual([first, second, third]);
      expect(await storage.broker.dueLeases(START_MS + 4, 2)).toEqual([first, second]);
      expect(await storage.broker.dueLeases(START_MS + 1, 10)).toEqual([first]);
      expect(await storage.broker.dueLeases(START_MS, 10)).toEqual([]);
    });

    it('are listed newest first, by every filter, page by page', async () => {
      const kept = await keep(
        { resource: 'a', principal: 'p1', credentialProvider: 'x', state: 'active' },
        { resource: 'a', principal: 'p2', credentialProvider: 'y', state: 'revoked' },
        { resource: 'b', principal: 'p1', credentialProvider: 'x', state: 'revoked' },
        { resource: 'b', principal: 'p2', credentialProvider: 'y', state: 'pending' },
      );
      const newest = kept.toReversed();
      const { broker } = storage;
      expect(await broker.leases({ limit: 10 })).toEqual(newest);
      expect(await broker.leases({ limit: 2 })).toEqual(newest.slice(0, 2));
      const next = await broker.leases({ limit: 2, beforeId: newest[1]?.id ?? '' });
      expect(next).toEqual(newest.slice(2));
      expect(await broker.leases({ resource: 'a', limit: 10 })).toEqual([kept[1], kept[0]]);
      expect(await broker.leases({ resource: 'a', limit: 1 })).toEqual([kept[1]]);
      expect(await broker.leases({ principal: 'p1', limit: 10 })).toEqual([kept[2], kept[0]]);
      expect(await broker.leases({ credentialProvider: 'y', resource: 'b', limit: 10 })).toEqual([kept[3]]);
      expect(await broker.leases({ decision: kept[2]?.decision ?? '', limit: 10 })).toEqual([kept[2]]);
      expect(await broker.leases({ states: ['revoked', 'pending'], limit: 10 })).toEqual(newest.slice(0, 3));
      expect(await broker.leases({ states: [], limit: 10 })).toEqual([]);
      expect(await broker.leases({ limit: 0 })).toEqual([]);
    });

    it('never list more than 1,000 at once', async () => {
      await keep(...Array.from({ length: 1_005 }, () => ({})));
      expect(await storage.broker.leases({ limit: 1_000_000 })).toHaveLength(1_000);
    });

    it('are found however far back they are, and purged however many there are', async () => {
      const old = { revocable: false, expiresAtMs: START_MS };
      const [first] = await keep({ ...old, resource: 'rare' });
      await keep(...Array.from({ length: 12_000 }, () => old));
      await keep(...Array.from({ length: 10_000 }, () => old));
      const [last] = await keep({ resource: 'rare' });
      expect(await storage.broker.leases({ resource: 'rare', limit: 9 })).toEqual([last, first]);
      expect(await storage.broker.leases({ resource: 'rare', limit: 9, beforeId: last?.id ?? '' })).toEqual([
        first,
      ]);
      expect(await storage.broker.leases({ resource: 'none', limit: 9 })).toEqual([]);
      // All 22,001 leases end; the keys of all 22,002 go.
      expect(await storage.broker.purge(START_MS + 3_600_000)).toBe(22_001 + 22_002);
      expect(await storage.broker.lease(first?.id ?? '')).toMatchObject({ state: 'expired' });
    }, 60_000);

    it('end with a purge when nothing has to be undone, and their keys are forgotten', async () => {
      const over = { expiresAtMs: START_MS };
      const [minted, abandoned, owned, lasting] = await keep(
        { ...over, revocable: false },
        { ...over, revocable: false, state: 'pending' },
        { ...over, revocable: true },
        { revocable: false },
      );
      await storage.broker.commit(
        makeIntent({ token: 'old', expiresAtMs: START_MS, holder: 'k', retry: 'r' }),
      );
      await storage.broker.commit(makeIntent({ token: 'new', expiresAtMs: START_MS + 1 }));
      expect(await storage.broker.purge(START_MS)).toBe(0);
      // Two leases, and the token and the retry of one intent.
      expect(await storage.broker.purge(START_MS + 1)).toBe(4);
      expect(await storage.broker.purge(START_MS + 1)).toBe(0);
      const ended = { state: 'expired', endedAtMs: START_MS };
      expect(await storage.broker.lease(minted?.id ?? '')).toMatchObject(ended);
      expect(await storage.broker.lease(abandoned?.id ?? '')).toMatchObject(ended);
      expect(await storage.broker.lease(owned?.id ?? '')).toEqual(owned);
      expect(await storage.broker.lease(lasting?.id ?? '')).toEqual(lasting);
      expect((await storage.broker.commit(makeIntent({ token: 'old' }))).status).toBe('committed');
      expect((await storage.broker.commit(makeIntent({ token: 'new' }))).status).toBe('replayed');
    });
  });
}
