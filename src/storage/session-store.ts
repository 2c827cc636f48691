import type { SessionStore, StoredSession } from '#people/ports.ts';
import {
  holderCondition,
  isHeldBy,
  SIGNED_IN_COLUMNS,
  signedInFromRow,
  signedInValues,
} from './person-row.ts';
import type { SqlDatabase, SqlStep } from './sql-database.ts';
import {
  integer,
  integerOrNull,
  readInteger,
  readOptionalInteger,
  readOptionalText,
  readText,
  type SqlValue,
  textOrNull,
} from './sql-value.ts';
import { toStoredText } from './stored-text.ts';

const COLUMNS = `${SIGNED_IN_COLUMNS}, id, token_hash, browser, client, source_ip, created_at_ms, expires_at_ms,
  last_used_at_ms, revoked_at_ms`;

export function createSessionStore(database: SqlDatabase): SessionStore {
  const sessionWhere = async (condition: string, value: string): Promise<StoredSession | undefined> => {
    const [row] = await database.query(`SELECT ${COLUMNS} FROM session WHERE ${condition}`, [
      toStoredText(value),
    ]);
    return row && sessionFromRow(row);
  };
  return {
    addAdminLink: async (link) => {
      await database.execute([
        {
          sql: 'INSERT INTO admin_link (token_hash, created_at_ms, expires_at_ms) VALUES (?, ?, ?)',
          values: [
            toStoredText(link.tokenHash),
            integer(link.createdAtMs, 'createdAtMs'),
            integer(link.expiresAtMs, 'expiresAtMs'),
          ],
        },
      ]);
    },
    redeemAdminLink: async (linkHash, session, nowMs) => {
      const used = await database.execute([useLink(linkHash, nowMs), insertSession(session)]);
      return used === 1;
    },
    openSession: async (signInHash, session) => {
      const steps = [finishSignIn(signInHash, session), insertSession(session)];
      const finished = await database.execute([...steps, ...refreshGroups(session)]);
      return finished === 1;
    },
    session: (tokenHash) => sessionWhere('token_hash = ?', tokenHash),
    openSessions: async (filter, nowMs, limit) => {
      const holder = holderCondition(filter);
      const rows = await database.query(
        `SELECT ${COLUMNS} FROM session
         WHERE ${holder.sql} AND revoked_at_ms IS NULL AND expires_at_ms > ?
         ORDER BY created_at_ms DESC, id DESC LIMIT ?`,
        [...holder.values, integer(nowMs, 'nowMs'), integer(limit, 'limit')],
      );
      return rows.map(sessionFromRow);
    },
    touchSession: async (id, nowMs) => {
      const now = integer(nowMs, 'nowMs');
      await database.execute([
        {
          sql: 'UPDATE session SET last_used_at_ms = ? WHERE id = ? AND last_used_at_ms < ?',
          values: [now, toStoredText(id), now],
        },
      ]);
    },
    revokeSession: async (id, nowMs, filter) => {
      const session = await sessionWhere('id = ?', id);
      if (session === undefined || !isHeldBy(session, filter)) return undefined;
      const revoked = await database.execute([
        {
          sql: 'UPDATE session SET revoked_at_ms = ? WHERE id = ? AND revoked_at_ms IS NULL',
          values: [integer(nowMs, 'nowMs'), toStoredText(id)],
        },
      ]);
      return revoked === 1 ? session : undefined;
    },
    removeEnded: async (beforeMs) => {
      const before = [integer(beforeMs, 'beforeMs')];
      // One by one: a step that finds nothing would keep the others from being done.
      await database.execute([{ sql: 'DELETE FROM session WHERE expires_at_ms < ?', values: before }]);
      await database.execute([{ sql: 'DELETE FROM admin_link WHERE expires_at_ms < ?', values: before }]);
      await database.execute([{ sql: 'DELETE FROM sign_in WHERE finished_at_ms < ?', values: before }]);
      await database.execute([{ sql: 'DELETE FROM api_token WHERE expires_at_ms < ?', values: before }]);
    },
  };
}

/** Changes a row only for the first who asks: whoever changes none gets no session. */
function useLink(linkHash: string, nowMs: number): SqlStep {
  const now = integer(nowMs, 'nowMs');
  return {
    sql: `UPDATE admin_link SET used_at_ms = ?
          WHERE token_hash = ? AND used_at_ms IS NULL AND expires_at_ms > ?`,
    values: [now, toStoredText(linkHash), now],
  };
}

/** A callback that is played again finds its row, changes none, and gets no session. */
function finishSignIn(signInHash: string, session: StoredSession): SqlStep {
  return {
    sql: 'INSERT INTO sign_in (state_hash, finished_at_ms) VALUES (?, ?) ON CONFLICT (state_hash) DO NOTHING',
    values: [toStoredText(signInHash), integer(session.createdAtMs, 'createdAtMs')],
  };
}

function refreshGroups(session: StoredSession): SqlStep[] {
  const holder = holderCondition({ subject: session.subject, issuer: session.issuer });
  const values = [toStoredText(JSON.stringify(session.groups)), ...holder.values];
  return ['session', 'api_token'].map((table) => ({
    sql: `UPDATE ${table} SET group_names = ? WHERE ${holder.sql}`,
    values,
  }));
}

function insertSession(session: StoredSession): SqlStep {
  return {
    // `role` is of the first version, where every session was an owner's; roles now come from the configuration.
    sql: `INSERT INTO session (${COLUMNS}, role) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    values: [
      ...signedInValues(session),
      toStoredText(session.id),
      toStoredText(session.tokenHash),
      session.browser ? 1 : 0,
      textOrNull(session.client),
      textOrNull(session.sourceIp),
      integer(session.createdAtMs, 'createdAtMs'),
      integer(session.expiresAtMs, 'expiresAtMs'),
      integer(session.lastUsedAtMs, 'lastUsedAtMs'),
      integerOrNull(session.revokedAtMs, 'revokedAtMs'),
      session.signedInBy === 'link' ? 'owner' : 'configured',
    ],
  };
}

function sessionFromRow(row: readonly SqlValue[]): StoredSession {
  return {
    ...signedInFromRow(row),
    id: readText(row[5]),
    tokenHash: readText(row[6]),
    browser: readInteger(row[7]) === 1,
    client: readOptionalText(row[8]),
    sourceIp: readOptionalText(row[9]),
    createdAtMs: readInteger(row[10]),
    expiresAtMs: readInteger(row[11]),
    lastUsedAtMs: readInteger(row[12]),
    revokedAtMs: readOptionalInteger(row[13]),
  };
}
