import type { ApiTokenStore, StoredApiToken } from '#people/ports.ts';
import type { PersonAction } from '#policy/people/people-schema.ts';
import {
  holderCondition,
  isHeldBy,
  readTexts,
  SIGNED_IN_COLUMNS,
  signedInFromRow,
  signedInValues,
} from './person-row.ts';
import type { SqlDatabase } from './sql-database.ts';
import {
  integer,
  integerOrNull,
  readChoice,
  readInteger,
  readOptionalInteger,
  readOptionalText,
  readText,
  type SqlValue,
  textOrNull,
} from './sql-value.ts';
import { toStoredText } from './stored-text.ts';

const COLUMNS = `${SIGNED_IN_COLUMNS}, id, token_hash, label, actions, repositories, created_at_ms, expires_at_ms,
  last_used_at_ms, revoked_at_ms`;

// Exactly the actions there are: the type says so, and what is not among them is no text of ours.
const ACTIONS: Readonly<Record<PersonAction, PersonAction>> = {
  own: 'own',
  view: 'view',
  viewRecord: 'viewRecord',
  triage: 'triage',
  upload: 'upload',
  propose: 'propose',
  approve: 'approve',
  manageLeases: 'manageLeases',
  configure: 'configure',
  administer: 'administer',
};

export function createApiTokenStore(database: SqlDatabase): ApiTokenStore {
  const tokenWhere = async (condition: string, value: string): Promise<StoredApiToken | undefined> => {
    const [row] = await database.query(`SELECT ${COLUMNS} FROM api_token WHERE ${condition}`, [
      toStoredText(value),
    ]);
    return row && tokenFromRow(row);
  };
  return {
    addApiToken: async (token) => {
      await database.execute([
        {
          sql: `INSERT INTO api_token (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          values: tokenValues(token),
        },
      ]);
    },
    apiToken: (tokenHash) => tokenWhere('token_hash = ?', tokenHash),
    apiTokens: async (filter, limit) => {
      const holder = holderCondition(filter);
      const rows = await database.query(
        `SELECT ${COLUMNS} FROM api_token WHERE ${holder.sql} ORDER BY created_at_ms DESC, id DESC LIMIT ?`,
        [...holder.values, integer(limit, 'limit')],
      );
      return rows.map(tokenFromRow);
    },
    touchApiToken: async (id, nowMs) => {
      await database.execute([
        {
          sql: 'UPDATE api_token SET last_used_at_ms = ? WHERE id = ?',
          values: [integer(nowMs, 'nowMs'), toStoredText(id)],
        },
      ]);
    },
    revokeApiToken: async (id, nowMs, filter) => {
      const token = await tokenWhere('id = ?', id);
      if (token === undefined || !isHeldBy(token, filter)) return undefined;
      const revoked = await database.execute([
        {
          sql: 'UPDATE api_token SET revoked_at_ms = ? WHERE id = ? AND revoked_at_ms IS NULL',
          values: [integer(nowMs, 'nowMs'), toStoredText(id)],
        },
      ]);
      return revoked === 1 ? token : undefined;
    },
  };
}

function tokenValues(token: StoredApiToken): SqlValue[] {
  return [
    ...signedInValues(token),
    toStoredText(token.id),
    toStoredText(token.tokenHash),
    toStoredText(token.label),
    toStoredText(JSON.stringify(token.actions)),
    textOrNull(token.repositories && JSON.stringify(token.repositories)),
    integer(token.createdAtMs, 'createdAtMs'),
    integer(token.expiresAtMs, 'expiresAtMs'),
    integerOrNull(token.lastUsedAtMs, 'lastUsedAtMs'),
    integerOrNull(token.revokedAtMs, 'revokedAtMs'),
  ];
}

function tokenFromRow(row: readonly SqlValue[]): StoredApiToken {
  const repositories = readOptionalText(row[9]);
  return {
    ...signedInFromRow(row),
    id: readText(row[5]),
    tokenHash: readText(row[6]),
    label: readText(row[7]),
    actions: readTexts(readText(row[8])).map((action) => readChoice(action, Object.values(ACTIONS))),
    repositories: repositories === undefined ? undefined : readTexts(repositories),
    createdAtMs: readInteger(row[10]),
    expiresAtMs: readInteger(row[11]),
    lastUsedAtMs: readOptionalInteger(row[12]),
    revokedAtMs: readOptionalInteger(row[13]),
  };
}
