import type { AuditEvent, RecordedEvent } from '#audit/event.ts';
import type { EventTextSource } from '#audit/log/ports.ts';
import type { EventFilter, EventStore } from '#audit/ports.ts';
import { eventFromRow, eventToRow } from './event-row.ts';
import { readTexts } from './event-texts.ts';
import type { RecentEvents } from './recent-events.ts';
import type { SqlDatabase } from './sql-database.ts';
import { readOptionalInteger, type SqlValue } from './sql-value.ts';
import { toStoredText } from './stored-text.ts';
import { clampLimit, Conditions, WINDOW_ROWS } from './window.ts';

export interface EventStoreOptions {
  database: Pick<SqlDatabase, 'query'>;
  append(rows: SqlValue[][]): Promise<void>;
  /** Filled by whatever records events. */
  recent: RecentEvents;
  /**
   * The last sequence number up to which no event can appear any more (or one not above `after`, when there
   * is nothing after it). Left out where events commit in the order of their numbers.
   */
  settledSequence?(after: number): Promise<number>;
}

/** Sequence numbers strictly between the two, read in the direction of `ascending`. */
interface Range {
  after: number;
  before: number;
  ascending: boolean;
}

export function createEventStore(options: EventStoreOptions): EventStore & EventTextSource {
  return {
    append: async (events: readonly AuditEvent[]) => {
      if (events.length > 0) await options.append(options.recent.keep(events.map(eventToRow)));
    },
    list: (filter) => listEvents(options, filter),
    texts: async ({ afterSequence, limit }) => {
      const wanted = clampLimit(limit);
      const known = options.recent.takeFollowing(afterSequence, wanted);
      const after = known.at(-1)?.sequence ?? afterSequence;
      const to = (await options.settledSequence?.(after)) ?? Number.MAX_SAFE_INTEGER;
      const range = { from: after + 1, to };
      const read = await readTexts(options.database, options.recent, range, wanted - known.length);
      return known.length === 0 ? read : [...known, ...read];
    },
  };
}

async function listEvents(options: EventStoreOptions, filter: EventFilter): Promise<RecordedEvent[]> {
  const limit = clampLimit(filter.limit);
  if (limit === 0) return [];
  const range = await rangeOf(options, filter);
  const conditions = new Conditions()
    .addEqual('decision', filter.decision && toStoredText(filter.decision))
    .addEqual('lease', filter.lease && toStoredText(filter.lease))
    .addEqual('resource', filter.resource && toStoredText(filter.resource))
    .addChoice('type', filter.types);
  const indexed = filter.decision !== undefined || filter.lease !== undefined;
  const unfiltered = filter.resource === undefined && filter.types === undefined;
  if (indexed || unfiltered) return readRange(options, conditions, range, limit);
  return readWindows(options, conditions, range, limit);
}

async function rangeOf(options: EventStoreOptions, filter: EventFilter): Promise<Range> {
  const ascending = filter.afterSequence !== undefined;
  const after = Math.max(0, filter.afterSequence ?? 0);
  const last =
    ascending && options.settledSequence !== undefined
      ? await options.settledSequence(after)
      : await lastSequence(options.database);
  return { after, before: Math.min(filter.beforeSequence ?? last + 1, last + 1), ascending };
}

export async function lastSequence(database: Pick<SqlDatabase, 'query'>): Promise<number> {
  const [row] = await database.query('SELECT max(sequence) FROM event', []);
  return readOptionalInteger(row?.[0]) ?? 0;
}

async function readWindows(
  options: EventStoreOptions,
  conditions: Conditions,
  range: Range,
  limit: number,
): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  let { after, before } = range;
  while (events.length < limit && before - after > 1) {
    const window = range.ascending
      ? { after, before: Math.min(before, after + WINDOW_ROWS + 1), ascending: true }
      : { after: Math.max(after, before - WINDOW_ROWS - 1), before, ascending: false };
    events.push(...(await readRange(options, conditions, window, limit - events.length)));
    if (range.ascending) after = window.before - 1;
    else before = window.after + 1;
  }
  return events;
}

async function readRange(
  { database }: EventStoreOptions,
  conditions: Conditions,
  { after, before, ascending }: Range,
  limit: number,
): Promise<RecordedEvent[]> {
  const bounded = conditions.copy().add('sequence > ?', after).add('sequence < ?', before);
  const rows = await database.query(
    `SELECT sequence, event FROM event WHERE ${bounded.sql}
     ORDER BY sequence ${ascending ? 'ASC' : 'DESC'} LIMIT ?`,
    [...bounded.values, limit],
  );
  return rows.map(eventFromRow);
}
