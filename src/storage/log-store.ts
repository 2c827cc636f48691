import type { ErasureStore, LogGrowth, LogHead, LogStore, SealedBundle } from '#audit/log/ports.ts';
import { StoreError } from '#core/store-error.ts';
import { eventEntry } from './activity-row.ts';
import type { SqlDatabase, SqlStep } from './sql-database.ts';
import { integer, readInteger, readOptionalText, readText, type SqlValue, textOrNull } from './sql-value.ts';
import { toStoredText } from './stored-text.ts';

const BUNDLE_COLUMNS = 'number, entries, sequences, salts';

/**
 * The log in tables that both dialects share; bytes are base64, as only text crosses the border to a database. One
 * row holds the size, and changing it is the first step of every growth: when it has another value by now, nothing
 * is written.
 */
export function createLogStore(database: SqlDatabase): LogStore & ErasureStore {
  return {
    head: async () => {
      const [row] = await database.query(
        'SELECT size, last_sequence, checkpoint, signed_at_ms, erasures FROM log_head WHERE id = 1',
        [],
      );
      return row === undefined ? emptyHead() : headFromRow(row);
    },
    lead: async (server, nowMs, untilMs) => {
      const led = await database.execute([
        {
          sql: `UPDATE log_head SET sealer = ?, sealer_until_ms = ?
                WHERE id = 1 AND (sealer = ? OR sealer_until_ms < ?)`,
          values: [
            toStoredText(server),
            integer(untilMs, 'untilMs'),
            toStoredText(server),
            integer(nowMs, 'nowMs'),
          ],
        },
      ]);
      return led === 1;
    },
    grow: async (growth) => (await database.execute(growthToSteps(growth))) === 1,
    erase: async ({ event: { sequence, ...event }, bundle, salts }) => {
      await database.execute([
        { sql: 'UPDATE log_head SET erasures = erasures + 1 WHERE id = 1', values: [] },
        {
          sql: 'UPDATE log_bundle SET salts = ? WHERE number = ?',
          values: [toBase64(salts), integer(bundle, 'bundle')],
        },
        {
          sql: 'UPDATE event SET event = ? WHERE sequence = ?',
          values: [JSON.stringify(event), integer(sequence, 'sequence')],
        },
        // Whom it is found under in the timeline is as personal as what it said.
        {
          sql: `DELETE FROM timeline_key WHERE time_ms = ? AND entry = ? AND key LIKE 'actor:%'`,
          values: [integer(event.timeMs, 'timeMs'), eventEntry(sequence)],
        },
      ]);
    },
    witnessed: async () => {
      const [row] = await database.query('SELECT checkpoint FROM log_witnessed WHERE id = 1', []);
      return row === undefined ? undefined : readText(row[0]);
    },
    keepWitnessed: async (checkpoint, size) => {
      await database.execute([
        {
          sql: `INSERT INTO log_witnessed (id, size, checkpoint) VALUES (1, ?, ?)
                ON CONFLICT (id) DO UPDATE SET size = excluded.size, checkpoint = excluded.checkpoint
                WHERE log_witnessed.size < excluded.size`,
          values: [integer(size, 'size'), toStoredText(checkpoint)],
        },
      ]);
    },
    tile: async (level, number) => {
      const [row] = await database.query('SELECT hashes FROM log_tile WHERE level = ? AND number = ?', [
        integer(level, 'level'),
        integer(number, 'number'),
      ]);
      return row === undefined ? undefined : readBytes(row[0]);
    },
    bundle: async (number) => {
      const [row] = await database.query(`SELECT ${BUNDLE_COLUMNS} FROM log_bundle WHERE number = ?`, [
        integer(number, 'number'),
      ]);
      return row === undefined ? undefined : bundleFromRow(row);
    },
    bundleOfSequence: async (sequence) => {
      const [row] = await database.query(
        `SELECT ${BUNDLE_COLUMNS} FROM log_bundle WHERE first_sequence <= ?
         ORDER BY first_sequence DESC LIMIT 1`,
        [integer(sequence, 'sequence')],
      );
      return row === undefined ? undefined : bundleFromRow(row);
    },
  };
}

function emptyHead(): LogHead {
  return { size: 0, lastSequence: 0, checkpoint: undefined, signedAtMs: 0, erasures: 0 };
}

function headFromRow(row: readonly SqlValue[]): LogHead {
  return {
    size: readInteger(row[0]),
    lastSequence: readInteger(row[1]),
    checkpoint: readOptionalText(row[2]),
    signedAtMs: readInteger(row[3]),
    erasures: readInteger(row[4]),
  };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function readBytes(value: SqlValue | undefined): Buffer {
  return Buffer.from(readText(value), 'base64');
}

function bundleFromRow(row: readonly SqlValue[]): SealedBundle {
  return {
    number: readInteger(row[0]),
    entries: readBytes(row[1]),
    sequences: readText(row[2]).split(' ').map(Number),
    salts: readBytes(row[3]),
  };
}

function growthToSteps({ fromSize, head, tiles, bundles }: LogGrowth): SqlStep[] {
  return [
    {
      sql: `UPDATE log_head SET size = ?, last_sequence = ?, checkpoint = ?, signed_at_ms = ?
            WHERE id = 1 AND size = ? AND erasures = ?`,
      values: [
        integer(head.size, 'size'),
        integer(head.lastSequence, 'lastSequence'),
        textOrNull(head.checkpoint),
        integer(head.signedAtMs, 'signedAtMs'),
        integer(fromSize, 'fromSize'),
        integer(head.erasures, 'erasures'),
      ],
    },
    ...bundles.map(bundleToStep),
    ...tiles.map(
      ({ address, hashes }): SqlStep => ({
        sql: `INSERT INTO log_tile (level, number, hashes) VALUES (?, ?, ?)
            ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes`,
        values: [
          integer(address.level, 'level'),
          integer(address.number, 'number'),
          toBase64(Buffer.concat(hashes)),
        ],
      }),
    ),
  ];
}

function bundleToStep({ number, entries, sequences, salts }: SealedBundle): SqlStep {
  const [first] = sequences;
  if (first === undefined) throw new StoreError('store_refused', 'A bundle of the log must hold an entry.');
  return {
    sql: `INSERT INTO log_bundle (number, first_sequence, entries, sequences, salts) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (number) DO UPDATE SET entries = excluded.entries, sequences = excluded.sequences,
            salts = excluded.salts`,
    values: [
      integer(number, 'number'),
      integer(first, 'sequence'),
      toBase64(entries),
      sequences.join(' '),
      toBase64(salts),
    ],
  };
}
