import type { ReportedFinding } from '#findings/reported-finding.ts';
import type {
  FindingOrder,
  FindingSearch,
  FindingSearchPage,
  FindingSubject,
  FoundPage,
  OrderCursor,
} from '#findings/search/ports.ts';
import type { FindingFilter } from '#findings/tracking/ports.ts';
import type { TrackedFinding } from '#findings/tracking/tracked-finding.ts';
import type { SqlDatabase, SqlStep } from '../sql-database.ts';
import { integer, readInteger, readJsonText, readText } from '../sql-value.ts';
import { toStoredText } from '../stored-text.ts';
import { clampLimit, type Conditions, LIST_ROWS_MAX } from '../window.ts';
import { conditionsOf } from './finding-conditions.ts';
import { readFacets, readReporting, readStanding, readTrend } from './finding-counts.ts';
import { areaFrom, RECORD_COLUMNS, RECORD_TABLES, searchColumns, trackedFromRow } from './finding-row.ts';
import { findingWindows } from './finding-windows.ts';

type Queryable = Pick<SqlDatabase, 'query'>;

interface Ordering {
  /** SQL of a whole number that is never null. */
  readonly value: string;
  readonly descending: boolean;
}

const ORDERINGS: Readonly<Record<FindingOrder, Ordering>> = {
  severity: { value: 'f.severity', descending: true },
  priority: { value: 'f.priority', descending: true },
  due: { value: `coalesce(f.due_at_ms, ${Number.MAX_SAFE_INTEGER})`, descending: false },
  newest: { value: 'f.first_seen_ms', descending: true },
};

/** Values of one statement. */
const IDS_MAX = 500;
const SUBJECTS_MAX = 200;

export function createFindingSearch(database: SqlDatabase): FindingSearch {
  return {
    search: (filter, page, nowMs) => readPage(database, filter, page, nowMs),
    facets: (filter, nowMs) => readFacets(database, filter, nowMs),
    trend: (filter, group, sinceDay, nowMs) => readTrend(database, filter, { group, sinceDay, nowMs }),
    standing: (filter, nowMs) => readStanding(database, filter, nowMs),
    reporting: (scope) => readReporting(database, scope),
    about: (subjects, filter, order, nowMs) => readAbout(database, subjects, { filter, order, nowMs }),
    ranked: (after, limit) => readRanked(database, after, limit),
    rank: async (changes) => {
      const steps = changes.slice(0, LIST_ROWS_MAX).map(
        ({ id, ...columns }): SqlStep => ({
          sql: 'UPDATE finding SET priority = ?, area = ?, subject = ?, search = ? WHERE id = ?',
          values: [...searchColumns(columns), toStoredText(id)],
        }),
      );
      if (steps.length > 0) await database.execute(steps);
    },
  };
}

function direction({ descending }: Ordering): string {
  return descending ? 'DESC' : 'ASC';
}

function orderBy(ordering: Ordering): string {
  return `ORDER BY ${ordering.value} ${direction(ordering)}, f.id ${direction(ordering)}`;
}

function addStart(conditions: Conditions, ordering: Ordering, after: OrderCursor | undefined): Conditions {
  if (after === undefined) return conditions;
  const sign = ordering.descending ? '<' : '>';
  const value = integer(after.value, 'after');
  return conditions.add(`(${ordering.value}, f.id) ${sign} (?, ?)`, value, toStoredText(after.id));
}

function compareIn({ descending }: Ordering) {
  const sign = descending ? -1 : 1;
  return (one: OrderCursor, other: OrderCursor) =>
    sign * (one.value - other.value || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0));
}

