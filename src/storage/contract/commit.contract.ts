import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Storage } from '../storage.ts';
import { makeEvent, makeIntent, makeLease, type OpenHarness, type StorageHarness } from './fixtures.ts';

export function describeCommit(open: OpenHarness): void {
  describe('commit', () => {
    let harness: StorageHarness;
    let storage: Storage;
    beforeEach(async () => {
      harness = await open();
      storage = harness.storage;
    });
    afterEach(() => harness.dispose());

    it('keeps the lease and the events of a first use', async () => {
      const intent = makeIntent({ lease: { lastError: 'none so far', endedAtMs: 5 } });
      expect(await storage.broker.commit(intent)).toEqual({ status: 'committed' });
      expect(await storage.broker.lease(intent.lease.id)).toEqual(intent.lease);
      const recorded = await storage.events.list({ decision: intent.lease.decision, limit: 10 });
      expect(recorded).toEqual([{ ...intent.events[0], sequence: 1 }]);
    });

    it('refuses a token that was used before, naming its first decision, and writes nothing', async () => {
      const first = makeIntent({ token: 'one' });
      const second = makeIntent({ token: 'one' });
      await storage.broker.commit(first);
      expect(await storage.broker.commit(second)).toEqual({
        status: 'replayed',
        decision: first.lease.decision,
      });
      expect(await storage.broker.lease(second.lease.id)).toBeUndefined();
      expect(await storage.events.list({ limit: 10 })).toHaveLength(1);
    });

    it('lets exactly one of 100 parallel uses of one token through', async () => {
      const intents = Array.from({ length: 100 }, () => makeIntent({ token: 'stormed' }));
      const results = await Promise.all(intents.map((intent) => storage.broker.commit(intent)));
      const winners = intents.filter((_, index) => results[index]?.status === 'committed');
      expect(winners).toHaveLength(1);
      const losses = results.filter(({ status }) => status !== 'committed');
      expect(new Set(losses.map((loss) => JSON.stringify(loss)))).toEqual(
        new Set([JSON.stringify({ status: 'replayed', decision: winners[0]?.lease.decision })]),
      );
      expect((await storage.broker.leases({ limit: 100 })).map(({ id }) => id)).toEqual([
        winners[0]?.lease.id,
      ]);
      expect(await storage.events.list({ limit: 100 })).toHaveLength(1);
    });

    it('gives the holder who comes back the first lease, as it is now', async () => {
      const first = makeIntent({ token: 't', proof: 'p1', holder: 'key-a', retry: 'r' });
      await storage.broker.commit(first);
      await storage.broker.transition(first.lease.id, ['active'], { state: 'revoking', attempts: 1 }, []);
      const again = makeIntent({ token: 't', proof: 'p2', holder: 'key-a', retry: 'r' });
      expect(await storage.broker.commit(again)).toEqual({
        status: 'repeated',
        lease: { ...first.lease, state: 'revoking', attempts: 1 },
      });
      expect(await storage.broker.lease(again.lease.id)).toBeUndefined();
      expect(await storage.events.list({ limit: 10 })).toHaveLength(1);
    });

    it('gives 50 parallel retries of one holder one lease', async () => {
      const intents = Array.from({ length: 50 }, (_, index) =>
        makeIntent({ token: 't', proof: `p${index}`, holder: 'key-a', retry: 'r' }),
      );
      const results = await Promise.all(intents.map((intent) => storage.broker.commit(intent)));
      const winner = intents.find((_, index) => results[index]?.status === 'committed');
      expect(results.filter(({ status }) => status === 'repeated')).toHaveLength(49);
      for (const result of results) {
        if (result.status === 'repeated') expect(result.lease.id).toBe(winner?.lease.id);
      }
    });

    it('lets the holder use its token for another resource', async () => {
      await storage.broker.commit(makeIntent({ token: 't', proof: 'p1', holder: 'key-a', retry: 'r1' }));
      const other = makeIntent({ token: 't', proof: 'p2', holder: 'key-a', retry: 'r2' });
      expect(await storage.broker.commit(other)).toEqual({ status: 'committed' });
      expect(await storage.broker.lease(other.lease.id)).toEqual(other.lease);
    });

    it('refuses another holder of a used token, and one without a proof', async () => {
      const first = makeIntent({ token: 't', proof: 'p1', holder: 'key-a', retry: 'r' });
      await storage.broker.commit(first);
      const replayed = { status: 'replayed', decision: first.lease.decision };
      const thief = makeIntent({ token: 't', proof: 'p2', holder: 'key-b', retry: 'r' });
      expect(await storage.broker.commit(thief)).toEqual(replayed);
      expect(await storage.broker.commit(makeIntent({ token: 't' }))).toEqual(replayed);
      expect(await storage.broker.commit(makeIntent({ token: 't', retry: 'r' }))).toEqual(replayed);
      expect(await storage.broker.commit(makeIntent({ token: 't', holder: 'key-a' }))).toEqual(replayed);
    });

    it('refuses a used proof, whatever the token, and does not use the token up', async () => {
      const first = makeIntent({ token: 't1', proof: 'p', holder: 'key-a', retry: 'r1' });
      await storage.broker.commit(first);
      const withProof = makeIntent({ token: 't2', proof: 'p', holder: 'key-a', retry: 'r2' });
      expect(await storage.broker.commit(withProof)).toEqual({ status: 'proof_replayed' });
      const sameRequest = makeIntent({ token: 't1', proof: 'p', holder: 'key-a', retry: 'r1' });
      expect(await storage.broker.commit(sameRequest)).toEqual({ status: 'proof_replayed' });
      const fresh = makeIntent({ token: 't2', proof: 'p2', holder: 'key-a', retry: 'r2' });
      expect(await storage.broker.commit(fresh)).toEqual({ status: 'committed' });
    });

    it('counts the proof of a retry as used', async () => {
      await storage.broker.commit(makeIntent({ token: 't', proof: 'p1', holder: 'key-a', retry: 'r' }));
      const retry = { token: 't', proof: 'p2', holder: 'key-a', retry: 'r' };
      expect((await storage.broker.commit(makeIntent(retry))).status).toBe('repeated');
      expect((await storage.broker.commit(makeIntent(retry))).status).toBe('proof_replayed');
    });

    it('keeps tokens, proofs and retries with the same text apart', async () => {
      const same = { token: 'x', proof: 'x', holder: 'key-a', retry: 'x' };
      expect((await storage.broker.commit(makeIntent(same))).status).toBe('committed');
      expect((await storage.broker.commit(makeIntent({ token: 'p' }))).status).toBe('committed');
    });

    it('lets one call fail without the others of its batch', async () => {
      const taken = makeLease();
      await storage.broker.commit(makeIntent({ lease: taken }));
      const intents = Array.from({ length: 9 }, (_, index) =>
        makeIntent(index === 4 ? { lease: taken } : {}),
      );
      const results = await Promise.allSettled(intents.map((intent) => storage.broker.commit(intent)));
      expect(results.map(({ status }) => status)).toEqual(
        intents.map((_, index) => (index === 4 ? 'rejected' : 'fulfilled')),
      );
      expect(results[4]).toMatchObject({ reason: { code: 'store_refused' } });
      expect(await storage.broker.leases({ limit: 20 })).toHaveLength(9);
    });

    it('refuses a time that is no whole number', async () => {
      await expect(storage.broker.commit(makeIntent({ lease: { dueAtMs: 1.5 } }))).rejects.toMatchObject({
        code: 'store_refused',
        location: 'dueAtMs',
      });
    });

    it('keeps any text as it is, also what databases cannot hold', async () => {
      const hostile = `nul\0 quote' "double" \\u0000 \\ lone\uD800 pair\u{1F511} $1 ? {NULL} \u202E\r\n`;
      const intent = makeIntent({
        token: hostile,
        lease: { resource: hostile, principal: hostile, workload: hostile, handle: { [hostile]: hostile } },
        events: [
          makeEvent({ resource: hostile, actor: { kind: 'workload', id: hostile }, body: { hostile } }),
        ],
      });
      await storage.broker.commit(intent);
      expect(await storage.broker.leases({ resource: hostile, limit: 5 })).toEqual([intent.lease]);
      expect(await storage.events.list({ resource: hostile, limit: 5 })).toEqual([
        { ...intent.events[0], sequence: 1 },
      ]);
      expect(await storage.broker.commit(makeIntent({ token: hostile }))).toMatchObject({
        status: 'replayed',
      });
    });

    it('keeps several events of one call in their order, with bodies of 1 MiB', async () => {
      const events = ['a', 'b', 'c'].map((letter) =>
        makeEvent({ body: { text: letter.repeat(1024 * 1024) } }),
      );
      await storage.broker.commit(makeIntent({ events }));
      const recorded = await storage.events.list({ afterSequence: 0, limit: 10 });
      expect(recorded.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
      expect(recorded[2]?.body).toEqual(events[2]?.body);
    });

    it('refuses a call that is larger than anything we write', async () => {
      const events = [makeEvent({ body: { text: 'x'.repeat(17 * 1024 * 1024) } })];
      await expect(storage.broker.commit(makeIntent({ events }))).rejects.toMatchObject({
        code: 'store_refused',
      });
      expect(await storage.broker.commit(makeIntent())).toEqual({ status: 'committed' });
    });
  });
}
