import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import { messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import type { SignatureAlgorithm } from '../jose/algorithms.ts';
import type { KeySet } from './key-set.ts';
import type { KeySelection, KeySource } from './key-source.ts';
import { type KeyLocation, type LoadedKeys, loadKeys } from './load-keys.ts';
import { createRefreshAllowance } from './refresh-allowance.ts';

const FRESH_SECONDS_DEFAULT = 15 * 60;
const FRESH_SECONDS_MIN = 5 * 60;
const FRESH_SECONDS_MAX = 24 * 60 * 60;
/** How long keys that are no longer fresh still serve while the issuer cannot be reached. */
const STALE_MS_MAX = 24 * 60 * 60 * 1_000;
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 30_000;
/** Tokens that may wait for one issuer's answer; the rest is refused at once, retryable. */
const WAITING_MAX = 1_000;

const UNAVAILABLE: KeySelection = { ok: false, code: 'token_keys_unavailable', retryable: true };

export interface RemoteKeyOptions {
  location: KeyLocation;
  clock: Clock;
  log: Logger;
  fetch: BoundedFetch;
}

interface CachedKeys {
  keys: KeySet;
  freshUntilMs: number;
}

/**
 * Keys of an issuer over the network: cached as long as it allows (5 minutes to 24 hours), fetched by one
 * request at a time, kept for 24 hours more when it fails, asked again early only for an unknown `kid`.
 * Each issuer has its own: one that is slow or down holds up nobody else's tokens.
 */
export function createRemoteKeySource({ location, clock, log, fetch }: RemoteKeyOptions): KeySource {
  const { issuer } = location;
  const allowance = createRefreshAllowance();
  const closing = new AbortController();
  let cached: CachedKeys | undefined;
  let inFlight: Promise<void> | undefined;
  let waiting = 0;
  let failures = 0;
  let retryAtMs = 0;

  const keep = ({ keys, maxAgeSeconds = FRESH_SECONDS_DEFAULT }: LoadedKeys) => {
    const freshSeconds = Math.min(Math.max(maxAgeSeconds, FRESH_SECONDS_MIN), FRESH_SECONDS_MAX);
    cached = { keys, freshUntilMs: clock.nowMs() + freshSeconds * 1_000 };
    failures = 0;
    log.debug('jwks.refreshed', { issuer, keys: keys.size, skipped: keys.skipped.slice(0, 5), freshSeconds });
  };
  const noteFailure = (error: unknown) => {
    if (closing.signal.aborted) return;
    retryAtMs = clock.nowMs() + Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(failures, 10));
    failures += 1;
    log.warn('jwks.refresh_failed', {
      issuer,
      error: messageOf(error),
      failures,
      servesStaleKeys: usable() !== undefined,
    });
  };
  const refresh = (): Promise<void> => {
    inFlight ??= loadKeys(location, fetch, closing.signal)
      .then(keep, noteFailure)
      .finally(() => {
        inFlight = undefined;
      });
    return inFlight;
  };
  const usable = (): KeySet | undefined =>
    cached !== undefined && clock.nowMs() < cached.freshUntilMs + STALE_MS_MAX ? cached.keys : undefined;
  const selectNow = (kid: string | undefined, algorithm: SignatureAlgorithm): KeySelection => {
    const choice = usable()?.choose(kid, algorithm);
    if (choice === undefined || closing.signal.aborted) return UNAVAILABLE;
    // An unknown key may be one that the issuer has just begun to use.
    return choice.ok ? choice : { ...choice, retryable: choice.code === 'token_key_unknown' };
  };
  const selectAfterRefresh = async (kid: string | undefined, algorithm: SignatureAlgorithm) => {
    if (waiting >= WAITING_MAX) return selectNow(kid, algorithm);
    waiting += 1;
    try {
      await refresh();
    } finally {
      waiting -= 1;
    }
    const selection = selectNow(kid, algorithm);
    if (!selection.ok && selection.code === 'token_key_unknown') allowance.noteAbsent(kid, clock.nowMs());
    return selection;
  };

  return {
    select(kid, algorithm) {
      const nowMs = clock.nowMs();
      if (cached === undefined || nowMs >= cached.freshUntilMs) {
        return nowMs < retryAtMs ? selectNow(kid, algorithm) : selectAfterRefresh(kid, algorithm);
      }
      const selection = selectNow(kid, algorithm);
      if (selection.ok || selection.code !== 'token_key_unknown' || nowMs < retryAtMs) return selection;
      const mayRefresh = inFlight !== undefined || allowance.take(kid, nowMs);
      return mayRefresh ? selectAfterRefresh(kid, algorithm) : selection;
    },
    close() {
      closing.abort();
    },
  };
}
