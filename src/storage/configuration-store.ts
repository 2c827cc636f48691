import type { ConfigurationStore, StoredConfiguration } from '#broker/configuration-store.ts';
import type { SqlDatabase } from './sql-database.ts';
import { countCharacters, integer, readInteger, readJsonText, readText, type SqlValue } from './sql-value.ts';
import { toStoredText } from './stored-text.ts';
import { clampLimit } from './window.ts';

const WITH_FILES = 'SELECT id, digest, applied_at_ms, files FROM configuration';
const NEWEST_FIRST = 'ORDER BY applied_at_ms DESC, id DESC LIMIT ?';

export function createConfigurationStore(database: SqlDatabase): ConfigurationStore {
  return {
    saveConfiguration: async (configuration) => {
      const values = [
        toStoredText(configuration.id),
        toStoredText(configuration.digest),
        integer(configuration.appliedAtMs, 'appliedAtMs'),
        JSON.stringify(configuration.files),
      ];
      countCharacters(values);
      await database.execute([{ sql: 'INSERT INTO configuration VALUES (?, ?, ?, ?)', values }]);
    },
    latestConfiguration: async () => {
      const [row] = await database.query(`${WITH_FILES} ${NEWEST_FIRST}`, [1]);
      return row && whole(row);
    },
    configurationByDigest: async (digest) => {
      const [row] = await database.query(`${WITH_FILES} WHERE digest = ? ${NEWEST_FIRST}`, [
        toStoredText(digest),
        1,
      ]);
      return row && whole(row);
    },
    configurations: async (limit) => {
      const rows = await database.query(
        `SELECT id, digest, applied_at_ms FROM configuration ${NEWEST_FIRST}`,
        [clampLimit(limit)],
      );
      return rows.map(summary);
    },
  };
}

function whole(row: readonly SqlValue[]): StoredConfiguration {
  const files: StoredConfiguration['files'] = JSON.parse(readJsonText(row[3]));
  return { ...summary(row), files };
}

function summary(row: readonly SqlValue[]): Omit<StoredConfiguration, 'files'> {
  return { id: readText(row[0]), digest: readText(row[1]), appliedAtMs: readInteger(row[2]) };
}
