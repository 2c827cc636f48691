import { beforeEach, describe, expect, test } from 'vitest';
import { type Logger, silentLogger } from '#core/log.ts';
import {
  createFakeNetwork,
  createForgeKey,
  createTestClock,
  type FakeNetwork,
  publishIssuer,
  type TestClock,
} from '../contract/token-forge.ts';
import type { KeySource } from './key-source.ts';
import { createRemoteKeySource } from './remote-key-source.ts';

const ISSUER = 'https://issuer.example';
const DISCOVERY = `${ISSUER}/.well-known/openid-configuration`;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const first = createForgeKey('RS256', 'first').jwk;
const second = createForgeKey('RS256', 'second').jwk;

let clock: TestClock;
let network: FakeNetwork;
let logged: string[];
let keys: KeySource;

beforeEach(() => {
  clock = createTestClock(1_790_000_000_000);
  network = createFakeNetwork();
  logged = [];
  publishIssuer(network, ISSUER, [first]);
  keys = createKeys();
});

function note(event: string): void {
  logged.push(event);
}

function createKeys(jwksUri?: string): KeySource {
  const log: Logger = { debug: note, info: note, warn: note, error: note };
  return createRemoteKeySource({ location: { issuer: ISSUER, jwksUri }, clock, log, fetch: network.fetch });
}

async function outcome(kid: string | undefined = 'first'): Promise<string> {
  const selection = await keys.select(kid, 'RS256');
  return selection.ok ? 'ok' : `${selection.code}${selection.retryable ? ' (retryable)' : ''}`;
}

describe('keys of a remote issuer', () => {
  test('are found by discovery and answered at once from then on', async () => {
    expect(await outcome()).toBe('ok');
    expect(network.asked).toEqual([DISCOVERY, `${ISSUER}/keys`]);
    expect(keys.select('first', 'RS256')).not.toBeInstanceOf(Promise);
  });

  test('are fetched without discovery where the configuration says from where', async () => {
    keys = createKeys(`${ISSUER}/keys`);
    expect(await outcome()).toBe('ok');
    expect(network.asked).toEqual([`${ISSUER}/keys`]);
  });

  test('are fetched once for a hundred tokens that arrive together', async () => {
    expect(new Set(await Promise.all(Array.from({ length: 100 }, () => outcome())))).toEqual(new Set(['ok']));
    expect(network.asked).toHaveLength(2);
  });

  test.each([
    ['max-age=1', 5 * MINUTE],
    ['public, max-age=3600', HOUR],
    ['max-age=99999999', 24 * HOUR],
    ['no-store', 5 * MINUTE],
    ['private', 15 * MINUTE],
  ])('with Cache-Control %s are fresh for %i ms', async (cacheControl, freshMs) => {
    publishIssuer(network, ISSUER, [first], { 'cache-control': cacheControl });
    await outcome();
    clock.advance(freshMs - 1);
    expect(await outcome()).toBe('ok');
    expect(network.asked).toHaveLength(2);
    clock.advance(1);
    expect(await outcome()).toBe('ok');
    expect(network.asked).toHaveLength(4);
  });

  test('no longer count once the issuer has withdrawn them', async () => {
    await outcome();
    publishIssuer(network, ISSUER, [second]);
    clock.advance(15 * MINUTE);
    expect(await outcome('first')).toBe('token_key_unknown (retryable)');
    expect(await outcome('second')).toBe('ok');
  });

  test('serve for 24 hours while the issuer is down, which is logged', async () => {
    await outcome();
    network.remove(`${ISSUER}/keys`);
    clock.advance(15 * MINUTE + 24 * HOUR - 1);
    expect(await outcome()).toBe('ok');
    expect(logged).toContain('jwks.refresh_failed');
    clock.advance(1);
    expect(await outcome()).toBe('token_keys_unavailable (retryable)');
  });

  test('are asked for again ever more rarely while the issuer is down', async () => {
    network.remove(DISCOVERY);
    for (let second = 0; second < 600; second += 1) {
      expect(await outcome()).toBe('token_keys_unavailable (retryable)');
      clock.advance(1_000);
    }
    expect(network.asked.length).toBeGreaterThan(15);
    expect(network.asked.length).toBeLessThan(30);
    publishIssuer(network, ISSUER, [first]);
    clock.advance(30_000);
    expect(await outcome()).toBe('ok');
  });

  test('are fetched early for a kid that is new', async () => {
    await outcome();
    publishIssuer(network, ISSUER, [first, second]);
    expect(await outcome('second')).toBe('ok');
  });

  test('are not fetched for every kid that somebody invents', async () => {
    await outcome();
    for (let index = 0; index < 50; index += 1) {
      expect(await outcome(`invented-${index}`)).toBe('token_key_unknown (retryable)');
    }
    expect(network.asked).toHaveLength(2 + 3 * 2);
    clock.advance(MINUTE);
    await outcome('invented-again');
    await outcome('invented-more');
    expect(network.asked).toHaveLength(2 + 4 * 2);
  });

  test('are not fetched twice within a minute for a kid that is not there', async () => {
    await outcome();
    await outcome('absent');
    await outcome('absent');
    expect(network.asked).toHaveLength(4);
    clock.advance(MINUTE);
    await outcome('absent');
    expect(network.asked).toHaveLength(6);
  });

  test('stay when a refresh brings nothing usable', async () => {
    await outcome();
    publishIssuer(network, ISSUER, [{ kty: 'oct', k: 'AA' }]);
    clock.advance(HOUR);
    expect(await outcome()).toBe('ok');
    expect(logged.at(-1)).toBe('jwks.refresh_failed');
  });

  test('are given up when the source is closed', async () => {
    await outcome();
    keys.close();
    expect(await outcome()).toBe('token_keys_unavailable (retryable)');
  });

  test('hold a bounded number of tokens back while the issuer is slow', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    network.set(DISCOVERY, async () => {
      await promise;
      return { body: { issuer: ISSUER, jwks_uri: `${ISSUER}/keys` } };
    });
    const waiting = Array.from({ length: 1_500 }, () => outcome());
    resolve();
    const outcomes = await Promise.all(waiting);
    expect(outcomes.filter((text) => text === 'ok')).toHaveLength(1_000);
    expect(outcomes.filter((text) => text === 'token_keys_unavailable (retryable)')).toHaveLength(500);
  });
});

