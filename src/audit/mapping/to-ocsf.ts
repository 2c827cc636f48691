import type { AuditEvent, RecordedEvent } from '../event.ts';
import { addressOf, compact, textAt } from './event-field.ts';
import { type EventMeaning, ocsfClass } from './event-meaning.ts';

const VERSION = '1.8.0';
/** `severity_id`: 1 informational, 2 low, 3 medium. */
const SEVERITY = { success: 1, failure: 3, unknown: 1 } as const;
const STATUS = { success: 1, failure: 2, unknown: 0 } as const;
/** `user.type_id`: 1 a person, 3 the system, 4 a service. */
const USER_TYPE = { person: 1, server: 3, workload: 4 } as const;

function userOf(event: AuditEvent): Record<string, unknown> {
  return {
    uid: event.actor.id,
    name: event.actor.id,
    type_id: USER_TYPE[event.actor.kind],
    org: { name: textAt(event, 'identity', 'org', 'name') },
  };
}

/** What each class requires beside the base (https://schema.ocsf.io/1.8.0). */
function specific(event: AuditEvent, meaning: EventMeaning): Record<string, unknown> {
  switch (meaning.ocsf.class) {
    case ocsfClass.authentication:
      return {
        user: userOf(event),
        service: { name: event.resource ?? 'vouchgate' },
        auth_protocol_id: 99,
        auth_protocol: textAt(event, 'identity', 'issuer') === undefined ? 'Vouchgate session' : 'OIDC',
        session: { uid: event.decision },
      };
    case ocsfClass.authorizeSession:
      return {
        user: userOf(event),
        privileges: event.resource === undefined ? [] : [event.resource],
        session: { uid: event.lease ?? event.decision },
      };
    case ocsfClass.applicationLifecycle:
      return { app: { name: 'vouchgate', vendor_name: 'Vouchgate', uid: event.actor.id } };
    default:
      return {
        actor: { user: userOf(event) },
        entity: { name: textAt(event, 'name') ?? textAt(event, 'id') ?? event.type, type: event.type },
      };
  }
}

/** OCSF 1.8; the exact text of the event is `raw_data`. */
export function toOcsf(event: RecordedEvent, text: string, meaning: EventMeaning): Record<string, unknown> {
  const { class: classUid, activity, activityName } = meaning.ocsf;
  return compact({
    activity_id: activity,
    activity_name: activityName,
    category_uid: Math.floor(classUid / 1_000),
    class_uid: classUid,
    type_uid: classUid * 100 + activity,
    time: event.timeMs,
    severity_id: SEVERITY[meaning.outcome],
    status_id: STATUS[meaning.outcome],
    status_code: textAt(event, 'denial', 'code'),
    message: meaning.says,
    metadata: {
      version: VERSION,
      product: { name: 'Vouchgate', vendor_name: 'Vouchgate' },
      uid: event.id,
      sequence: event.sequence,
      correlation_uid: event.decision,
      event_code: event.type,
    },
    src_endpoint: { ip: addressOf(event) },
    ...specific(event, meaning),
    raw_data: text,
  });
}
