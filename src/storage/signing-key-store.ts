import type { SigningKeyStore, StoredSigningKey } from '#credentials/ports.ts';
import type { SqlDatabase } from './sql-database.ts';
import {
  integer,
  integerOrNull,
  readChoice,
  readInteger,
  readOptionalInteger,
  readText,
  type SqlValue,
} from './sql-value.ts';
import { toStoredText } from './stored-text.ts';

export function createSigningKeyStore(database: SqlDatabase): SigningKeyStore {
  return {
    list: async () => {
      const rows = await database.query(
        `SELECT id, algorithm, public_jwk, sealed_private_key, created_at_ms, active_from_ms, retired_at_ms
         FROM signing_key ORDER BY active_from_ms, id LIMIT 1000`,
        [],
      );
      return rows.map(keyFromRow);
    },
    add: async (key) => {
      const added = await database.execute([
        {
          sql: 'INSERT INTO signing_key VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
          values: keyToRow(key),
        },
      ]);
      return added === 1;
    },
    retire: async (id, retiredAtMs) => {
      await database.execute([
        {
          sql: 'UPDATE signing_key SET retired_at_ms = ? WHERE id = ?',
          values: [integer(retiredAtMs, 'retiredAtMs'), toStoredText(id)],
        },
      ]);
    },
  };
}

function keyToRow(key: StoredSigningKey): SqlValue[] {
  return [
    toStoredText(key.id),
    key.algorithm,
    toStoredText(key.publicJwk),
    toStoredText(key.sealedPrivateKey),
    integer(key.createdAtMs, 'createdAtMs'),
    integer(key.activeFromMs, 'activeFromMs'),
    integerOrNull(key.retiredAtMs, 'retiredAtMs'),
  ];
}

function keyFromRow(row: readonly SqlValue[]): StoredSigningKey {
  return {
    id: readText(row[0]),
    algorithm: readChoice(row[1], ['ES256', 'RS256']),
    publicJwk: readText(row[2]),
    sealedPrivateKey: readText(row[3]),
    createdAtMs: readInteger(row[4]),
    activeFromMs: readInteger(row[5]),
    retiredAtMs: readOptionalInteger(row[6]),
  };
}
