import type { AuditEvent } from '#audit/event.ts';
import type { EventStore } from '#audit/ports.ts';
import { createTokenBucket } from '#broker/token-bucket.ts';
import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Logger } from '#core/log.ts';
import type { Needs } from '#people/authority.ts';
import type { StoredApiToken, StoredSession } from '#people/ports.ts';
import type { SignInRefusal } from '#people/sign-in/sign-in.ts';
import type { PersonRole } from '#policy/people/people-schema.ts';
import type { Person } from '../ports.ts';

export type SessionRefusal =
  | 'link_malformed'
  | 'link_invalid'
  | 'session_unknown'
  | 'session_revoked'
  | 'session_expired'
  | 'session_idle'
  | 'token_unknown'
  | 'token_revoked'
  | 'token_expired'
  | 'no_role'
  | 'sign_in_replayed'
  | SignInRefusal;

type SourceIp = string | undefined;
type Held = Pick<StoredSession, 'id' | 'subject'>;

/** Records who got in, who did not, who left, and what was refused to whom. */
export interface PersonEvents {
  opened(session: StoredSession, roles: readonly PersonRole[]): Promise<void>;
  /** `by`: who ended it; the same as the session's person where they did it themselves. */
  closed(session: Held, by: Held, sourceIp: SourceIp): Promise<void>;
  refused(reason: SessionRefusal, sourceIp: SourceIp, subject?: string): Promise<void>;
  actionRefused(person: Person, needs: Needs, operation: string, sourceIp: SourceIp): Promise<void>;
  tokenCreated(token: StoredApiToken, by: Person, sourceIp: SourceIp): Promise<void>;
  tokenRevoked(token: StoredApiToken, by: Person, sourceIp: SourceIp): Promise<void>;
}

// Strangers must not be able to fill the disk with the record of their failures.
const REFUSALS = { burst: 60, perSecond: 1 };

function sourceOf(sourceIp: SourceIp): { sourceIp?: string } {
  return sourceIp === undefined ? {} : { sourceIp };
}

export function createPersonEvents(options: { events: EventStore; clock: Clock; log: Logger }): PersonEvents {
  const { events, clock, log } = options;
  const signInRefusals = createTokenBucket(REFUSALS, clock);
  const actionRefusals = createTokenBucket(REFUSALS, clock);

  const append = (type: AuditEvent['type'], subject: string, body: AuditEvent['body']): Promise<void> =>
    events.append([
      { id: newId('evt', clock), timeMs: clock.nowMs(), type, actor: { kind: 'person', id: subject }, body },
    ]);
  const tokenBody = (token: StoredApiToken, by: Person, sourceIp: SourceIp) => ({
    token: token.id,
    name: token.label,
    subject: token.subject,
    session: by.id,
    ...sourceOf(sourceIp),
  });

  return {
    opened: ({ id, subject, signedInBy, issuer, browser, expiresAtMs, sourceIp }, roles) =>
      append('session.opened', subject, {
        session: id,
        roles: [...new Set(roles)],
        signedInBy,
        ...(issuer === undefined ? {} : { issuer }),
        browser,
        expiresAtMs,
        ...sourceOf(sourceIp),
      }),
    closed: ({ id, subject }, by, sourceIp) =>
      append('session.closed', by.subject, {
        session: id,
        ...(by.id === id ? {} : { subject, by: by.id }),
        ...sourceOf(sourceIp),
      }),
    async refused(reason, sourceIp, subject = 'unknown') {
      log.warn('session.refused', { reason, sourceIp });
      if (signInRefusals.take()) await append('session.refused', subject, { reason, ...sourceOf(sourceIp) });
    },
    async actionRefused(person, { action }, operation, sourceIp) {
      log.warn('access.refused', { action, operation, session: person.id, sourceIp });
      if (!actionRefusals.take()) return;
      const roles = [...new Set(person.grants.map(({ role }) => role))];
      await append('access.refused', person.subject, {
        action,
        operation,
        roles,
        [person.kind]: person.id,
        ...sourceOf(sourceIp),
      });
    },
    tokenCreated: (token, by, sourceIp) =>
      append('api_token.created', by.subject, {
        ...tokenBody(token, by, sourceIp),
        actions: [...token.actions],
        ...(token.repositories === undefined ? {} : { repositories: [...token.repositories] }),
        expiresAtMs: token.expiresAtMs,
      }),
    tokenRevoked: (token, by, sourceIp) =>
      append('api_token.revoked', by.subject, tokenBody(token, by, sourceIp)),
  };
}
