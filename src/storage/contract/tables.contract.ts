import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredSigningKey } from '#credentials/ports.ts';
import type { Storage } from '../storage.ts';
import { makeIntent, makeSession, type OpenHarness, START_MS, type StorageHarness } from './fixtures.ts';

const KEY: StoredSigningKey = {
  id: 'key_1',
  algorithm: 'ES256',
  publicJwk: '{"kty":"EC"}',
  sealedPrivateKey: 'sealed',
  createdAtMs: START_MS,
  activeFromMs: START_MS,
  retiredAtMs: undefined,
};

export function describeTables(open: OpenHarness): void {
  describe('tables', () => {
    let harness: StorageHarness;
    let storage: Storage;
    beforeEach(async () => {
      harness = await open();
      storage = harness.storage;
    });
    afterEach(() => harness.dispose());

    it('keep signing keys, one for each algorithm and beginning', async () => {
      const { signingKeys } = storage;
      const later = { ...KEY, id: 'key_2', activeFromMs: START_MS + 1 };
      const other = { ...KEY, id: 'key_3', algorithm: 'RS256' } as const;
      expect(await signingKeys.add(later)).toBe(true);
      expect(await signingKeys.add(KEY)).toBe(true);
      expect(await signingKeys.add({ ...KEY, id: 'key_4' })).toBe(false);
      expect(await signingKeys.add({ ...KEY, activeFromMs: START_MS + 9 })).toBe(false);
      expect(await signingKeys.add(other)).toBe(true);
      await signingKeys.retire('key_1', START_MS + 5);
      const listed = await signingKeys.list();
      expect(listed).toHaveLength(3);
      expect(listed).toEqual(expect.arrayContaining([{ ...KEY, retiredAtMs: START_MS + 5 }, later, other]));
      expect(listed.at(-1)).toEqual(later);
    });

    it('let one of many servers add the first key', async () => {
      const added = await Promise.all(
        Array.from({ length: 10 }, (_, index) => storage.signingKeys.add({ ...KEY, id: `key_${index}` })),
      );
      expect(added.filter(Boolean)).toHaveLength(1);
    });

    it('keep the newest value of a sealed secret, and list names without values', async () => {
      const { sealedSecrets } = storage;
      expect(await sealedSecrets.get('pypi')).toBeUndefined();
      await sealedSecrets.put({ name: 'pypi', sealedValue: 'one', updatedAtMs: 1, rotateByMs: 9 });
      await sealedSecrets.put({ name: 'npm', sealedValue: 'other', updatedAtMs: 2, rotateByMs: undefined });
      await sealedSecrets.put({ name: 'pypi', sealedValue: 'two', updatedAtMs: 3, rotateByMs: undefined });
      expect(await sealedSecrets.get('pypi')).toEqual({
        name: 'pypi',
        sealedValue: 'two',
        updatedAtMs: 3,
        rotateByMs: undefined,
      });
      expect(await sealedSecrets.list()).toEqual([
        { name: 'npm', updatedAtMs: 2, rotateByMs: undefined },
        { name: 'pypi', updatedAtMs: 3, rotateByMs: undefined },
      ]);
    });

    it('keep every configuration that was in force, and know the latest', async () => {
      const { configurations } = storage;
      expect(await configurations.latestConfiguration()).toBeUndefined();
      const files = {
        'vouchgate.yaml': 'version: 1\n',
        'policies/a.cedar': `\0\uD800${'x'.repeat(1024 * 1024)}`,
      };
      const first = { id: 'cfg_1', digest: 'aa', appliedAtMs: START_MS, files };
      const second = {
        id: 'cfg_2',
        digest: 'bb',
        policyVersion: 'p1',
        appliedAtMs: START_MS + 1,
        files: {},
      };
      const third = { ...second, id: 'cfg_3', digest: 'cc', appliedAtMs: START_MS + 2 };
      await configurations.saveConfiguration(first);
      expect(await configurations.latestConfiguration()).toEqual(first);
      await configurations.saveConfiguration(second);
      expect(await configurations.latestConfiguration()).toEqual(second);
      expect(await configurations.configurationByPolicyVersion('p1')).toEqual(second);
      await configurations.saveConfiguration(third);
      expect(await configurations.configurationByPolicyVersion('p1')).toEqual(third);
      expect(await configurations.configurationByPolicyVersion('unknown')).toBeUndefined();
      expect(await configurations.configurations(10)).toEqual([
        { id: 'cfg_3', digest: 'cc', appliedAtMs: START_MS + 2 },
        { id: 'cfg_2', digest: 'bb', appliedAtMs: START_MS + 1 },
        { id: 'cfg_1', digest: 'aa', appliedAtMs: START_MS },
      ]);
      expect(await configurations.configurations(1)).toHaveLength(1);
      await expect(configurations.saveConfiguration(first)).rejects.toMatchObject({ code: 'store_refused' });
    });

    it('let an admin link open one session, once, and in time', async () => {
      const { sessions } = storage;
      await sessions.addAdminLink({ tokenHash: 'link', createdAtMs: START_MS, expiresAtMs: START_MS + 10 });
      const late = makeSession();
      expect(await sessions.redeemAdminLink('link', late, START_MS + 10)).toBe(false);
      expect(await sessions.redeemAdminLink('unknown', late, START_MS)).toBe(false);
      expect(await sessions.session(late.tokenHash)).toBeUndefined();
      const racers = Array.from({ length: 50 }, () => makeSession());
      const results = await Promise.all(
        racers.map((session) => sessions.redeemAdminLink('link', session, START_MS + 9)),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
      const found = await Promise.all(racers.map(({ tokenHash }) => sessions.session(tokenHash)));
      expect(found).toEqual(racers.map((session, index) => (results[index] ? session : undefined)));
    });

    it('remember when a session was revoked first', async () => {
      const { sessions } = storage;
      const session = makeSession();
      await sessions.addAdminLink({ tokenHash: 'link', createdAtMs: START_MS, expiresAtMs: START_MS + 10 });
      await sessions.redeemAdminLink('link', session, START_MS);
      await sessions.revokeSession(session.id, START_MS + 1);
      await sessions.revokeSession(session.id, START_MS + 2);
      await sessions.revokeSession('ses_unknown', START_MS);
      expect(await sessions.session(session.tokenHash)).toEqual({ ...session, revokedAtMs: START_MS + 1 });
    });

    it('pass the check for readiness', async () => {
      await expect(storage.check()).resolves.toBeUndefined();
    });

    it('hold everything after a restart', async ({ skip }) => {
      if (harness.reopen === undefined) {
        skip('this store lasts only as long as it is open');
        return;
      }
      const intent = makeIntent({ token: 't', proof: 'p', holder: 'k', retry: 'r' });
      await storage.broker.commit(intent);
      await storage.signingKeys.add(KEY);
      const reopened = await harness.reopen();
      expect(await reopened.broker.lease(intent.lease.id)).toEqual(intent.lease);
      expect(await reopened.events.list({ limit: 5 })).toHaveLength(1);
      expect(await reopened.signingKeys.list()).toEqual([KEY]);
      expect((await reopened.broker.commit(makeIntent({ token: 't' }))).status).toBe('replayed');
      expect(await reopened.broker.commit(makeIntent())).toEqual({ status: 'committed' });
    });

    it('refuse calls after the end', async ({ skip }) => {
      if (harness.reopen === undefined) {
        skip('nothing ends this store');
        return;
      }
      await storage.close();
      await expect(storage.broker.commit(makeIntent())).rejects.toMatchObject({ code: 'store_unavailable' });
      await harness.reopen();
    });

    it('write what was asked for before the end', async ({ skip }) => {
      if (harness.reopen === undefined) {
        skip('nothing ends this store');
        return;
      }
      const intents = Array.from({ length: 20 }, () => makeIntent());
      const committing = Promise.all(intents.map((intent) => storage.broker.commit(intent)));
      await storage.close();
      expect(await committing).toEqual(intents.map(() => ({ status: 'committed' })));
      const reopened = await harness.reopen();
      expect(await reopened.broker.leases({ limit: 100 })).toHaveLength(20);
    });
  });
}
