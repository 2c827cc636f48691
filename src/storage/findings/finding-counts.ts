import type { RepositoryScope } from '#core/repository-scope.ts';
import type {
  FacetCount,
  FacetName,
  FindingFacets,
  Reporting,
  Standing,
  TrendCount,
  TrendGroup,
} from '#findings/search/ports.ts';
import type { FindingFilter } from '#findings/tracking/ports.ts';
import type { FindingState } from '#findings/tracking/tracked-finding.ts';
import type { SqlDatabase } from '../sql-database.ts';
import { integer, readInteger, readText, type SqlValue } from '../sql-value.ts';
import { Conditions } from '../window.ts';
import { conditionsOf, facetConditions, plainConditions, STATE_NOW } from './finding-conditions.ts';
import { areaFrom, severityOf } from './finding-row.ts';
import { findingWindows } from './finding-windows.ts';

type Queryable = Pick<SqlDatabase, 'query'>;

const DAY_MS = 86_400_000;
const FACET_VALUES_MAX = 50;
const FACETS = [
  'repository',
  'tool',
  'severity',
  'state',
  'kind',
  'area',
  'rule',
  'owner',
] as const satisfies readonly FacetName[];
const UNRESOLVED = ['new', 'open', 'reopened'] as const satisfies readonly FindingState[];

/** Facets with few values: they are counted from one small table of all that occur together. */
const SMALL = ['tool', 'severity', 'state', 'kind', 'area'] as const satisfies readonly FacetName[];
const LARGE = ['repository', 'rule', 'owner'] as const satisfies readonly FacetName[];

type FacetConditions = ReturnType<typeof facetConditions>;

function joined(chosen: FacetConditions, names: readonly FacetName[], except?: FacetName): Conditions {
  const all = new Conditions();
  for (const name of names) if (name !== except) all.addAll(chosen[name]);
  return all;
}

interface SqlPart {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

function smallPart(chosen: FacetConditions, name: (typeof SMALL)[number]): SqlPart {
  const others = joined(chosen, SMALL, name);
  return {
    sql: `SELECT '${name}', CAST(f.${name} AS TEXT), CAST(sum(f.count) AS bigint) FROM small f WHERE ${others.sql} GROUP BY f.${name}`,
    values: others.values,
  };
}

function largePart(chosen: FacetConditions, name: (typeof LARGE)[number], plain: Conditions): SqlPart {
  const rows = plain.copy().addAll(joined(chosen, FACETS, name));
  return {
    // Not the column itself: SQLite would go through an index on it, and fetch each wide row.
    sql: `SELECT '${name}', coalesce(f.${name}, ''), count(*) FROM finding f WHERE ${rows.sql} GROUP BY 2`,
    values: rows.values,
  };
}

/** Each facet of the rows of one window, with the filters of the others. */
function facetSql(filter: FindingFilter, window: Conditions, now: number): SqlPart {
  const plain = window.addAll(plainConditions(filter));
  const chosen = facetConditions(filter, { sql: STATE_NOW, values: [now] });
  // In the small table the state is a column.
  const small = facetConditions(filter, { sql: 'f.state', values: [] });
  const rows = plain.copy().addAll(joined(chosen, LARGE));
  const all = joined(small, SMALL);
  const parts = [
    {
      sql: `SELECT 'total', '', CAST(coalesce(sum(f.count), 0) AS bigint) FROM small f WHERE ${all.sql}`,
      values: all.values,
    },
    ...SMALL.map((name) => smallPart(small, name)),
    ...LARGE.map((name) => largePart(chosen, name, plain)),
  ];
  return {
    sql: `WITH small AS MATERIALIZED (
            SELECT f.tool, f.severity, ${STATE_NOW} AS state, f.kind, f.area, count(*) AS count
            FROM finding f WHERE ${rows.sql} GROUP BY 1, 2, 3, 4, 5)
          ${parts.map(({ sql }) => sql).join(' UNION ALL ')}`,
    values: [now, ...rows.values, ...parts.flatMap(({ values }) => values)],
  };
}

class FacetSums {
  total = 0;
  readonly #facets = new Map<FacetName, Map<string, number>>(FACETS.map((name) => [name, new Map()]));

  add(row: readonly SqlValue[]): void {
    const count = readInteger(row[2]);
    const name = FACETS.find((each) => each === row[0]);
    if (name === undefined) {
      this.total += count;
      return;
    }
    const text = readText(row[1]);
    const value = name === 'severity' ? severityOf(Number(text)) : text;
    const counts = this.#facets.get(name);
    if (value !== '') counts?.set(value, (counts.get(value) ?? 0) + count);
  }

