import type { RetentionStore } from '#audit/log/ports.ts';
import { eventToRow } from './event-row.ts';
import type { SqlDatabase, SqlStep } from './sql-database.ts';
import { integer, readInteger, type SqlValue } from './sql-value.ts';

export interface RetentionStoreOptions {
  readonly database: SqlDatabase;
  readonly eventSteps: (rows: readonly SqlValue[][]) => SqlStep[];
}

/** One row says from where on the log is kept; changing it is the first step of every pruning. */
export function createRetentionStore({ database, eventSteps }: RetentionStoreOptions): RetentionStore {
  return {
    retained: async () => {
      const [row] = await database.query(
        'SELECT minimum_index, planned_index FROM log_retention WHERE id = 1',
        [],
      );
      return row === undefined
        ? { minimumIndex: 0, plannedIndex: 0 }
        : { minimumIndex: readInteger(row[0]), plannedIndex: readInteger(row[1]) };
    },
    planPruning: async ({ fromIndex, toIndex, event }) => {
      const planned = await database.execute([
        {
          sql: `UPDATE log_retention SET planned_index = ?
                WHERE id = 1 AND minimum_index = ? AND planned_index = minimum_index`,
          values: [integer(toIndex, 'toIndex'), integer(fromIndex, 'fromIndex')],
        },
        ...eventSteps([eventToRow(event)]),
        {
          sql: 'UPDATE log_retention SET planned_sequence = (SELECT max(sequence) FROM event) WHERE id = 1',
          values: [],
        },
      ]);
      return planned === 1;
    },
    prune: async ({ fromIndex, toIndex, fromBundle, toBundle, lastSequence }) => {
      const [from, to] = [integer(fromIndex, 'fromIndex'), integer(toIndex, 'toIndex')];
      const pruned = await database.execute([
        {
          sql: `UPDATE log_retention SET minimum_index = ?
                WHERE id = 1 AND minimum_index = ? AND planned_index >= ?
                  AND planned_sequence <= (SELECT last_sequence FROM log_head WHERE id = 1)`,
          values: [to, from, to],
        },
        {
          sql: 'DELETE FROM log_bundle WHERE number >= ? AND number < ?',
          values: [integer(fromBundle, 'fromBundle'), integer(toBundle, 'toBundle')],
        },
        { sql: 'DELETE FROM event WHERE sequence <= ?', values: [integer(lastSequence, 'lastSequence')] },
      ]);
      return pruned === 1;
    },
  };
}
