import type { Lease, LeaseFilter } from '#broker/ports.ts';
import { LEASE_COLUMNS, leaseFromRow } from './lease-row.ts';
import type { SqlDatabase } from './sql-database.ts';
import { readChoice, readInteger, readText } from './sql-value.ts';
import type { LiveLeaseState } from './storage.ts';
import { toStoredText } from './stored-text.ts';
import { clampLimit, Conditions, WINDOW_ROWS } from './window.ts';

type Queryable = Pick<SqlDatabase, 'query'>;

const COLUMNS = LEASE_COLUMNS.join(', ');

export async function findLease(database: Queryable, id: string): Promise<Lease | undefined> {
  const [row] = await database.query(`SELECT ${COLUMNS} FROM lease WHERE id = ?`, [toStoredText(id)]);
  return row && leaseFromRow(row);
}

export async function findDueLeases(database: Queryable, nowMs: number, limit: number): Promise<Lease[]> {
  const rows = await database.query(
    `SELECT ${COLUMNS} FROM lease
     WHERE revocable = 1 AND state IN ('pending', 'active', 'revoking') AND due_at_ms <= ?
     ORDER BY due_at_ms, id LIMIT ?`,
    [nowMs, clampLimit(limit)],
  );
  return rows.map(leaseFromRow);
}

/** Newest first. Without an index for the filter the table is read in windows, each a short query of its own. */
export async function listLeases(database: Queryable, filter: LeaseFilter): Promise<Lease[]> {
  const limit = clampLimit(filter.limit);
  if (limit === 0) return [];
  const conditions = new Conditions()
    .addEqual('decision', filter.decision && toStoredText(filter.decision))
    .addEqual('resource', filter.resource && toStoredText(filter.resource))
    .addEqual('credential_provider', filter.credentialProvider && toStoredText(filter.credentialProvider))
    .addEqual('principal', filter.principal && toStoredText(filter.principal))
    .addChoice('state', filter.states);
  const before = filter.beforeId === undefined ? undefined : toStoredText(filter.beforeId);
  const direct = filter.decision !== undefined || conditions.values.length === 0;
  if (direct) return readLeases(database, conditions, { before, from: undefined }, limit);
  return readWindows(database, conditions, before, limit);
}

async function readWindows(
  database: Queryable,
  conditions: Conditions,
  start: string | undefined,
  limit: number,
): Promise<Lease[]> {
  const leases: Lease[] = [];
  let before = start;
  let from: string | undefined;
  do {
    from = await windowStart(database, before);
    leases.push(...(await readLeases(database, conditions, { before, from }, limit - leases.length)));
    before = from;
  } while (from !== undefined && leases.length < limit);
  return leases;
}

/** The oldest id of the window that ends before `before`; undefined when the window reaches the oldest of all. */
async function windowStart(database: Queryable, before: string | undefined): Promise<string | undefined> {
  const bound = new Conditions();
  if (before !== undefined) bound.add('id < ?', before);
  const [row] = await database.query(
    `SELECT count(*), min(id) FROM
     (SELECT id FROM lease WHERE ${bound.sql} ORDER BY id DESC LIMIT ${WINDOW_ROWS}) AS ids`,
    bound.values,
  );
  return readInteger(row?.[0]) < WINDOW_ROWS ? undefined : readText(row?.[1]);
}

async function readLeases(
  database: Queryable,
  conditions: Conditions,
  { before, from }: { before: string | undefined; from: string | undefined },
  limit: number,
): Promise<Lease[]> {
  const bounded = conditions.copy();
  if (before !== undefined) bounded.add('id < ?', before);
  if (from !== undefined) bounded.add('id >= ?', from);
  const rows = await database.query(
    `SELECT ${COLUMNS} FROM lease WHERE ${bounded.sql} ORDER BY id DESC LIMIT ?`,
    [...bounded.values, limit],
  );
  return rows.map(leaseFromRow);
}

const LIVE_STATES: readonly LiveLeaseState[] = ['pending', 'active', 'revoking'];
const COUNTED_MAX = 100_000;

/** By the two indexes of what is not over, each followed up to a bound: nobody waits for a figure. */
export async function countLiveLeases(database: Queryable): Promise<Map<LiveLeaseState, number>> {
  const counts = new Map(LIVE_STATES.map((state) => [state, 0]));
  for (const revocable of [0, 1]) {
    const rows = await database.query(
      `SELECT state, count(*) FROM
         (SELECT state FROM lease WHERE revocable = ${revocable} AND state IN ('pending', 'active', 'revoking')
          LIMIT ${COUNTED_MAX}) AS live
       GROUP BY state`,
      [],
    );
    for (const [state, count] of rows) {
      const known = readChoice(state, LIVE_STATES);
      counts.set(known, (counts.get(known) ?? 0) + readInteger(count));
    }
  }
  return counts;
}
