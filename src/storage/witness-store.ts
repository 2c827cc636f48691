import type { WitnessStore } from '#audit/log/ports.ts';
import type { SqlDatabase, SqlStep } from './sql-database.ts';
import { integer, readInteger, readText } from './sql-value.ts';
import { toStoredText } from './stored-text.ts';

/** Heads of other people's logs, one row each; the size decides whether a new one may follow. */
export function createWitnessStore(database: SqlDatabase): WitnessStore {
  return {
    lastWitnessed: async (origin) => {
      const [row] = await database.query('SELECT size, root FROM witnessed_log WHERE origin = ?', [
        toStoredText(origin),
      ]);
      return row === undefined
        ? undefined
        : { size: readInteger(row[0]), root: Buffer.from(readText(row[1]), 'base64') };
    },
    witness: async (origin, fromSize, { size, root }) => {
      const [name, hash] = [toStoredText(origin), Buffer.from(root).toString('base64')];
      const step: SqlStep =
        fromSize === 0
          ? {
              sql: `INSERT INTO witnessed_log (origin, size, root) VALUES (?, ?, ?)
                    ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root
                    WHERE witnessed_log.size = 0`,
              values: [name, integer(size, 'size'), hash],
            }
          : {
              sql: 'UPDATE witnessed_log SET size = ?, root = ? WHERE origin = ? AND size = ?',
              values: [integer(size, 'size'), hash, name, integer(fromSize, 'fromSize')],
            };
      return (await database.execute([step])) === 1;
    },
  };
}
