import type { RecordedEvent } from '#audit/event.ts';
import { eventFromRow } from './event-row.ts';
import type { SqlDatabase } from './sql-database.ts';
import type { SqlValue } from './sql-value.ts';

const LIST_SIZES = [4, 32, 256, 1_024];

/** `IN` with one of few lengths, filled up with the last value, so that there are few texts to keep prepared. */
export async function readByList(
  database: Pick<SqlDatabase, 'query'>,
  select: string,
  values: readonly SqlValue[],
): Promise<SqlValue[][]> {
  const last = values.at(-1);
  if (last === undefined) return [];
  const size = LIST_SIZES.find((each) => each >= values.length) ?? values.length;
  const filled = [...values, ...Array.from({ length: size - values.length }, () => last)];
  return database.query(`${select} IN (${filled.map(() => '?').join(', ')})`, filled);
}

/** Events by their number; those that are not there are left out. */
export async function readEvents(
  database: Pick<SqlDatabase, 'query'>,
  sequences: readonly number[],
): Promise<ReadonlyMap<number, RecordedEvent>> {
  const rows = await readByList(database, 'SELECT sequence, event FROM event WHERE sequence', sequences);
  return new Map(rows.map(eventFromRow).map((event) => [event.sequence, event]));
}
