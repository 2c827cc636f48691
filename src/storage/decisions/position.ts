import type { SqlDatabase } from '../sql-database.ts';
import { readOptionalInteger } from '../sql-value.ts';

/** Sequence of the last event that the index has taken in. */
export async function readPosition(database: Pick<SqlDatabase, 'query'>): Promise<number> {
  const [row] = await database.query('SELECT position FROM decision_index WHERE id = 1', []);
  return readOptionalInteger(row?.[0]) ?? 0;
}
