import type { AuditEvent, RecordedEvent } from '#audit/event.ts';
import type { EventTextSource } from '#audit/log/ports.ts';
import type { EventFilter, EventStore } from '#audit/ports.ts';
import { eventFromRow, eventToRow } from '../event-row.ts';
import { countCharacters, type SqlValue } from '../sql-value.ts';
import { clampLimit } from '../window.ts';

export interface MemoryEvents {
  store: EventStore & EventTextSource;
  /** For writes that record events along with something else; gives the last sequence. */
  appendNow: (rows: readonly SqlValue[][]) => number;
  /** For what names an event by its number. */
  findNow: (sequence: number) => RecordedEvent | undefined;
  /** For the erasure of what is personal in one event. */
  replaceNow: (event: RecordedEvent) => void;
  /** For the pruning of the log. */
  removeNow: (upToSequence: number) => void;
}

export function createMemoryEventStore(): MemoryEvents {
  const recorded: SqlValue[] = [];
  const appendNow = (rows: readonly SqlValue[][]): number => {
    for (const row of rows) recorded.push(row.at(-1) ?? null);
    return recorded.length;
  };
  return {
    appendNow,
    findNow: (sequence) => {
      const event = recorded[sequence - 1];
      return typeof event === 'string' ? eventFromRow([sequence, event]) : undefined;
    },
    replaceNow: ({ sequence, ...event }) => {
      recorded[sequence - 1] = JSON.stringify(event);
    },
    removeNow: (upToSequence) => {
      recorded.fill(null, 0, upToSequence);
    },
    store: {
      append: async (events: readonly AuditEvent[]) => {
        const rows = events.map(eventToRow);
        countCharacters(rows.flat());
        appendNow(rows);
      },
      list: async (filter) => list(recorded, filter),
      texts: async (filter) =>
        list(recorded, filter).map(({ sequence, ...event }) => ({ sequence, text: JSON.stringify(event) })),
    },
  };
}

function list(recorded: readonly SqlValue[], filter: EventFilter): RecordedEvent[] {
  const { afterSequence, beforeSequence = recorded.length + 1 } = filter;
  const matching = recorded
    .flatMap((event, index) => (event === null ? [] : [eventFromRow([index + 1, event])]))
    .filter(({ sequence }) => sequence > (afterSequence ?? 0) && sequence < beforeSequence)
    .filter((event) => matches(event, filter));
  if (afterSequence === undefined) matching.reverse();
  return matching.slice(0, clampLimit(filter.limit));
}

function matches(event: RecordedEvent, { types, decision, resource, lease }: EventFilter): boolean {
  return (
    (types === undefined || types.includes(event.type)) &&
    (decision === undefined || event.decision === decision) &&
    (resource === undefined || event.resource === resource) &&
    (lease === undefined || event.lease === lease)
  );
}
