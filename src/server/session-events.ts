import type { AuditEvent } from '#audit/event.ts';
import type { EventStore } from '#audit/ports.ts';
import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Logger } from '#core/log.ts';
import type { StoredSession } from './ports.ts';

const REFUSALS_PER_MINUTE = 60;

export type SessionRefusal =
  | 'link_malformed'
  | 'link_invalid'
  | 'session_unknown'
  | 'session_revoked'
  | 'session_expired';

/** Records who got in, who did not, and who left. */
export interface SessionEvents {
  opened(session: StoredSession, sourceIp: string | undefined): Promise<void>;
  closed(session: StoredSession, sourceIp: string | undefined): Promise<void>;
  refused(reason: SessionRefusal, sourceIp: string | undefined): Promise<void>;
}

function bodyOf(session: StoredSession, sourceIp: string | undefined): AuditEvent['body'] {
  return {
    session: session.id,
    role: session.role,
    expiresAtMs: session.expiresAtMs,
    ...(sourceIp === undefined ? {} : { sourceIp }),
  };
}

export function createSessionEvents(options: {
  events: EventStore;
  clock: Clock;
  log: Logger;
}): SessionEvents {
  const { events, clock, log } = options;
  let windowStartMs = Number.NEGATIVE_INFINITY;
  let refusals = 0;

  const event = (type: AuditEvent['type'], subject: string, body: AuditEvent['body']): AuditEvent => ({
    id: newId('evt', clock),
    timeMs: clock.nowMs(),
    type,
    actor: { kind: 'person', id: subject },
    body,
  });
  return {
    opened: (session, sourceIp) =>
      events.append([event('session.opened', session.subject, bodyOf(session, sourceIp))]),
    closed: (session, sourceIp) =>
      events.append([event('session.closed', session.subject, bodyOf(session, sourceIp))]),
    async refused(reason, sourceIp) {
      const nowMs = clock.nowMs();
      if (nowMs - windowStartMs >= 60_000) {
        windowStartMs = nowMs;
        refusals = 0;
      }
      refusals += 1;
      log.warn('session.refused', { reason, sourceIp });
      // Strangers must not be able to fill the disk with the record of their failures.
      if (refusals > REFUSALS_PER_MINUTE) return;
      const body = { reason, ...(sourceIp === undefined ? {} : { sourceIp }) };
      await events.append([event('session.refused', 'unknown', body)]);
    },
  };
}