describe('discovery', () => {
  test.each([
    ['another issuer', { issuer: 'https://evil.example', jwks_uri: `${ISSUER}/keys` }],
    ['an issuer with a slash more', { issuer: `${ISSUER}/`, jwks_uri: `${ISSUER}/keys` }],
    ['no address of keys', { issuer: ISSUER }],
    ['an address that is no URL', { issuer: ISSUER, jwks_uri: 'keys' }],
    ['an address without https', { issuer: ISSUER, jwks_uri: 'http://issuer.example/keys' }],
    ['a member twice', `{"issuer":"${ISSUER}","issuer":"${ISSUER}","jwks_uri":"${ISSUER}/keys"}`],
    ['100 KiB', { issuer: ISSUER, jwks_uri: `${ISSUER}/keys`, filler: 'x'.repeat(100 * 1_024) }],
    ['a page in HTML', '<html>'],
  ])('with %s gives no keys', async (_, body) => {
    network.set(DISCOVERY, { body });
    expect(await outcome()).toBe('token_keys_unavailable (retryable)');
  });

  test.each([301, 404, 500, 204])('answered with %i gives no keys', async (status) => {
    network.set(DISCOVERY, { status, body: '{}' });
    expect(await outcome()).toBe('token_keys_unavailable (retryable)');
  });

  test.each([
    ['no list', { keys: {} }],
    ['no keys', { keys: [] }],
    ['more than 100 keys', { keys: Array(101).fill(first) }],
    ['more than 256 KiB', { keys: [first], filler: 'x'.repeat(256 * 1_024) }],
  ])('that leads to a key set with %s gives no keys', async (_, body) => {
    network.set(`${ISSUER}/keys`, { body });
    expect(await outcome()).toBe('token_keys_unavailable (retryable)');
  });

  test('asks below an issuer with a trailing slash as the standard says', async () => {
    const slashed = createRemoteKeySource({
      location: { issuer: `${ISSUER}/tenant/`, jwksUri: undefined },
      clock,
      log: silentLogger,
      fetch: network.fetch,
    });
    await slashed.select('first', 'RS256');
    expect(network.asked).toEqual([`${ISSUER}/tenant/.well-known/openid-configuration`]);
  });
});
