import type { StoredApiToken, StoredSession } from '#people/ports.ts';
import type { PeopleInForce } from '#people/settings.ts';
import type { FailureThrottle } from '../failure-throttle.ts';
import type { Person } from '../ports.ts';
import { RequestProblem } from '../request-problem.ts';
import { hashToken } from '../secret-tokens.ts';
import type { PeopleServices } from './dependencies.ts';
import { createHeldRows } from './held-rows.ts';
import type { PersonEvents, SessionRefusal } from './person-events.ts';
import { challenge, refuseWhenThrottled } from './refuse-caller.ts';

const SESSION_TOUCH_MS = 60_000;
const TOKEN_TOUCH_MS = 3_600_000;

/** Whom a token stands for; what they may do is not looked at yet. */
export type KnownPerson = Omit<Person, 'grants' | 'scope'>;

/** What a caller shows: a token in the header, or a session in the cookie of a browser. */
export type PersonCredential = { kind: 'session' | 'cookie' | 'api-token'; token: string };

export interface PersonAuthenticator {
  /** @throws {RequestProblem} `session_invalid`, `too_many_failures` */
  authenticate(
    credential: PersonCredential,
    inForce: PeopleInForce,
    sourceIp: string | undefined,
  ): Promise<KnownPerson>;
  /** After something ended: at once here, within five seconds on other servers. */
  forgetAll(): void;
}

export function createPersonAuthenticator(options: {
  services: Pick<PeopleServices, 'sessions' | 'people' | 'clock' | 'log'>;
  failures: FailureThrottle;
  events: PersonEvents;
}): PersonAuthenticator {
  const { failures, events } = options;
  const { sessions, people, clock, log } = options.services;
  // Who failed too often does not reach the store; who is known from before goes on.
  const heldSessions = createHeldRows((hash, sourceIp) => {
    refuseWhenThrottled(failures, sourceIp);
    return sessions.session(hash);
  }, clock);
  const heldTokens = createHeldRows((hash, sourceIp) => {
    refuseWhenThrottled(failures, sourceIp);
    return people.apiTokens.apiToken(hash);
  }, clock);

  /** When somebody was here last is for people to look at: that it cannot be noted keeps nobody out. */
  const note = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      log.warn('session.not_touched', { error });
    }
  };

  const refuse = async (reason: SessionRefusal, sourceIp: string | undefined): Promise<never> => {
    refuseWhenThrottled(failures, sourceIp);
    failures.fail(sourceIp);
    await events.refused(reason, sourceIp);
    throw new RequestProblem(
      'session_invalid',
      'The session or token is unknown, was ended or has expired.',
      {
        headers: challenge('invalid_token'),
      },
    );
  };

  const bySession = async (
    { kind, token }: PersonCredential,
    { settings }: PeopleInForce,
    sourceIp: string | undefined,
  ): Promise<KnownPerson> => {
    const session = await heldSessions.find(hashToken(token), sourceIp);
    const browser = kind === 'cookie';
    // What is a cookie was never shown to a script; as a header it can only have been stolen.
    if (session === undefined || session.browser !== browser) return refuse('session_unknown', sourceIp);
    const idleAtMs = browser ? session.lastUsedAtMs + settings.sessions.idle * 1_000 : undefined;
    const refusal = refusalOfSession(session, idleAtMs, clock.nowMs());
    if (refusal !== undefined) return refuse(refusal, sourceIp);
    if (clock.nowMs() - session.lastUsedAtMs >= SESSION_TOUCH_MS) {
      heldSessions.keep({ ...session, lastUsedAtMs: clock.nowMs() });
      await note(sessions.touchSession(session.id, clock.nowMs()));
    }
    return {
      ...signedInOf(session),
      kind: 'session',
      ...timesOf(session),
      browser,
      idleAtMs,
      bounds: undefined,
    };
  };

  const byToken = async (tokenText: string, sourceIp: string | undefined): Promise<KnownPerson> => {
    const token = await heldTokens.find(hashToken(tokenText), sourceIp);
    if (token === undefined) return refuse('token_unknown', sourceIp);
    const nowMs = clock.nowMs();
    if (token.revokedAtMs !== undefined) return refuse('token_revoked', sourceIp);
    if (nowMs >= token.expiresAtMs) return refuse('token_expired', sourceIp);
    if (nowMs - (token.lastUsedAtMs ?? 0) >= TOKEN_TOUCH_MS) {
      heldTokens.keep({ ...token, lastUsedAtMs: nowMs });
      await note(people.apiTokens.touchApiToken(token.id, nowMs));
    }
    const { actions, repositories } = token;
    return {
      ...signedInOf(token),
      kind: 'token',
      ...timesOf(token),
      browser: false,
      idleAtMs: undefined,
      bounds: { actions, repositories },
    };
  };

  return {
    async authenticate(credential, inForce, sourceIp) {
      return credential.kind === 'api-token'
        ? byToken(credential.token, sourceIp)
        : bySession(credential, inForce, sourceIp);
    },
    forgetAll() {
      heldSessions.forgetAll();
      heldTokens.forgetAll();
    },
  };
}

function signedInOf({ subject, name, signedInBy, issuer, groups }: StoredSession | StoredApiToken) {
  return { subject, name, signedInBy, issuer, groups };
}

function timesOf({ id, tokenHash, createdAtMs, expiresAtMs }: StoredSession | StoredApiToken) {
  return { id, tokenHash, createdAtMs, expiresAtMs };
}

function refusalOfSession(
  session: StoredSession,
  idleAtMs: number | undefined,
  nowMs: number,
): SessionRefusal | undefined {
  if (session.revokedAtMs !== undefined) return 'session_revoked';
  if (nowMs >= session.expiresAtMs) return 'session_expired';
  return idleAtMs !== undefined && nowMs >= idleAtMs ? 'session_idle' : undefined;
}
