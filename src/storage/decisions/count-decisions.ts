import type {
  DecisionColumn,
  DecisionCount,
  DecisionFilter,
  DecisionShape,
  IndexedOutcome,
  OutcomeCounts,
  TopValue,
} from '#audit/decision-index/ports.ts';
import { readEvents } from '../read-by-list.ts';
import type { SqlDatabase } from '../sql-database.ts';
import { readInteger, readText, type SqlValue } from '../sql-value.ts';
import { clampLimit, Conditions } from '../window.ts';
import { HOUR_MS, OUTCOMES, outcomesFromRow, TRAIT_COLUMNS, traitsFromRow } from './decision-row.ts';
import { areFew, type FilterSql, filterToSql, inShapes } from './filter-decisions.ts';

type Queryable = Pick<SqlDatabase, 'query'>;

const DAY_HOURS = 24;
const SHAPES_MAX = 4_000;

export async function countDecisions(
  database: Queryable,
  filter: DecisionFilter,
  by: 'hour' | 'day',
): Promise<DecisionCount[]> {
  const sql = filterToSql(filter);
  const rows: SqlValue[][] = [];
  const oneByOne = sql.selective || (sql.shapes !== undefined && (await areFew(database, sql)));
  if (oneByOne) rows.push(...(await countFew(database, sql)));
  // One outcome at a time goes through the index in the order of hours, and others are served in between.
  else
    for (const outcome of filter.outcomes ?? OUTCOMES)
      rows.push(...(await countInOrder(database, sql, outcome)));
  return sumUp(rows, by === 'hour' ? 1 : DAY_HOURS);
}

function countInOrder(database: Queryable, sql: FilterSql, outcome: IndexedOutcome): Promise<SqlValue[][]> {
  const conditions = new Conditions().add('d.outcome = ?', outcome).addAll(sql.rows).addAll(inShapes(sql));
  return database.query(
    `SELECT d.hour, max(d.outcome), count(*) FROM decision d WHERE ${conditions.sql} GROUP BY d.hour ORDER BY d.hour`,
    conditions.values,
  );
}

function countFew(database: Queryable, sql: FilterSql): Promise<SqlValue[][]> {
  const conditions = joined(sql);
  return database.query(
    `SELECT d.hour, d.outcome, count(*) FROM ${tablesFor(sql)} WHERE ${conditions.sql} GROUP BY d.hour, d.outcome`,
    conditions.values,
  );
}

/** `CROSS JOIN` keeps SQLite in this order: from the few to the many. */
function tablesFor({ selective }: FilterSql): string {
  return selective ? 'decision d CROSS JOIN decision_shape s' : 'decision_shape s CROSS JOIN decision d';
}

function joined({ shapes, rows }: FilterSql): Conditions {
  return new Conditions()
    .add('d.shape = s.id')
    .addAll(shapes ?? new Conditions())
    .addAll(rows);
}

function sumUp(rows: readonly SqlValue[][], hours: number): DecisionCount[] {
  const sums = new Map<string, DecisionCount>();
  for (const row of rows) {
    const startMs = Math.floor(readInteger(row[0]) / hours) * hours * HOUR_MS;
    const outcome = OUTCOMES.find((each) => each === row[1]) ?? 'allowed';
    const key = `${startMs} ${outcome}`;
    const count = (sums.get(key)?.count ?? 0) + readInteger(row[2]);
    sums.set(key, { startMs, outcome, count });
  }
  return [...sums.values()].toSorted(
    (one, other) => one.startMs - other.startMs || (one.outcome < other.outcome ? -1 : 1),
  );
}

const SHAPE_COLUMNS = {
  resource: 's.resource',
  provider: 's.provider',
  repository: 's.repository',
  org: 's.org',
  environment: 's.environment',
  trigger: 's.trigger_name',
  workflow: 's.workflow',
  ref: 's.ref',
  principal: 's.principal',
} as const satisfies Partial<Record<DecisionColumn, string>>;

const PER_OUTCOME = OUTCOMES.map((name) => `count(*) FILTER (WHERE d.outcome = '${name}') AS ${name}`).join(
  ', ',
);
/** PostgreSQL sums counts to a type that is no integer. */
const SUMS = OUTCOMES.map(
  (name) => `CAST(sum(CASE WHEN c.outcome = '${name}' THEN c.decisions ELSE 0 END) AS bigint)`,
).join(', ');

