import type { AuditEvent, RecordedEvent } from '#audit/event.ts';
import { integer, readInteger, readJsonText, type SqlValue, textOrNull } from './sql-value.ts';

/** What is searched for, and the whole event as JSON: the record is what was appended, byte for byte. */
export const EVENT_COLUMNS = ['type', 'decision', 'resource', 'lease', 'event'] as const;

/**
 * JSON escapes NUL and lone surrogates itself, so `event` fits every store as it is.
 *
 * @throws StoreError `store_refused` for a time that is no whole number
 */
export function eventToRow(event: AuditEvent): SqlValue[] {
  integer(event.timeMs, 'timeMs');
  return [
    event.type,
    textOrNull(event.decision),
    textOrNull(event.resource),
    textOrNull(event.lease),
    JSON.stringify(event),
  ];
}

/** From `sequence, event`. */
export function eventFromRow(row: readonly SqlValue[]): RecordedEvent {
  const event: AuditEvent = JSON.parse(readJsonText(row[1]));
  return { ...event, sequence: readInteger(row[0]) };
}
