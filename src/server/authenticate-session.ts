import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '#core/clock.ts';
import type { FailureThrottle } from './failure-throttle.ts';
import type { SessionStore, StoredSession } from './ports.ts';
import { RequestProblem } from './request-problem.ts';
import { hashToken } from './secret-tokens.ts';
import type { SessionEvents, SessionRefusal } from './session-events.ts';

const CACHE_MS = 5_000;
const CACHED_MAX = 1_000;

/** Sessions by their token. What was found may be up to five seconds old; what was not found is never kept. */
export interface SessionAuthenticator {
  /** @throws {RequestProblem} `session_invalid`, `too_many_failures` */
  authenticate(token: string, sourceIp: string | undefined): Promise<StoredSession>;
  forget(session: StoredSession): void;
}

export function challenge(error?: 'invalid_token'): Readonly<Record<string, string>> {
  const parameter = error === undefined ? '' : `, error="${error}"`;
  return { 'WWW-Authenticate': `Bearer realm="vouchgate"${parameter}` };
}

/** @throws {RequestProblem} `too_many_failures` */
export function refuseWhenThrottled(failures: FailureThrottle, sourceIp: string | undefined): void {
  const waitSeconds = failures.waitSeconds(sourceIp);
  if (waitSeconds === 0) return;
  throw new RequestProblem('too_many_failures', `Too many attempts failed; wait ${waitSeconds} s.`, {
    headers: { 'Retry-After': String(waitSeconds) },
  });
}

function equalHashes(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}

export function createSessionAuthenticator(options: {
  sessions: SessionStore;
  clock: Clock;
  failures: FailureThrottle;
  events: SessionEvents;
}): SessionAuthenticator {
  const { sessions, clock, failures, events } = options;
  const cache = new Map<string, { session: StoredSession; readAtMs: number }>();

  const find = async (tokenHash: string, sourceIp: string | undefined) => {
    const cached = cache.get(tokenHash);
    if (cached !== undefined && clock.nowMs() - cached.readAtMs < CACHE_MS) return cached.session;
    cache.delete(tokenHash);
    refuseWhenThrottled(failures, sourceIp);
    const session = await sessions.session(tokenHash);
    // A store that compares text loosely must not be enough to get in.
    if (session === undefined || !equalHashes(session.tokenHash, tokenHash)) return undefined;
    if (cache.size >= CACHED_MAX) cache.clear();
    cache.set(tokenHash, { session, readAtMs: clock.nowMs() });
    return session;
  };

  return {
    async authenticate(token, sourceIp) {
      const session = await find(hashToken(token), sourceIp);
      const refusal = refusalOf(session, clock.nowMs());
      if (session !== undefined && refusal === undefined) return session;
      if (session !== undefined) cache.delete(session.tokenHash);
      refuseWhenThrottled(failures, sourceIp);
      failures.fail(sourceIp);
      await events.refused(refusal ?? 'session_unknown', sourceIp);
      throw new RequestProblem('session_invalid', 'The session is unknown, was closed or has expired.', {
        headers: challenge('invalid_token'),
      });
    },
    forget(session) {
      cache.delete(session.tokenHash);
    },
  };
}

function refusalOf(session: StoredSession | undefined, nowMs: number): SessionRefusal | undefined {
  if (session === undefined) return 'session_unknown';
  if (session.revokedAtMs !== undefined) return 'session_revoked';
  return nowMs >= session.expiresAtMs ? 'session_expired' : undefined;
}
