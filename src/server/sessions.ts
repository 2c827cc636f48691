import { newId } from '#core/ids.ts';
import { challenge, refuseWhenThrottled, type SessionAuthenticator } from './authenticate-session.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { FailureThrottle } from './failure-throttle.ts';
import type { HandlersOf } from './handler.ts';
import type { StoredSession } from './ports.ts';
import { RequestProblem } from './request-problem.ts';
import { adminLinkToken, hashToken, newSessionToken } from './secret-tokens.ts';
import type { SessionEvents, SessionRefusal } from './session-events.ts';
import { momentOf } from './views.ts';

const SESSION_SECONDS = 12 * 60 * 60;
const SUBJECT = 'admin';

export function createSessionHandlers(options: {
  deps: Pick<ServerDependencies, 'sessions' | 'clock'>;
  authenticator: SessionAuthenticator;
  failures: FailureThrottle;
  events: SessionEvents;
}): HandlersOf<'openSession' | 'closeSession'> {
  const { deps, authenticator, failures, events } = options;
  const { sessions, clock } = deps;

  const refuse = async (reason: SessionRefusal, sourceIp: string | undefined): Promise<never> => {
    failures.fail(sourceIp);
    await events.refused(reason, sourceIp);
    throw new RequestProblem('admin_link_invalid', 'The link is not valid, was used, or has expired.', {
      headers: challenge(),
    });
  };

  const newSession = (tokenHash: string): StoredSession => {
    const createdAtMs = clock.nowMs();
    return {
      id: newId('ses', clock),
      tokenHash,
      subject: SUBJECT,
      role: 'owner',
      createdAtMs,
      expiresAtMs: createdAtMs + SESSION_SECONDS * 1_000,
      revokedAtMs: undefined,
    };
  };

  /** A session that is not on record must not exist: who cannot be recorded does not get in. */
  const recordOrRevoke = async (session: StoredSession, sourceIp: string | undefined) => {
    try {
      await events.opened(session, sourceIp);
    } catch (error) {
      await sessions.revokeSession(session.id, clock.nowMs());
      throw error;
    }
  };

  return {
    async openSession({ body, sourceIp }) {
      refuseWhenThrottled(failures, sourceIp);
      const link = adminLinkToken(body.link);
      if (link === undefined) return refuse('link_malformed', sourceIp);
      const token = newSessionToken();
      const session = newSession(hashToken(token.reveal()));
      const opened = await sessions.redeemAdminLink(hashToken(link), session, clock.nowMs());
      if (!opened) return refuse('link_invalid', sourceIp);
      await recordOrRevoke(session, sourceIp);
      const { subject, role, expiresAtMs } = session;
      return { value: { token: token.reveal(), expiresAt: momentOf(expiresAtMs), subject, role } };
    },
    async closeSession({ caller, sourceIp }) {
      await sessions.revokeSession(caller.id, clock.nowMs());
      authenticator.forget(caller);
      await events.closed(caller, sourceIp);
      return { value: undefined };
    },
  };
}
