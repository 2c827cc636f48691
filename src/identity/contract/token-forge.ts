import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import { FetchError } from '#core/fetch-error.ts';

/** A clock that a test turns. */
export interface TestClock extends Clock {
  set(ms: number): void;
  advance(ms: number): void;
}

export function createTestClock(startMs: number): TestClock {
  let now = startMs;
  return {
    nowMs: () => now,
    set: (ms) => {
      now = ms;
    },
    advance: (ms) => {
      now += ms;
    },
  };
}

export interface ForgeKey {
  kid: string;
  algorithm: 'RS256' | 'ES256' | 'EdDSA';
  privateKey: KeyObject;
  jwk: Record<string, unknown> & { kty: string };
}

export function createForgeKey(algorithm: ForgeKey['algorithm'], kid: string, rsaBits = 2_048): ForgeKey {
  const pair =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: rsaBits })
      : algorithm === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('ed25519');
  const { kty = '', ...members } = pair.publicKey.export({ format: 'jwk' });
  const jwk = { kty, ...members, kid, alg: algorithm, use: 'sig' };
  return { kid, algorithm, privateKey: pair.privateKey, jwk };
}

export function encode(value: string | object): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

/** Any header and payload, as text or as object, signed by any key: what a hostile token is made with. */
export function forge(header: string | object, payload: string | object, key: ForgeKey): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signBytes(input, key).toString('base64url')}`;
}

export function signBytes(
  input: string,
  key: ForgeKey,
  dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363',
): Buffer {
  const digest = key.algorithm === 'EdDSA' ? null : 'sha256';
  return sign(digest, Buffer.from(input), { key: key.privateKey, dsaEncoding });
}

export interface FakeAnswer {
  status?: number;
  headers?: Record<string, string>;
  body: string | object;
}

/**
 * A network of fixed answers that refuses what the real fetch refuses: plain http, redirects, a body over the
 * cap, an aborted request, a host that is not there.
 */
export interface FakeNetwork {
  fetch: BoundedFetch;
  /** URLs asked for, in order. */
  asked: string[];
  set(url: string, answer: FakeAnswer | (() => Promise<FakeAnswer>)): void;
  remove(url: string): void;
}

export function createFakeNetwork(): FakeNetwork {
  const answers = new Map<string, FakeAnswer | (() => Promise<FakeAnswer>)>();
  const asked: string[] = [];
  return {
    asked,
    set: (url, answer) => void answers.set(url, answer),
    remove: (url) => void answers.delete(url),
    fetch: async (url, { bodyBytesMax, signal }) => {
      asked.push(url);
      if (!url.startsWith('https:')) throw new FetchError('fetch_scheme_forbidden', 'Only https is allowed.');
      const found = answers.get(url);
      const answer = typeof found === 'function' ? await found() : found;
      if (answer === undefined || signal?.aborted === true)
        throw new FetchError('fetch_failed', 'No such host.');
      const { status = 200, headers = {} } = answer;
      if (status >= 300 && status < 400) throw new FetchError('fetch_redirect_forbidden', 'A redirect.');
      const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      if (Buffer.byteLength(body) > bodyBytesMax) throw new FetchError('fetch_too_large', 'Too large.');
      return { status, headers, body };
    },
  };
}

/** Publishes discovery and keys of an issuer on a fake network; returns the address of the keys. */
export function publishIssuer(
  network: FakeNetwork,
  issuer: string,
  keys: readonly object[],
  headers: Record<string, string> = {},
): string {
  const jwksUri = `${issuer}/keys`;
  network.set(`${issuer}/.well-known/openid-configuration`, { body: { issuer, jwks_uri: jwksUri } });
  network.set(jwksUri, { headers, body: { keys } });
  return jwksUri;
}
