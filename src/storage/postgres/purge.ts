import { integer } from '../sql-value.ts';
import type { SqlDatabase } from '../sql-database.ts';

const ROWS_AT_ONCE = 5_000;

/** Several servers may purge at once: each skips the rows that another one has in hand. */
export async function purge(database: SqlDatabase, nowMs: number): Promise<number> {
  integer(nowMs, 'nowMs');
  const forget = `
    DELETE FROM claim WHERE key IN
      (SELECT key FROM claim WHERE expires_at_ms < ? LIMIT ${ROWS_AT_ONCE} FOR UPDATE SKIP LOCKED)`;
  const end = `
    UPDATE lease SET state = 'expired', ended_at_ms = expires_at_ms WHERE id IN
      (SELECT id FROM lease
       WHERE revocable = 0 AND state IN ('pending', 'active', 'revoking') AND expires_at_ms < ?
       ORDER BY expires_at_ms LIMIT ${ROWS_AT_ONCE} FOR UPDATE SKIP LOCKED)`;
  return (await repeat(database, forget, nowMs)) + (await repeat(database, end, nowMs));
}

async function repeat(database: SqlDatabase, sql: string, nowMs: number): Promise<number> {
  let total = 0;
  for (;;) {
    const changed = await database.execute([{ sql, values: [nowMs] }]);
    total += changed;
    if (changed < ROWS_AT_ONCE) return total;
  }
}
