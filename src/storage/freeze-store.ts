import type { Freeze, FreezeStore, FreezeTarget } from '#broker/freeze/freeze.ts';
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
import { LIST_ROWS_MAX } from './window.ts';

const KINDS: readonly FreezeTarget['kind'][] = ['everything', 'identityProvider', 'resource', 'repository'];
const COLUMNS = 'id, kind, name, reason, frozen_by, frozen_at_ms, until_ms';

export function createFreezeStore(database: SqlDatabase): FreezeStore {
  return {
    addFreeze: async ({ id, target, reason, frozenBy, frozenAtMs, untilMs }) => {
      await database.execute([
        {
          sql: `INSERT INTO access_freeze (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
          values: [
            toStoredText(id),
            target.kind,
            target.kind === 'everything' ? '' : toStoredText(target.name),
            toStoredText(reason),
            toStoredText(frozenBy),
            integer(frozenAtMs, 'frozenAtMs'),
            integerOrNull(untilMs, 'untilMs'),
          ],
        },
      ]);
    },
    liftFreeze: async (id, liftedBy, nowMs) => {
      const changed = await database.execute([
        {
          sql: `UPDATE access_freeze SET lifted_by = ?, lifted_at_ms = ?
                WHERE id = ? AND lifted_at_ms IS NULL AND (until_ms IS NULL OR until_ms > ?)`,
          values: [toStoredText(liftedBy), integer(nowMs, 'nowMs'), toStoredText(id), nowMs],
        },
      ]);
      return changed === 1;
    },
    freezesInForce: async (nowMs) => {
      const rows = await database.query(
        `SELECT ${COLUMNS} FROM access_freeze
         WHERE lifted_at_ms IS NULL AND (until_ms IS NULL OR until_ms > ?)
         ORDER BY id DESC LIMIT ${LIST_ROWS_MAX}`,
        [integer(nowMs, 'nowMs')],
      );
      return rows.map(freezeFromRow);
    },
  };
}

function freezeFromRow(row: readonly SqlValue[]): Freeze {
  const kind = readChoice(row[1], KINDS);
  return {
    id: readText(row[0]),
    target: kind === 'everything' ? { kind } : { kind, name: readText(row[2]) },
    reason: readText(row[3]),
    frozenBy: readText(row[4]),
    frozenAtMs: readInteger(row[5]),
    untilMs: readOptionalInteger(row[6]),
  };
}
