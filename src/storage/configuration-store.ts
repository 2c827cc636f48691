import type { ConfigurationStore, StoredConfiguration } from '#broker/configuration-store.ts';
import type { SqlDatabase } from './sql-database.ts';
import {
  countCharacters,
  integer,
  readInteger,
  readJsonText,
  readOptionalText,
  readText,
  type SqlValue,
} from './sql-value.ts';
import { toStoredText } from './stored-text.ts';
import { clampLimit } from './window.ts';

const WITH_FILES = 'SELECT id, digest, applied_at_ms, files, policy_version FROM configuration';
const NEWEST_FIRST = 'ORDER BY applied_at_ms DESC, id DESC LIMIT ?';

export function createConfigurationStore(database: SqlDatabase): ConfigurationStore {
  return {
    saveConfiguration: async (configuration) => {
      const values = [
        toStoredText(configuration.id),
        toStoredText(configuration.digest),
        integer(configuration.appliedAtMs, 'appliedAtMs'),
        JSON.stringify(configuration.files),
        configuration.policyVersion === undefined ? null : toStoredText(configuration.policyVersion),
      ];
      countCharacters(values);
      const columns = 'id, digest, applied_at_ms, files, policy_version';
      const sql = `INSERT INTO configuration (${columns}) VALUES (?, ?, ?, ?, ?)`;
      await database.execute([{ sql, values }]);
    },
    latestConfiguration: async () => {
      const [row] = await database.query(`${WITH_FILES} ${NEWEST_FIRST}`, [1]);
      return row && whole(row);
    },
    configurationByPolicyVersion: async (policyVersion) => {
      const [row] = await database.query(`${WITH_FILES} WHERE policy_version = ? ${NEWEST_FIRST}`, [
        toStoredText(policyVersion),
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
  const policyVersion = readOptionalText(row[4]);
  return { ...summary(row), files, ...(policyVersion === undefined ? {} : { policyVersion }) };
}

function summary(row: readonly SqlValue[]): Omit<StoredConfiguration, 'files' | 'policyVersion'> {
  return { id: readText(row[0]), digest: readText(row[1]), appliedAtMs: readInteger(row[2]) };
}