  of(name: FacetName): readonly FacetCount[] {
    return [...(this.#facets.get(name) ?? [])]
      .map(([value, count]) => ({ value, count }))
      .toSorted((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
      .slice(0, FACET_VALUES_MAX);
  }
}

export async function readFacets(
  database: Queryable,
  filter: FindingFilter,
  nowMs: number,
): Promise<FindingFacets> {
  const now = integer(nowMs, 'nowMs');
  const sums = new FacetSums();
  for await (const window of findingWindows(database)) {
    const { sql, values } = facetSql(filter, window, now);
    for (const row of await database.query(sql, values)) sums.add(row);
  }
  return {
    total: sums.total,
    facets: {
      repository: sums.of('repository'),
      tool: sums.of('tool'),
      severity: sums.of('severity'),
      state: sums.of('state'),
      kind: sums.of('kind'),
      area: sums.of('area'),
      rule: sums.of('rule'),
      owner: sums.of('owner'),
    },
  };
}

const GROUP_COLUMNS: Readonly<Record<TrendGroup, string>> = { severity: 'f.severity', area: 'f.area' };

/** Day and group with a count, of those whose `column` has a time. */
function daysSql(column: string, group: string, conditions: Conditions): string {
  return `SELECT CASE WHEN ${column} < ? THEN ? ELSE ${column} / ${DAY_MS} END AS day, ${group}, count(*)
          FROM finding f WHERE ${column} IS NOT NULL AND ${conditions.sql} GROUP BY 1, 2`;
}

function groupOf(group: TrendGroup, value: SqlValue | undefined): string | undefined {
  if (group === 'severity') return severityOf(value);
  return areaFrom(value);
}

export async function readTrend(
  database: Queryable,
  { states: _states, ...filter }: FindingFilter,
  { group, sinceDay, nowMs }: { group: TrendGroup; sinceDay: number; nowMs: number },
): Promise<TrendCount[]> {
  const now = integer(nowMs, 'nowMs');
  const first = integer(sinceDay, 'sinceDay');
  const column = GROUP_COLUMNS[group];
  const counts = new Map<string, TrendCount>();
  const add = (row: readonly SqlValue[], what: 'opened' | 'settled') => {
    const [day, name, count] = [readInteger(row[0]), groupOf(group, row[1]), readInteger(row[2])];
    const key = `${day} ${name}`;
    const known = counts.get(key) ?? { day, group: name, opened: 0, settled: 0 };
    counts.set(key, { ...known, [what]: known[what] + count });
  };
  for await (const window of findingWindows(database, filter.repository)) {
    const opened = window.addAll(conditionsOf(filter, now));
    const settled = opened
      .copy()
      .add(`${STATE_NOW} NOT IN (${UNRESOLVED.map((state) => `'${state}'`).join(', ')})`, now);
    const start = [(first + 1) * DAY_MS, first];
    for (const row of await database.query(daysSql('f.first_seen_ms', column, opened), [
      ...start,
      ...opened.values,
    ]))
      add(row, 'opened');
    for (const row of await database.query(daysSql('f.settled_at_ms', column, settled), [
      ...start,
      ...settled.values,
    ]))
      add(row, 'settled');
  }
  return [...counts.values()].toSorted((one, other) => one.day - other.day);
}

/** Makes all priorities numbers of four digits, so that the greatest text has the greatest number. */
const PRIORITY_OFFSET = 1_000;

function firstFrom(value: SqlValue | undefined): Standing['first'] {
  const text = readText(value);
  return { priority: Number(text.slice(0, 4)) - PRIORITY_OFFSET, id: text.slice(4) };
}

export async function readStanding(
  database: Queryable,
  filter: FindingFilter,
  nowMs: number,
): Promise<Standing[]> {
  const now = integer(nowMs, 'nowMs');
  const found = new Map<string, Standing>();
  for await (const window of findingWindows(database, filter.repository)) {
    const conditions = window.addAll(conditionsOf({ ...filter, states: UNRESOLVED }, now));
    const rows = await database.query(
      `SELECT f.area, f.severity, count(*), sum(CASE WHEN f.due_at_ms <= ? THEN 1 ELSE 0 END),
         max(CAST(f.priority + ${PRIORITY_OFFSET} AS TEXT) || f.id)
       FROM finding f WHERE ${conditions.sql} GROUP BY f.area, f.severity`,
      [now, ...conditions.values],
    );
    for (const [area, severity, count, overdue, top] of rows) {
      const key = `${area} ${severity}`;
      const known = found.get(key);
      const first = firstFrom(top);
      found.set(key, {
        first: known !== undefined && known.first.priority > first.priority ? known.first : first,
        area: areaFrom(area),
        severity: severityOf(severity),
        count: (known?.count ?? 0) + readInteger(count),
        overdue: (known?.overdue ?? 0) + readInteger(overdue),
      });
    }
  }
  return [...found.values()];
}

/** Of the tables of scopes, which are small: one row for each tool and branch of a repository. */
export async function readReporting(database: Queryable, scope: RepositoryScope): Promise<Reporting> {
  const seen = new Conditions().addScope('repository', scope);
  const rows = await database.query(
    `SELECT tool, count(DISTINCT repository), max(last_report_ms) FROM finding_scope
     WHERE ${seen.sql} GROUP BY tool ORDER BY tool`,
    seen.values,
  );
  const [tested] = await database.query(
    `SELECT count(DISTINCT repository) FROM finding_scope WHERE tool <> 'vouchgate' AND ${seen.sql}`,
    seen.values,
  );
  return {
    tools: rows.map(([tool, repositories, last]) => ({
      tool: readText(tool),
      repositories: readInteger(repositories),
      lastReportMs: readInteger(last),
    })),
    testedRepositories: readInteger(tested?.[0]),
  };
}
