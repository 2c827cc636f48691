import type { AuditEvent } from '../event.ts';
import { addressOf, compact, textAt } from './event-field.ts';
import type { EventMeaning } from './event-meaning.ts';

/** The fields that are used are stable since this version. */
const ECS_VERSION = '8.17.0';

/** Elastic Common Schema; the exact text of the event is `event.original`. */
export function toEcs(event: AuditEvent, text: string, meaning: EventMeaning): Record<string, unknown> {
  const ip = addressOf(event);
  const person = event.actor.kind === 'person';
  const login = textAt(event, 'identity', 'actor', 'login');
  return compact({
    ecs: { version: ECS_VERSION },
    message: `${event.type}: ${meaning.says}${event.resource === undefined ? '' : ` (${event.resource})`}`,
    event: {
      id: event.id,
      kind: 'event',
      category: meaning.ecs.category,
      type: meaning.ecs.type,
      action: event.type,
      outcome: meaning.outcome,
      reason: textAt(event, 'denial', 'code'),
      module: 'vouchgate',
      dataset: 'vouchgate.audit',
      provider: 'vouchgate',
      original: text,
    },
    user: { id: event.actor.id, name: person ? event.actor.id : login },
    source: { ip },
    related: { ip: ip === undefined ? [] : [ip], user: login === undefined ? [] : [login] },
    url: { full: textAt(event, 'identity', 'issuer') },
    labels: {
      actor_kind: event.actor.kind,
      decision: event.decision,
      resource: event.resource,
      lease: event.lease,
      platform: textAt(event, 'identity', 'platform'),
      project: textAt(event, 'identity', 'project', 'path'),
      ref: textAt(event, 'identity', 'ref', 'full'),
    },
  });
}
