import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredApiToken } from '#people/ports.ts';
import type { Storage } from '../storage.ts';
import { makeSession, type OpenHarness, START_MS, type StorageHarness } from './fixtures.ts';

const DAY_MS = 86_400_000;
const ISSUER = 'https://login.acme.example';
const ALICE = {
  subject: 'alice',
  name: 'Alice \u202e\0 O’Hara',
  signedInBy: 'oidc',
  issuer: ISSUER,
  groups: ['shop-devs', '__proto__', 'a\\b\0\ud800'],
} as const;

function makeToken(id: string, change: Partial<StoredApiToken> = {}): StoredApiToken {
  return {
    ...ALICE,
    id,
    tokenHash: `hash of ${id}`,
    label: 'nightly import',
    actions: ['view', 'upload'],
    repositories: ['acme/shop', 'acme-mobile/*'],
    createdAtMs: START_MS,
    expiresAtMs: START_MS + 30 * DAY_MS,
    lastUsedAtMs: undefined,
    revokedAtMs: undefined,
    ...change,
  };
}

export function describePeople(open: OpenHarness): void {
  describe('people', () => {
    let harness: StorageHarness;
    let storage: Storage;
    beforeEach(async () => {
      harness = await open();
      storage = harness.storage;
    });
    afterEach(() => harness.dispose());

    it('get one session for a sign-in, however often it is played', async () => {
      const { sessions } = storage;
      const racers = Array.from({ length: 20 }, () => makeSession({ ...ALICE, browser: true }));
      const opened = await Promise.all(racers.map((session) => sessions.openSession('state', session)));
      expect(opened.filter(Boolean)).toHaveLength(1);
      const found = await Promise.all(racers.map(({ tokenHash }) => sessions.session(tokenHash)));
      expect(found).toEqual(racers.map((session, index) => (opened[index] ? session : undefined)));
      expect(await sessions.openSession('another', makeSession(ALICE))).toBe(true);
    });

    it('have from now on the groups of their last sign-in, in all sessions and tokens of theirs', async () => {
      const { sessions, apiTokens } = storage;
      const first = makeSession({ ...ALICE, groups: ['owners'] });
      const stranger = makeSession({ ...ALICE, issuer: 'https://other.example', groups: ['owners'] });
      const bob = makeSession({ ...ALICE, subject: 'bob', groups: ['owners'] });
      for (const session of [first, stranger, bob]) await sessions.openSession(session.id, session);
      await apiTokens.addApiToken(makeToken('tok_1', { groups: ['owners'] }));
      await apiTokens.addApiToken(makeToken('tok_2', { groups: ['owners'], subject: 'bob' }));
      await sessions.openSession('again', makeSession({ ...ALICE, groups: [] }));
      expect((await sessions.session(first.tokenHash))?.groups).toEqual([]);
      expect((await apiTokens.apiToken('hash of tok_1'))?.groups).toEqual([]);
      expect((await sessions.session(stranger.tokenHash))?.groups).toEqual(['owners']);
      expect((await sessions.session(bob.tokenHash))?.groups).toEqual(['owners']);
      expect((await apiTokens.apiToken('hash of tok_2'))?.groups).toEqual(['owners']);
    });

    it('see their open sessions, newest first, and nobody else’s', async () => {
      const { sessions } = storage;
      const mine = [0, 1, 2].map((at) =>
        makeSession({ ...ALICE, createdAtMs: START_MS + at, client: 'Firefox', sourceIp: '2001:db8::1' }),
      );
      const gone = makeSession({ ...ALICE, expiresAtMs: START_MS + 5 });
      const other = makeSession({ ...ALICE, issuer: undefined, signedInBy: 'link' });
      for (const session of [...mine, gone, other]) await sessions.openSession(session.id, session);
      await sessions.revokeSession(mine[1]?.id ?? '', START_MS + 9);
      const holder = { subject: ALICE.subject, issuer: ISSUER };
      expect(await sessions.openSessions(holder, START_MS + 5, 10)).toEqual([mine[2], mine[0]]);
      expect(await sessions.openSessions(holder, START_MS + 5, 1)).toEqual([mine[2]]);
      expect(await sessions.openSessions({ subject: ALICE.subject }, START_MS + 5, 10)).toEqual([other]);
      expect(await sessions.openSessions({}, START_MS + 5, 10)).toHaveLength(3);
    });

    it('end their own sessions, once, and nobody else’s', async () => {
      const { sessions } = storage;
      const session = makeSession(ALICE);
      await sessions.openSession('state', session);
      const mallory = { subject: 'mallory', issuer: ISSUER };
      expect(await sessions.revokeSession(session.id, START_MS, mallory)).toBeUndefined();
      expect(await sessions.revokeSession(session.id, START_MS, { subject: 'alice' })).toBeUndefined();
      expect((await sessions.session(session.tokenHash))?.revokedAtMs).toBeUndefined();
      const alice = { subject: 'alice', issuer: ISSUER };
      expect(await sessions.revokeSession(session.id, START_MS + 1, alice)).toMatchObject({ id: session.id });
      expect(await sessions.revokeSession(session.id, START_MS + 2)).toBeUndefined();
      expect((await sessions.session(session.tokenHash))?.revokedAtMs).toBe(START_MS + 1);
    });

    it('are seen when they were here last, and never earlier than before', async () => {
      const { sessions } = storage;
      const session = makeSession(ALICE);
      await sessions.openSession('state', session);
      await sessions.touchSession(session.id, START_MS + 60_000);
      await sessions.touchSession(session.id, START_MS + 30_000);
      await sessions.touchSession('ses_unknown', START_MS);
      expect((await sessions.session(session.tokenHash))?.lastUsedAtMs).toBe(START_MS + 60_000);
    });

    it('have API tokens that keep everything but the token', async () => {
      const { apiTokens } = storage;
      const narrow = makeToken('tok_1');
      const wide = makeToken('tok_2', { repositories: undefined, createdAtMs: START_MS + 1, subject: 'bob' });
      await apiTokens.addApiToken(narrow);
      await apiTokens.addApiToken(wide);
      expect(await apiTokens.apiToken(narrow.tokenHash)).toEqual(narrow);
      expect(await apiTokens.apiToken('hash of tok_9')).toBeUndefined();
      expect(await apiTokens.apiTokens({}, 10)).toEqual([wide, narrow]);
      expect(await apiTokens.apiTokens({ subject: 'alice', issuer: ISSUER }, 10)).toEqual([narrow]);
      expect(await apiTokens.apiTokens({ subject: 'alice' }, 10)).toEqual([]);
      await expect(apiTokens.addApiToken({ ...narrow, id: 'tok_3' })).rejects.toMatchObject({
        code: 'store_refused',
      });
    });

    it('end their own API tokens, once, and see when they were used', async () => {
      const { apiTokens } = storage;
      const token = makeToken('tok_1');
      await apiTokens.addApiToken(token);
      await apiTokens.touchApiToken('tok_1', START_MS + 7);
      const bob = { subject: 'bob', issuer: ISSUER };
      expect(await apiTokens.revokeApiToken('tok_1', START_MS + 8, bob)).toBeUndefined();
      expect(await apiTokens.revokeApiToken('tok_1', START_MS + 9)).toMatchObject({ id: 'tok_1' });
      expect(await apiTokens.revokeApiToken('tok_1', START_MS + 10)).toBeUndefined();
      expect(await apiTokens.apiToken(token.tokenHash)).toEqual({
        ...token,
        lastUsedAtMs: START_MS + 7,
        revokedAtMs: START_MS + 9,
      });
    });

    it('leave nothing behind when it has ended long ago', async () => {
      const { sessions, apiTokens } = storage;
      const old = makeSession({ ...ALICE, createdAtMs: START_MS, expiresAtMs: START_MS + 10 });
      const open = makeSession({ ...ALICE, createdAtMs: START_MS + 50, expiresAtMs: START_MS + DAY_MS });
      await sessions.openSession('old', old);
      await sessions.openSession('open', open);
      await sessions.addAdminLink({ tokenHash: 'l', createdAtMs: START_MS, expiresAtMs: START_MS + 10 });
      await apiTokens.addApiToken(makeToken('tok_1', { expiresAtMs: START_MS + 10 }));
      await apiTokens.addApiToken(makeToken('tok_2'));
      await sessions.removeEnded(START_MS + 20);
      expect(await sessions.session(old.tokenHash)).toBeUndefined();
      expect(await sessions.session(open.tokenHash)).toEqual(open);
      expect((await apiTokens.apiTokens({}, 10)).map(({ id }) => id)).toEqual(['tok_2']);
      // Forgotten as well, which is safe: the cookie of a sign-in is good for ten minutes.
      expect(await sessions.openSession('old', makeSession(ALICE))).toBe(true);
      expect(await sessions.openSession('open', makeSession(ALICE))).toBe(false);
    });
  });
}
