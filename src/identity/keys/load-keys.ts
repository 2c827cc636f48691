import type { BoundedFetch, BoundedResponse } from '#core/bounded-fetch.ts';
import { messageOf } from '#core/errors.ts';
import { parseStrictObject } from '../jose/strict-json.ts';
import { IssuerKeysError, type IssuerKeysErrorCode } from './issuer-keys-error.ts';
import { createKeySet, KEYS_MAX, type KeySet } from './key-set.ts';

const DISCOVERY_BYTES_MAX = 64 * 1_024;
const JWKS_BYTES_MAX = 256 * 1_024;
const REQUEST_TIMEOUT_MS = 5_000;
const URL_CHARS_MAX = 2_000;

export interface KeyLocation {
  issuer: string;
  /** Skips discovery. */
  jwksUri: string | undefined;
}

export interface LoadedKeys {
  keys: KeySet;
  /** What `Cache-Control: max-age` says; undefined when it says nothing, 0 for `no-store` and `no-cache`. */
  maxAgeSeconds: number | undefined;
}

/** Discovery (OpenID Connect Discovery 1.0 §4), then the JWK Set. Throws {@link IssuerKeysError}. */
export async function loadKeys(
  { issuer, jwksUri }: KeyLocation,
  fetch: BoundedFetch,
  signal: AbortSignal,
): Promise<LoadedKeys> {
  const uri = jwksUri ?? (await discoverJwksUri(issuer, fetch, signal));
  const response = await get(uri, JWKS_BYTES_MAX, 'jwks_failed', fetch, signal);
  const { keys } = parseDocument(response.body, uri, 'jwks_invalid');
  if (!Array.isArray(keys)) throw new IssuerKeysError('jwks_invalid', 'It has no list `keys`.', at(uri));
  if (keys.length > KEYS_MAX) {
    throw new IssuerKeysError('jwks_invalid', `It holds more than ${KEYS_MAX} keys.`, at(uri));
  }
  const set = createKeySet(keys);
  if (set.size === 0) throw new IssuerKeysError('jwks_invalid', 'It holds no key that we can use.', at(uri));
  return { keys: set, maxAgeSeconds: maxAgeOf(response.headers['cache-control']) };
}

async function discoverJwksUri(issuer: string, fetch: BoundedFetch, signal: AbortSignal): Promise<string> {
  const url = `${issuer.endsWith('/') ? issuer.slice(0, -1) : issuer}/.well-known/openid-configuration`;
  const response = await get(url, DISCOVERY_BYTES_MAX, 'discovery_failed', fetch, signal);
  const document = parseDocument(response.body, url, 'discovery_invalid');
  // §4.3: another name means that these are not this issuer's keys (a mix-up, or a hostile tenant of the host).
  if (document.issuer !== issuer) {
    throw new IssuerKeysError('discovery_invalid', 'It names another issuer.', at(url));
  }
  const uri = document.jwks_uri;
  if (typeof uri !== 'string' || uri.length > URL_CHARS_MAX || !URL.canParse(uri)) {
    throw new IssuerKeysError('discovery_invalid', 'Its `jwks_uri` is not a URL.', at(url));
  }
  if (issuer.startsWith('https:') && !uri.startsWith('https:')) {
    throw new IssuerKeysError('discovery_invalid', 'Its `jwks_uri` is not https.', at(url));
  }
  return uri;
}

async function get(
  url: string,
  bodyBytesMax: number,
  code: IssuerKeysErrorCode,
  fetch: BoundedFetch,
  signal: AbortSignal,
): Promise<BoundedResponse> {
  let response: BoundedResponse;
  try {
    const headers = { accept: 'application/json' };
    response = await fetch(url, { headers, bodyBytesMax, timeoutMs: REQUEST_TIMEOUT_MS, signal });
  } catch (cause) {
    throw new IssuerKeysError(code, messageOf(cause), { ...at(url), cause });
  }
  if (response.status !== 200) throw new IssuerKeysError(code, `Answered ${response.status}.`, at(url));
  return response;
}

function parseDocument(
  body: string,
  url: string,
  code: IssuerKeysErrorCode,
): Readonly<Record<string, unknown>> {
  const json = parseStrictObject(Buffer.from(body));
  if (!json.ok) throw new IssuerKeysError(code, `Not a JSON object that we accept (${json.fault}).`, at(url));
  return json.value;
}

function at(url: string): { location: string } {
  return { location: url.split('?', 1)[0] ?? url };
}

function maxAgeOf(cacheControl: string | undefined): number | undefined {
  if (cacheControl === undefined) return undefined;
  if (/(?:^|,)\s*no-(?:store|cache)\b/i.test(cacheControl)) return 0;
  const seconds = /(?:^|,)\s*max-age\s*=\s*"?(\d{1,9})/i.exec(cacheControl)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
