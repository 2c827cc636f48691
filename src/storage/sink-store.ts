import type {
  ParkedEvent,
  SinkCursor,
  SinkHealth,
  SinkStart,
  SinkStep,
  SinkStore,
} from '#audit/outbox/ports.ts';
import type { SqlDatabase, SqlStep } from './sql-database.ts';
import { integer, readInteger, readJsonText, readText, type SqlValue } from './sql-value.ts';
import { toStoredText } from './stored-text.ts';
import { clampLimit, Conditions } from './window.ts';

const CURSOR_COLUMNS = 'name, first_index, next_index, last_sequence, health, retry_asked_at_ms';
const PARKED_COLUMNS = 'log_index, sequence, event_id, code, message, parked_at_ms, retry_asked';

/** Of a sink that has not sent anything yet. */
export const NEW_HEALTH: SinkHealth = {
  circuit: 'closed',
  failures: 0,
  stopped: false,
  nextAttemptAtMs: 0,
  lastAttemptAtMs: 0,
  lastSuccessAtMs: undefined,
  lastError: undefined,
};

/** How far each sink is, one row each, and what it would not take. */
export function createSinkStore(database: SqlDatabase): SinkStore {
  return {
    open: async (name, { index, sequence }, kept) => {
      const at = integer(index, 'index');
      const values = [toStoredText(name), at, at, integer(sequence, 'sequence'), JSON.stringify(NEW_HEALTH)];
      await database.execute([
        {
          sql: `INSERT INTO sink (${CURSOR_COLUMNS}, holder, held_until_ms) VALUES (?, ?, ?, ?, ?, 0, '', 0)
                ON CONFLICT (name) DO NOTHING`,
          values,
        },
      ]);
      if (kept !== undefined && kept.index > 0) await skipPruned(database, toStoredText(name), kept);
    },
    find: async (name) => {
      const [row] = await database.query(`SELECT ${CURSOR_COLUMNS} FROM sink WHERE name = ?`, [
        toStoredText(name),
      ]);
      return row === undefined ? undefined : cursorFromRow(row);
    },
    list: async () =>
      (await database.query(`SELECT ${CURSOR_COLUMNS} FROM sink ORDER BY name`, [])).map(cursorFromRow),
    hold: async (name, server, nowMs, untilMs) => {
      const holder = toStoredText(server);
      const held = await database.execute([
        {
          sql: `UPDATE sink SET holder = ?, held_until_ms = ?
                WHERE name = ? AND (holder = ? OR held_until_ms < ?)`,
          values: [holder, integer(untilMs, 'untilMs'), toStoredText(name), holder, integer(nowMs, 'nowMs')],
        },
      ]);
      return held === 1;
    },
    settle: async (step) => (await database.execute(stepToSql(step))) === 1,
    report: async (name, server, health) => {
      await database.execute([
        {
          sql: 'UPDATE sink SET health = ? WHERE name = ? AND holder = ?',
          values: [JSON.stringify(health), toStoredText(name), toStoredText(server)],
        },
      ]);
    },
    parked: async (name, { afterIndex, retryAsked, limit }) => {
      const conditions = new Conditions().add('sink = ?', toStoredText(name));
      if (afterIndex !== undefined) conditions.add('log_index > ?', integer(afterIndex, 'afterIndex'));
      if (retryAsked !== undefined) conditions.add('retry_asked = ?', Number(retryAsked));
      const rows = await database.query(
        `SELECT ${PARKED_COLUMNS} FROM sink_parked WHERE ${conditions.sql} ORDER BY log_index LIMIT ?`,
        [...conditions.values, clampLimit(limit)],
      );
      return rows.map(parkedFromRow);
    },
    countParked: async (name) => {
      const [row] = await database.query('SELECT count(*) FROM sink_parked WHERE sink = ?', [
        toStoredText(name),
      ]);
      return readInteger(row?.[0]);
    },
    unpark: async (name, index) => {
      await database.execute([
        {
          sql: 'DELETE FROM sink_parked WHERE sink = ? AND log_index = ?',
          values: [toStoredText(name), integer(index, 'index')],
        },
      ]);
    },
    park: async (name, event) => {
      await database.execute([parkedToStep(name, event)]);
    },
    askRetry: async (name, nowMs) => {
      const sink = toStoredText(name);
      const asked = await database.execute([
        {
          sql: 'UPDATE sink SET retry_asked_at_ms = ? WHERE name = ?',
          values: [integer(nowMs, 'nowMs'), sink],
        },
        { sql: 'UPDATE sink_parked SET retry_asked = 1 WHERE sink = ?', values: [sink] },
      ]);
      return asked === 1;
    },
  };
}

async function skipPruned(database: SqlDatabase, sink: string, kept: SinkStart): Promise<void> {
  const [index, sequence] = [integer(kept.index, 'index'), integer(kept.sequence, 'sequence')];
  await database.execute([
    {
      sql: 'UPDATE sink SET first_index = ?, next_index = ?, last_sequence = ? WHERE name = ? AND next_index < ?',
      values: [index, index, sequence, sink, index],
    },
    { sql: 'DELETE FROM sink_parked WHERE sink = ? AND log_index < ?', values: [sink, index] },
  ]);
}

function cursorFromRow(row: readonly SqlValue[]): SinkCursor {
  const health: SinkHealth = JSON.parse(readJsonText(row[4]));
  return {
    name: readText(row[0]),
    firstIndex: readInteger(row[1]),
    nextIndex: readInteger(row[2]),
    lastSequence: readInteger(row[3]),
    // JSON has no undefined: what is not there is.
    health: { ...health, lastSuccessAtMs: health.lastSuccessAtMs, lastError: health.lastError },
    retryAskedAtMs: readInteger(row[5]),
  };
}

function parkedFromRow(row: readonly SqlValue[]): ParkedEvent {
  return {
    index: readInteger(row[0]),
    sequence: readInteger(row[1]),
    eventId: readText(row[2]),
    code: readText(row[3]),
    message: readText(row[4]),
    parkedAtMs: readInteger(row[5]),
    retryAsked: readInteger(row[6]) === 1,
  };
}

/** The cursor first: when it is not where this step began, nothing is written. */
function stepToSql({
  name,
  server,
  fromIndex,
  nextIndex,
  lastSequence,
  health,
  parked,
}: SinkStep): SqlStep[] {
  return [
    {
      sql: `UPDATE sink SET next_index = ?, last_sequence = ?, health = ?
            WHERE name = ? AND holder = ? AND next_index = ?`,
      values: [
        integer(nextIndex, 'nextIndex'),
        integer(lastSequence, 'lastSequence'),
        JSON.stringify(health),
        toStoredText(name),
        toStoredText(server),
        integer(fromIndex, 'fromIndex'),
      ],
    },
    ...parked.map((event) => parkedToStep(name, event)),
  ];
}

function parkedToStep(name: string, event: ParkedEvent): SqlStep {
  return {
    sql: `INSERT INTO sink_parked (sink, ${PARKED_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (sink, log_index) DO UPDATE SET code = excluded.code, message = excluded.message,
            parked_at_ms = excluded.parked_at_ms, retry_asked = excluded.retry_asked`,
    values: [
      toStoredText(name),
      integer(event.index, 'index'),
      integer(event.sequence, 'sequence'),
      toStoredText(event.eventId),
      toStoredText(event.code),
      toStoredText(event.message),
      integer(event.parkedAtMs, 'parkedAtMs'),
      Number(event.retryAsked),
    ],
  };
}
