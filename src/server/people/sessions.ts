import type { PersonSession } from '#api/person.ts';
import { ADMIN_SUBJECT } from '#people/grants.ts';
import type { SignedIn, StoredSession } from '#people/ports.ts';
import type { FailureThrottle } from '../failure-throttle.ts';
import type { HandlersOf } from '../handler.ts';
import type { Person } from '../ports.ts';
import { RequestProblem } from '../request-problem.ts';
import { adminLinkToken, hashToken } from '../secret-tokens.ts';
import { momentOf } from '../views.ts';
import type { PersonAuthenticator } from './authenticate-person.ts';
import type { PeopleServices } from './dependencies.ts';
import type { SessionOpener } from './open-session.ts';
import type { PersonEvents, SessionRefusal } from './person-events.ts';
import { challenge, refuseWhenThrottled } from './refuse-caller.ts';
import { requireSameOrigin } from './same-origin.ts';
import type { BrowserCookies } from './session-cookie.ts';

const LISTED_MAX = 500;

const ADMIN: SignedIn = {
  subject: ADMIN_SUBJECT,
  name: undefined,
  signedInBy: 'link',
  issuer: undefined,
  groups: [],
};

export interface SessionHandlerOptions {
  services: PeopleServices;
  authenticator: PersonAuthenticator;
  opener: SessionOpener;
  cookies: BrowserCookies;
  failures: FailureThrottle;
  events: PersonEvents;
}

type Handled =
  | 'openSession'
  | 'closeSession'
  | 'listSessions'
  | 'endSession'
  | 'listSessionsOfAll'
  | 'endSessionOfAnyone';

/** What a person does with their own hands; a token that leaked must not be able to make itself lasting. */
export function requireSession(caller: Person): void {
  if (caller.kind === 'session') return;
  throw new RequestProblem('session_required', 'An API token was used where a person is needed.');
}

export function createSessionHandlers(options: SessionHandlerOptions): HandlersOf<Handled> {
  const { services, authenticator, opener, cookies, failures, events } = options;
  const { sessions, clock } = services;

  const refuse = async (reason: SessionRefusal, sourceIp: string | undefined): Promise<never> => {
    failures.fail(sourceIp);
    await events.refused(reason, sourceIp);
    throw new RequestProblem('admin_link_invalid', 'The link is not valid, was used, or has expired.', {
      headers: challenge(),
    });
  };

  const end = async (id: string, caller: Person, sourceIp: string | undefined, everybody: boolean) => {
    const filter = everybody ? {} : { subject: caller.subject, issuer: caller.issuer };
    const ended = await sessions.revokeSession(id, clock.nowMs(), filter);
    authenticator.forgetAll();
    if (ended === undefined)
      throw new RequestProblem('session_unknown', 'There is no open session of this id.');
    await events.closed(ended, caller, sourceIp);
    return { value: undefined };
  };

  const list = async (caller: Person, everybody: boolean) => {
    const filter = everybody ? {} : { subject: caller.subject, issuer: caller.issuer };
    const open = await sessions.openSessions(filter, clock.nowMs(), LISTED_MAX);
    return { value: { sessions: open.map((session) => sessionView(session, caller)) } };
  };

  return {
    async openSession({ body, sourceIp, headers }) {
      if (body.cookie) requireSameOrigin(headers, services.publicUrl);
      refuseWhenThrottled(failures, sourceIp);
      const link = adminLinkToken(body.link);
      if (link === undefined) return refuse('link_malformed', sourceIp);
      const wish = {
        person: ADMIN,
        browser: body.cookie,
        client: headers['user-agent'],
        sourceIp,
        ...(body.cookie ? { former: cookies.session(headers) } : {}),
      };
      const opened = await opener.open(wish, (session) =>
        sessions.redeemAdminLink(hashToken(link), session, clock.nowMs()),
      );
      if (opened === undefined) return refuse('link_invalid', sourceIp);
      const { session, token } = opened;
      const value = {
        token: body.cookie ? null : token,
        expiresAt: momentOf(session.expiresAtMs),
        subject: session.subject,
        role: 'owner' as const,
      };
      if (!body.cookie) return { value };
      const maxAgeSeconds = Math.floor((session.expiresAtMs - clock.nowMs()) / 1_000);
      return { value, headers: ['Set-Cookie', cookies.setSession(token, maxAgeSeconds)] };
    },
    async closeSession({ caller, sourceIp }) {
      requireSession(caller);
      await end(caller.id, caller, sourceIp, false);
      return {
        value: undefined,
        ...(caller.browser ? { headers: ['Set-Cookie', cookies.clearSession()] } : {}),
      };
    },
    async listSessions({ caller }) {
      requireSession(caller);
      return list(caller, false);
    },
    async endSession({ params, caller, sourceIp }) {
      requireSession(caller);
      return end(params.id, caller, sourceIp, false);
    },
    listSessionsOfAll: ({ caller }) => list(caller, true),
    endSessionOfAnyone: ({ params, caller, sourceIp }) => end(params.id, caller, sourceIp, true),
  };
}

function sessionView(session: StoredSession, caller: Person): PersonSession {
  return {
    id: session.id,
    subject: session.subject,
    name: session.name ?? null,
    signedInBy: session.signedInBy,
    browser: session.browser,
    client: session.client ?? null,
    sourceIp: session.sourceIp ?? null,
    createdAt: momentOf(session.createdAtMs),
    lastUsedAt: momentOf(session.lastUsedAtMs),
    expiresAt: momentOf(session.expiresAtMs),
    current: session.id === caller.id,
  };
}
