import { createPrivateKey, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { type Logger, silentLogger } from '#core/log.ts';
import { StoreError } from '#core/store-error.ts';
import { createSealer } from '../sealing/envelope.ts';
import { IssuerError } from './issuer-error.ts';
import { createKeyRing, type KeyRing, type KeyRingOptions } from './key-ring.ts';
import type { KeyEvent } from './shared-keys.ts';
import { createFakeSigningKeyStore } from './signing-key-store.fake.ts';

const ISSUER = 'https://vouchgate.acme.example';
const START_MS = Date.UTC(2026, 10, 1, 12);
const HOUR_MS = 3_600_000;
const DAY_SECONDS = 86_400;
const masterKey = randomBytes(32);

const rings: KeyRing[] = [];
afterEach(async () => {
  await Promise.all(rings.splice(0).map((ring) => ring.close()));
});

function setUp(options: Partial<KeyRingOptions> = {}) {
  const clock = { now: START_MS, nowMs: () => clock.now };
  const store = createFakeSigningKeyStore();
  const events: KeyEvent[] = [];
  const open = (more: Partial<KeyRingOptions> = {}) => {
    const ring = createKeyRing({
      store,
      sealer: createSealer(masterKey),
      clock,
      log: silentLogger,
      issuer: ISSUER,
      algorithms: ['ES256', 'RS256'],
      rotationSeconds: 30 * DAY_SECONDS,
      overlapSeconds: 3_900,
      onEvent: async (event) => {
        events.push(event);
      },
      ...options,
      ...more,
    });
    rings.push(ring);
    return ring;
  };
  return { clock, store, events, open };
}

/** The oracle: a relying party as others write it. */
async function verify(token: string, jwks: ReturnType<KeyRing['jwks']>, nowMs = START_MS) {
  const keySet = createLocalJWKSet({ keys: jwks.keys.map((key) => ({ ...key })) });
  return jwtVerify(token, keySet, { issuer: ISSUER, currentDate: new Date(nowMs) });
}

const codeOf = (error: unknown) => (error instanceof IssuerError ? error.code : error);

describe('key ring', () => {
  it.each(['ES256', 'RS256'] as const)('signs %s tokens that a relying party accepts', async (algorithm) => {
    const { open } = setUp();
    const ring = open();
    const token = await ring.sign({ sub: 'workload ü ✓', aud: 'x', nested: { a: [1, null] } }, algorithm);
    const { payload, protectedHeader } = await verify(token.reveal(), ring.jwks());
    expect(payload).toEqual({ iss: ISSUER, sub: 'workload ü ✓', aud: 'x', nested: { a: [1, null] } });
    const published = ring.jwks().keys.find(({ alg }) => alg === algorithm);
    expect(protectedHeader).toEqual({ alg: algorithm, kid: published?.kid, typ: 'JWT' });
    expect(inspect(token)).toBe('[redacted]');
  });

  it('signs a token without claims', async () => {
    const ring = setUp().open();
    const token = await ring.sign({}, 'ES256');
    expect((await verify(token.reveal(), ring.jwks())).payload).toEqual({ iss: ISSUER });
  });

  it('publishes public members only', async () => {
    const ring = setUp().open();
    await ring.rotateIfDue();
    await ring.prepare('RS256');
    const members = ring.jwks().keys.map((key) => Object.keys(key).sort().join(' '));
    expect(members.sort()).toEqual(['alg crv kid kty use x y', 'alg e kid kty n use']);
  });

  it('makes an RSA key only once one is needed, and once for all that need it', async () => {
    const { open, events } = setUp();
    const ring = open();
    await ring.rotateIfDue();
    expect(ring.jwks().keys.map(({ alg }) => alg)).toEqual(['ES256']);
    await Promise.all(Array.from({ length: 20 }, () => ring.sign({ sub: 'x' }, 'RS256')));
    expect(
      ring
        .jwks()
        .keys.map(({ alg }) => alg)
        .sort(),
    ).toEqual(['ES256', 'RS256']);
    expect(events.map(({ type }) => type)).toEqual(['key.created', 'key.created']);
  });

  it('signs a storm of tokens, each with its own claims', async () => {
    const ring = setUp().open();
    const tokens = await Promise.all(
      Array.from({ length: 500 }, (_, index) => ring.sign({ sub: `job-${index}` }, 'ES256')),
    );
    const subjects = await Promise.all(
      tokens.map(async (token) => (await verify(token.reveal(), ring.jwks())).payload.sub),
    );
    expect(subjects).toEqual(tokens.map((_, index) => `job-${index}`));
  });

  it('refuses claims that name another issuer', async () => {
    const ring = setUp().open();
    await expect(ring.sign({ iss: 'https://evil.example' }, 'ES256').catch(codeOf)).resolves.toBe(
      'signing_claims_invalid',
    );
  });

  it('refuses an algorithm that it was not given', async () => {
    const ring = setUp({ algorithms: ['ES256'] }).open();
    await expect(ring.sign({}, 'RS256').catch(codeOf)).resolves.toBe('signing_algorithm_unavailable');
  });

  it('stores the private half sealed', async () => {
    const { open, store } = setUp();
    await open().rotateIfDue();
    const [stored] = await store.list();
    expect(JSON.stringify(stored)).not.toMatch(/PRIVATE KEY|"d":/);
    const pem = createSealer(masterKey).open(stored?.sealedPrivateKey ?? '', `signing-key/${stored?.id}`);
    expect(createPrivateKey(pem.reveal()).asymmetricKeyType).toBe('ec');
  });

  it.each([
    'http://vouchgate.acme.example',
    'https://vouchgate.acme.example/',
    'https://a.example?x',
    'https://a.example#',
    'https://user:word@a.example',
    'ftp://a.example',
    'vouchgate',
  ])('refuses %s as issuer', (issuer) => {
    expect(() => setUp().open({ issuer })).toThrow(/cannot be an issuer/);
  });

  it('rejects what comes after it was closed', async () => {
    const ring = setUp().open();
    await ring.rotateIfDue();
    const waiting = ring.sign({}, 'ES256').catch(codeOf);
    await ring.close();
    await expect(waiting).resolves.toBe('issuer_closed');
    await expect(ring.sign({}, 'ES256').catch(codeOf)).resolves.toBe('issuer_closed');
  });
});

describe('rotation', () => {
  it('overlaps: a token is accepted all its life, whichever key signed it', async () => {
    const { open, clock, events } = setUp();
    const ring = open();
    await ring.rotateIfDue();
    const [first] = ring.jwks().keys;
    clock.now += 30 * DAY_SECONDS * 1000 - 11 * 60_000;
    await ring.rotateIfDue();
    expect(ring.jwks().keys).toHaveLength(2);
    const last = await ring.sign({ sub: 'x' }, 'ES256');
    expect(decodeProtectedHeader(last.reveal()).kid).toBe(first?.kid);

    clock.now += 12 * 60_000;
    const fresh = await ring.sign({ sub: 'x' }, 'ES256');
    expect(decodeProtectedHeader(fresh.reveal()).kid).not.toBe(first?.kid);
    await ring.rotateIfDue();
    await verify(last.reveal(), ring.jwks());
    await verify(fresh.reveal(), ring.jwks());

    clock.now += 2 * HOUR_MS;
    await ring.rotateIfDue();
    expect(ring.jwks().keys.map(({ kid }) => kid)).not.toContain(first?.kid);
    expect(events.map(({ type }) => type)).toEqual(['key.created', 'key.created', 'key.retired']);
    expect(events[2]?.body).toMatchObject({ key: first?.kid, algorithm: 'ES256' });
  });

  it('is shared: two servers that start together use one key and publish both the same', async () => {
    const { open, store } = setUp();
    const [one, two] = [open(), open()];
    await Promise.all([one.rotateIfDue(), two.rotateIfDue()]);
    expect(await store.list()).toHaveLength(1);
    expect(one.jwks()).toEqual(two.jwks());
    const token = await two.sign({ sub: 'x' }, 'ES256');
    await verify(token.reveal(), one.jwks());
  });

  it('goes on with the algorithms that another server began to use', async () => {
    const { open, clock } = setUp();
    await open().prepare('RS256');
    clock.now += 30 * DAY_SECONDS * 1000;
    const other = open();
    await other.rotateIfDue();
    expect(other.jwks().keys.filter(({ alg }) => alg === 'RS256')).toHaveLength(2);
  });

  it('survives a restart', async () => {
    const { open } = setUp();
    const before = open();
    const token = await before.sign({ sub: 'x' }, 'ES256');
    await before.close();
    const after = open();
    await after.rotateIfDue();
    await verify(token.reveal(), after.jwks());
  });

  it('offers an event again that could not be recorded', async () => {
    const { open, events } = setUp();
    let down = true;
    const ring = open({
      onEvent: async (event) => {
        if (down) throw new StoreError('store_unavailable', 'The store is gone.');
        events.push(event);
      },
    });
    await expect(ring.rotateIfDue()).rejects.toThrow('The store is gone.');
    down = false;
    await ring.rotateIfDue();
    expect(events.map(({ type }) => type)).toEqual(['key.created']);
  });

  it('recovers by itself when the store comes back', async () => {
    const { open, store } = setUp();
    const ring = open();
    store.setDown(true);
    await expect(ring.sign({}, 'ES256')).rejects.toThrow(StoreError);
    store.setDown(false);
    await expect(ring.sign({}, 'ES256')).resolves.toBeDefined();
    store.setDown(true);
    await expect(ring.sign({}, 'ES256')).resolves.toBeDefined();
  });
});

async function tampered(change: (row: { publicJwk: string; sealedPrivateKey: string }) => object) {
  const { open, store } = setUp();
  await open().rotateIfDue();
  const foreign = setUp();
  await foreign.open({ issuer: 'https://evil.example' }).rotateIfDue();
  const [row] = await store.list();
  const [other] = await foreign.store.list();
  if (row === undefined || other === undefined) throw new Error('no key was made');
  store.replace({ ...row, ...change(other) });
  const logged: string[] = [];
  const log: Logger = { ...silentLogger, error: (event) => logged.push(event) };
  const ring = open({ log });
  await ring.rotateIfDue().catch(() => undefined);
  return { logged, published: ring.jwks().keys.map(({ kid }) => kid), row };
}

describe('a store that somebody else can write to', () => {
  it('cannot have another public key published', async () => {
    const { logged, published, row } = await tampered(({ publicJwk }) => ({ publicJwk }));
    expect(logged).toContain('signing_key.rejected');
    expect(published).not.toContain(row.id);
  });

  it('cannot put the private key of another row in place', async () => {
    const { logged, published, row } = await tampered(({ sealedPrivateKey }) => ({ sealedPrivateKey }));
    expect(logged).toContain('signing_key.rejected');
    expect(published).not.toContain(row.id);
  });

  it('stops a server that has another master key instead of splitting the issuer', async () => {
    const { open, store, clock } = setUp();
    await open().rotateIfDue();
    clock.now += HOUR_MS;
    const stranger = open({ sealer: createSealer(randomBytes(32)) });
    await expect(stranger.rotateIfDue().catch(codeOf)).resolves.toBe('signing_key_unavailable');
    expect(await store.list()).toHaveLength(1);
  });
});
