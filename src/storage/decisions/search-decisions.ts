import type { DecisionChanges, DecisionFilter, IndexedDecision } from '#audit/decision-index/ports.ts';
import type { SqlDatabase } from '../sql-database.ts';
import { integer, type SqlValue } from '../sql-value.ts';
import { clampLimit, Conditions, WINDOW_ROWS } from '../window.ts';
import { DECISION_COLUMNS_SQL, decisionFromRow } from './decision-row.ts';
import { areFew, type FilterSql, filterToSql, inShapes } from './filter-decisions.ts';
import { readPosition } from './position.ts';

type Queryable = Pick<SqlDatabase, 'query'>;

const PLACE = '(d.hour, d.time_ms, d.sequence)';
const NEWEST_FIRST = 'ORDER BY d.hour DESC, d.time_ms DESC, d.sequence DESC';
type Place = readonly SqlValue[];

export async function searchDecisions(
  database: Queryable,
  filter: DecisionFilter,
  page: { readonly before?: number | undefined; readonly limit: number },
): Promise<IndexedDecision[]> {
  const limit = clampLimit(page.limit);
  if (limit === 0) return [];
  const sql = filterToSql(filter);
  const before = page.before === undefined ? undefined : await placeBefore(database, page.before);
  if (page.before !== undefined && before === undefined) return [];
  const query = { sql, before, limit };
  if (sql.selective) return readRows(database, sql.rows, query);
  if (sql.shapes === undefined) return readByOutcome(database, filter, query);
  return (await areFew(database, sql)) ? readByShape(database, query) : readWindows(database, query);
}

interface Query {
  readonly sql: FilterSql;
  readonly before: Place | undefined;
  readonly limit: number;
}

/** The place of the decision with this sequence, or of the one recorded before it. */
async function placeBefore(database: Queryable, sequence: number): Promise<Place | undefined> {
  const [row] = await database.query(
    `SELECT d.hour, d.time_ms, CASE WHEN d.sequence = ? THEN d.sequence ELSE d.sequence + 1 END
     FROM decision d WHERE d.sequence <= ? ORDER BY d.sequence DESC LIMIT 1`,
    [integer(sequence, 'before'), sequence],
  );
  return row;
}

/** From the shapes to their decisions: `CROSS JOIN` keeps SQLite in this order. */
function readByShape(database: Queryable, query: Query): Promise<IndexedDecision[]> {
  const conditions = new Conditions()
    .add('d.shape = s.id')
    .addAll(query.sql.shapes ?? new Conditions())
    .addAll(query.sql.rows);
  return read(database, 'decision_shape s CROSS JOIN decision d', conditions, query);
}

/** In the order of time, of the table or of an index that leads to few rows. */
function readRows(database: Queryable, rows: Conditions, query: Query): Promise<IndexedDecision[]> {
  const conditions = new Conditions()
    .add('s.id = d.shape')
    .addAll(rows)
    .addAll(query.sql.shapes ?? new Conditions());
  return read(database, 'decision d CROSS JOIN decision_shape s', conditions, query);
}

/** Each outcome has its own order of time: a page of each, and of these the newest. */
async function readByOutcome(
  database: Queryable,
  filter: DecisionFilter,
  query: Query,
): Promise<IndexedDecision[]> {
  const pages: IndexedDecision[] = [];
  const { outcomes = [undefined] } = filter;
  for (const outcome of outcomes) {
    const { rows } = filterToSql({ ...filter, outcomes: outcome === undefined ? undefined : [outcome] });
    pages.push(...(await readRows(database, rows, query)));
  }
  return pages
    .toSorted((one, other) => other.timeMs - one.timeMs || other.sequence - one.sequence)
    .slice(0, query.limit);
}

/**
 * In the order of time, a stretch at a time, so that others are served in between. A `+` keeps SQLite from going by an
 * index instead, and then sorting all that it found.
 */
async function readWindows(database: Queryable, query: Query): Promise<IndexedDecision[]> {
  const { sql } = query;
  const conditions = inShapes(sql, '+d.shape').addAll(sql.outcomes).addAll(sql.times).add('s.id = d.shape');
  const found: IndexedDecision[] = [];
  let { before } = query;
  for (;;) {
    const end = await windowEnd(database, sql.times, before);
    const bounded = conditions.copy();
    if (end !== undefined) bounded.add(`${PLACE} >= (?, ?, ?)`, ...end);
    const limit = query.limit - found.length;
    const rows = await read(database, 'decision d CROSS JOIN decision_shape s', bounded, { before, limit });
    found.push(...rows);
    if (found.length === query.limit || end === undefined) return found;
    before = end;
  }
}

/** The last row of the next window; undefined when the rest is shorter than one. */
async function windowEnd(
  database: Queryable,
  times: Conditions,
  before: Place | undefined,
): Promise<Place | undefined> {
  const bounds = times.copy();
  if (before !== undefined) bounds.add(`${PLACE} < (?, ?, ?)`, ...before);
  const [row] = await database.query(
    `SELECT d.hour, d.time_ms, d.sequence FROM decision d WHERE ${bounds.sql}
     ${NEWEST_FIRST} LIMIT 1 OFFSET ${WINDOW_ROWS - 1}`,
    bounds.values,
  );
  return row;
}

async function read(
  database: Queryable,
  tables: string,
  conditions: Conditions,
  { before, limit }: Pick<Query, 'before' | 'limit'>,
): Promise<IndexedDecision[]> {
  const bounded = conditions.copy();
  if (before !== undefined) bounded.add(`${PLACE} < (?, ?, ?)`, ...before);
  const rows = await database.query(
    `SELECT ${DECISION_COLUMNS_SQL} FROM ${tables} WHERE ${bounded.sql} ${NEWEST_FIRST} LIMIT ?`,
    [...bounded.values, limit],
  );
  return rows.map(decisionFromRow);
}

/** A stretch of the record at a time: what nobody waits for may lie far behind. */
export async function readChanges(
  database: Queryable,
  filter: DecisionFilter,
  afterChange: number,
  limit: number,
): Promise<DecisionChanges> {
  const position = await readPosition(database);
  const after = Math.max(0, integer(afterChange, 'after'));
  const through = Math.min(position, after + WINDOW_ROWS);
  if (through <= after) return { decisions: [], through: Math.min(after, position) };
  const { shapes, rows } = filterToSql(filter);
  const conditions = new Conditions()
    .add('d.changed > ?', after)
    .add('d.changed <= ?', through)
    .add('s.id = d.shape')
    .addAll(rows)
    .addAll(shapes ?? new Conditions());
  const wanted = Math.max(1, clampLimit(limit));
  const found = await database.query(
    `SELECT ${DECISION_COLUMNS_SQL} FROM decision d CROSS JOIN decision_shape s
     WHERE ${conditions.sql} ORDER BY d.changed LIMIT ?`,
    [...conditions.values, wanted],
  );
  const decisions = found.map(decisionFromRow);
  const last = decisions.length < wanted ? undefined : decisions.at(-1);
  return { decisions, through: last?.changed ?? through };
}
