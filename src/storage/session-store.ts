import type { SessionStore, StoredSession } from '#server/ports.ts';
import type { SqlDatabase, SqlStep } from './sql-database.ts';
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

export function createSessionStore(database: SqlDatabase): SessionStore {
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
    session: async (tokenHash) => {
      const [row] = await database.query(
        `SELECT id, token_hash, subject, role, created_at_ms, expires_at_ms, revoked_at_ms
         FROM session WHERE token_hash = ?`,
        [toStoredText(tokenHash)],
      );
      return row && sessionFromRow(row);
    },
    revokeSession: async (id, nowMs) => {
      await database.execute([
        {
          sql: 'UPDATE session SET revoked_at_ms = ? WHERE id = ? AND revoked_at_ms IS NULL',
          values: [integer(nowMs, 'nowMs'), toStoredText(id)],
        },
      ]);
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

function insertSession(session: StoredSession): SqlStep {
  return {
    sql: 'INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)',
    values: [
      toStoredText(session.id),
      toStoredText(session.tokenHash),
      toStoredText(session.subject),
      session.role,
      integer(session.createdAtMs, 'createdAtMs'),
      integer(session.expiresAtMs, 'expiresAtMs'),
      integerOrNull(session.revokedAtMs, 'revokedAtMs'),
    ],
  };
}

function sessionFromRow(row: readonly SqlValue[]): StoredSession {
  return {
    id: readText(row[0]),
    tokenHash: readText(row[1]),
    subject: readText(row[2]),
    role: readChoice(row[3], ['owner']),
    createdAtMs: readInteger(row[4]),
    expiresAtMs: readInteger(row[5]),
    revokedAtMs: readOptionalInteger(row[6]),
  };
}
