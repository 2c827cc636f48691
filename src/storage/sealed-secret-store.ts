import type { SealedSecretStore, StoredSealedSecret } from '#credentials/ports.ts';
import type { SqlDatabase } from './sql-database.ts';
import { integer, integerOrNull, readInteger, readOptionalInteger, readText } from './sql-value.ts';
import { toStoredText } from './stored-text.ts';

const LIST_MAX = 10_000;

export function createSealedSecretStore(database: SqlDatabase): SealedSecretStore {
  return {
    get: async (name) => {
      const [row] = await database.query(
        'SELECT name, sealed_value, updated_at_ms, rotate_by_ms FROM sealed_secret WHERE name = ?',
        [toStoredText(name)],
      );
      if (row === undefined) return undefined;
      return {
        name: readText(row[0]),
        sealedValue: readText(row[1]),
        updatedAtMs: readInteger(row[2]),
        rotateByMs: readOptionalInteger(row[3]),
      };
    },
    put: (secret) => putSealedSecret(database, secret),
    list: async () => {
      const rows = await database.query(
        `SELECT name, updated_at_ms, rotate_by_ms FROM sealed_secret ORDER BY name LIMIT ${LIST_MAX}`,
        [],
      );
      return rows.map((row) => ({
        name: readText(row[0]),
        updatedAtMs: readInteger(row[1]),
        rotateByMs: readOptionalInteger(row[2]),
      }));
    },
  };
}

async function putSealedSecret(database: SqlDatabase, secret: StoredSealedSecret): Promise<void> {
  await database.execute([
    {
      sql: `INSERT INTO sealed_secret (name, sealed_value, updated_at_ms, rotate_by_ms) VALUES (?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET sealed_value = excluded.sealed_value,
              updated_at_ms = excluded.updated_at_ms, rotate_by_ms = excluded.rotate_by_ms`,
      values: [
        toStoredText(secret.name),
        toStoredText(secret.sealedValue),
        integer(secret.updatedAtMs, 'updatedAtMs'),
        integerOrNull(secret.rotateByMs, 'rotateByMs'),
      ],
    },
  ]);
}
