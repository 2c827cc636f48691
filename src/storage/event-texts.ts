import type { EventText } from '#audit/log/ports.ts';
import { ID_PREFIX_CHARS, idOfText, type RecentEvents } from './recent-events.ts';
import type { SqlDatabase } from './sql-database.ts';
import { readInteger, readJsonText, type SqlValue } from './sql-value.ts';

/** Sequence numbers from the first to the last. */
export interface SequenceRange {
  readonly from: number;
  readonly to: number;
}

type Queryable = Pick<SqlDatabase, 'query'>;

/**
 * Events of a range in their order, as texts. Where the event was recorded by this server just now, the store is only
 * asked for its number and id.
 */
export async function readTexts(
  database: Queryable,
  recent: RecentEvents,
  range: SequenceRange,
  limit: number,
): Promise<EventText[]> {
  if (limit === 0) return [];
  const rows = await database.query(
    `SELECT sequence, substr(event, 1, ${ID_PREFIX_CHARS}) FROM event
     WHERE sequence >= ? AND sequence <= ? ORDER BY sequence LIMIT ?`,
    [range.from, range.to, limit],
  );
  const found = rows.map((row) => ({ sequence: readInteger(row[0]), text: takeText(row, recent) }));
  const missing = found.flatMap(({ sequence, text }) => (text === undefined ? [sequence] : []));
  const stored = await readStored(database, missing);
  return found.flatMap(({ sequence, text = stored.get(sequence) }) =>
    text === undefined ? [] : [{ sequence, text }],
  );
}

function takeText(row: readonly SqlValue[], recent: RecentEvents): string | undefined {
  const id = idOfText(readJsonText(row[1]));
  return id === undefined ? undefined : recent.take(id);
}

async function readStored(
  database: Queryable,
  sequences: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const [first, last] = [sequences.at(0), sequences.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const rows = await database.query(
    'SELECT sequence, event FROM event WHERE sequence >= ? AND sequence <= ? ORDER BY sequence',
    [first, last],
  );
  return new Map(rows.map((row) => [readInteger(row[0]), canonical(readJsonText(row[1]))]));
}

/** What `JSON.stringify` makes of it, whatever somebody may have done to the row by hand. */
function canonical(text: string): string {
  return JSON.stringify(JSON.parse(text));
}