/** Ids first, of narrow rows; then what is wanted of the few that are shown. */
async function readPage(
  database: Queryable,
  filter: FindingFilter,
  { order, after, limit }: FindingSearchPage,
  nowMs: number,
): Promise<FoundPage> {
  const now = integer(nowMs, 'nowMs');
  const wanted = clampLimit(limit);
  const ordering = ORDERINGS[order];
  const conditions = addStart(conditionsOf(filter, now), ordering, after);
  // Windows are in the order of severity: only there the first ones that give enough are enough.
  const isInOrder = order === 'severity';
  const start = isInOrder && after !== undefined ? [after.value, toStoredText(after.id)] : undefined;
  let places: OrderCursor[] = [];
  for await (const window of findingWindows(database, filter.repository, start)) {
    const bounded = window.addAll(conditions);
    const rows = await database.query(
      `SELECT ${ordering.value}, f.id FROM finding f WHERE ${bounded.sql} ${orderBy(ordering)} LIMIT ?`,
      [...bounded.values, wanted + 1],
    );
    const more = rows.map((row) => ({ value: readInteger(row[0]), id: readText(row[1]) }));
    places = [...places, ...more].toSorted(compareIn(ordering)).slice(0, wanted + 1);
    if (isInOrder && places.length > wanted) break;
  }
  const shown = places.slice(0, wanted);
  const next = places.length > wanted ? shown.at(-1) : undefined;
  const ids = shown.map(({ id }) => id);
  return { found: await readTracked(database, ids, now), ...(next !== undefined && { next }) };
}

/** In the order of the ids. */
async function readTracked(
  database: Queryable,
  ids: readonly string[],
  now: number,
): Promise<TrackedFinding[]> {
  const found = new Map<string, TrackedFinding>();
  for (let start = 0; start < ids.length; start += IDS_MAX) {
    const portion = ids.slice(start, start + IDS_MAX);
    const rows = await database.query(
      `SELECT ${RECORD_COLUMNS}, f.finding FROM ${RECORD_TABLES}
       WHERE f.id IN (${portion.map(() => '?').join(', ')})`,
      [now, ...portion.map(toStoredText)],
    );
    for (const row of rows) {
      const tracked = trackedFromRow(row);
      found.set(tracked.id, tracked);
    }
  }
  return ids.flatMap((id) => found.get(id) ?? []);
}

async function readAbout(
  database: Queryable,
  subjects: readonly FindingSubject[],
  { filter, order, nowMs }: { filter: FindingFilter; order: FindingOrder; nowMs: number },
): Promise<TrackedFinding[]> {
  const now = integer(nowMs, 'nowMs');
  const ordering = ORDERINGS[order];
  const places: OrderCursor[] = [];
  for (let start = 0; start < subjects.length; start += SUBJECTS_MAX) {
    const portion = subjects.slice(start, start + SUBJECTS_MAX);
    const pairs = portion.map(() => '(?, ?)').join(', ');
    const values = portion.flatMap(({ repository, subject }) => [repository, subject].map(toStoredText));
    const conditions = conditionsOf(filter, now).add(
      `(f.repository, f.subject) IN (VALUES ${pairs})`,
      ...values,
    );
    const rows = await database.query(
      `SELECT ${ordering.value}, f.id FROM finding f WHERE ${conditions.sql} ${orderBy(ordering)} LIMIT ?`,
      [...conditions.values, LIST_ROWS_MAX],
    );
    for (const row of rows) places.push({ value: readInteger(row[0]), id: readText(row[1]) });
  }
  const first = places.toSorted(compareIn(ordering)).slice(0, LIST_ROWS_MAX);
  return readTracked(
    database,
    first.map(({ id }) => id),
    now,
  );
}

/** What is settled matters only until it can be searched. */
async function readRanked(database: Queryable, after: string | undefined, limit: number) {
  const rows = await database.query(
    `SELECT f.id, f.repository, f.priority, f.area, CASE WHEN f.search = '' THEN 0 ELSE 1 END,
       CASE WHEN f.settled_at_ms IS NULL OR f.state = 'waived' OR f.search = '' THEN f.finding END
     FROM finding f WHERE f.id > ? ORDER BY f.id LIMIT ?`,
    [toStoredText(after ?? ''), clampLimit(limit)],
  );
  const findings = rows.flatMap((row) => {
    if (row[5] === null) return [];
    const finding: ReportedFinding = JSON.parse(readJsonText(row[5]));
    const area = areaFrom(row[3]);
    const [id, repository, priority] = [readText(row[0]), readText(row[1]), readInteger(row[2])];
    return [{ id, repository, priority, finding, isSearchable: row[4] === 1, ...(area && { area }) }];
  });
  const last = rows.at(-1)?.[0];
  return { findings, ...(last !== undefined && { last: readText(last) }) };
}
