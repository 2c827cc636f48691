import type { AuditEventType } from '#audit/event.ts';
import type { Event } from '#api/event.ts';
import { actorOf, listOf, sourceOf, textOf, type Words } from './event-fields.ts';

/** Events of the first version name one role. */
function rolesOf({ body }: Event): string {
  return body['roles'] === undefined ? (textOf(body, 'role') ?? '?') : listOf(body['roles']);
}

/** Who came, who left, who was refused, and their tokens. */
export const personEventLines = {
  'session.opened': (event) => ({
    what: `logged in: ${event.actor.id} (${rolesOf(event)})`,
    id: textOf(event.body, 'session'),
  }),
  'session.refused': (event) => ({
    what: `login REFUSED: ${textOf(event.body, 'reason') ?? '?'}`,
    note: sourceOf(event),
    failed: true,
  }),
  'session.closed': (event) => ({
    what: `logged out: ${event.actor.id}`,
    id: textOf(event.body, 'session'),
  }),
  'access.refused': (event) => ({
    what: `REFUSED to ${actorOf(event)}: ${textOf(event.body, 'action') ?? '?'}`,
    note: textOf(event.body, 'operation'),
    failed: true,
  }),
  'api_token.created': (event) => ({
    what: `API token made by ${actorOf(event)}: ${textOf(event.body, 'name') ?? '?'}`,
    id: textOf(event.body, 'token'),
  }),
  'api_token.revoked': (event) => ({
    what: `API token ended by ${actorOf(event)}: ${textOf(event.body, 'name') ?? '?'}`,
    id: textOf(event.body, 'token'),
  }),
} as const satisfies Partial<Record<AuditEventType, (event: Event) => Words>>;