export async function readTopValues(
  database: Queryable,
  filter: DecisionFilter,
  column: DecisionColumn,
  limit: number,
): Promise<TopValue[]> {
  const sql = filterToSql(filter);
  const wanted = clampLimit(limit);
  if (column === 'reason') return readTopReasons(database, sql, wanted);
  const conditions = joined(sql);
  const perShape = `SELECT s.id AS shape, d.outcome AS outcome, count(*) AS decisions FROM ${tablesFor(sql)}
    WHERE ${conditions.sql} GROUP BY s.id, d.outcome`;
  const value = column === 'policy' ? 'p.policy' : SHAPE_COLUMNS[column];
  const policies = column === 'policy' ? 'JOIN decision_shape_policy p ON p.digest = s.digest' : '';
  const rows = await database.query(
    `SELECT ${value}, ${SUMS} FROM (${perShape}) AS c JOIN decision_shape s ON s.id = c.shape ${policies}
     WHERE ${value} IS NOT NULL GROUP BY ${value} ORDER BY sum(c.decisions) DESC, ${value} LIMIT ?`,
    [...conditions.values, wanted],
  );
  return rows.map(topValueFromRow);
}

/** Only denials have one: then the index of reasons is all that is read. */
async function readTopReasons(database: Queryable, sql: FilterSql, limit: number): Promise<TopValue[]> {
  const conditions = new Conditions().add('d.reason IS NOT NULL').addAll(sql.rows).addAll(inShapes(sql));
  const rows = await database.query(
    `SELECT d.reason, count(*) FROM decision d WHERE ${conditions.sql}
     GROUP BY d.reason ORDER BY count(*) DESC, d.reason LIMIT ?`,
    [...conditions.values, limit],
  );
  return rows.map((row) => {
    const count = readInteger(row[1]);
    return { value: readText(row[0]), count, outcomes: { issued: 0, denied: count, allowed: 0, failed: 0 } };
  });
}

function topValueFromRow(row: readonly SqlValue[]): TopValue {
  const outcomes = outcomesFromRow(row, 1);
  return { value: readText(row[0]), count: totalOf(outcomes), outcomes };
}

function totalOf({ issued, denied, allowed, failed }: OutcomeCounts): number {
  return issued + denied + allowed + failed;
}

type ShapeRow = Omit<DecisionShape, 'latest'> & { readonly workload: string; readonly latest: number };

/** Decisions of one workload about one resource are one shape here, whatever policies decided. */
export async function readShapes(
  database: Queryable,
  filter: DecisionFilter,
  limit: number,
): Promise<DecisionShape[]> {
  const sql = filterToSql(filter);
  const conditions = joined(sql);
  const rows = await database.query(
    `SELECT s.workload, c.first_ms, c.last_ms, c.latest, c.issued, c.denied, c.allowed, c.failed, ${TRAIT_COLUMNS}
     FROM (SELECT s.id AS shape, min(d.time_ms) AS first_ms, max(d.time_ms) AS last_ms, max(d.sequence) AS latest,
             ${PER_OUTCOME} FROM ${tablesFor(sql)} WHERE ${conditions.sql} GROUP BY s.id) AS c
     JOIN decision_shape s ON s.id = c.shape ORDER BY c.latest DESC LIMIT ${SHAPES_MAX}`,
    conditions.values,
  );
  const shapes = mergeByWorkload(rows.map(shapeFromRow)).slice(0, clampLimit(limit));
  const events = await readEvents(
    database,
    shapes.map(({ latest }) => latest),
  );
  return shapes.flatMap(({ workload: _workload, latest, ...shape }) => {
    const event = events.get(latest);
    return event === undefined ? [] : [{ ...shape, latest: event }];
  });
}

function shapeFromRow(row: readonly SqlValue[]): ShapeRow {
  const outcomes = outcomesFromRow(row, 4);
  return {
    workload: readText(row[0]),
    firstMs: readInteger(row[1]),
    lastMs: readInteger(row[2]),
    latest: readInteger(row[3]),
    count: totalOf(outcomes),
    outcomes,
    ...traitsFromRow(row, 8),
  };
}

/** The newest comes first and gives what is shown. */
function mergeByWorkload(rows: readonly ShapeRow[]): ShapeRow[] {
  const merged = new Map<string, ShapeRow>();
  for (const row of rows) {
    const known = merged.get(row.workload);
    merged.set(row.workload, known === undefined ? row : mergeShapes(known, row));
  }
  return [...merged.values()];
}

function mergeShapes(newer: ShapeRow, older: ShapeRow): ShapeRow {
  const outcomes = {
    issued: newer.outcomes.issued + older.outcomes.issued,
    denied: newer.outcomes.denied + older.outcomes.denied,
    allowed: newer.outcomes.allowed + older.outcomes.allowed,
    failed: newer.outcomes.failed + older.outcomes.failed,
  };
  return {
    ...newer,
    firstMs: Math.min(newer.firstMs, older.firstMs),
    lastMs: Math.max(newer.lastMs, older.lastMs),
    count: newer.count + older.count,
    outcomes,
    policies: [...new Set([...newer.policies, ...older.policies])],
  };
}
