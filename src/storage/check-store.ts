import type { Clock } from '#core/clock.ts';
import type { SqlDatabase } from './sql-database.ts';

/** A real durable write: a store that can only be read is not ready. */
export async function checkStore(database: SqlDatabase, clock: Clock): Promise<void> {
  await database.execute([
    { sql: "UPDATE meta SET value = ? WHERE name = 'checked_at_ms'", values: [String(clock.nowMs())] },
  ]);
}
