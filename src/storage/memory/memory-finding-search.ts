import { isInScope } from '#core/repository-scope.ts';
import type {
  FacetName,
  FindingOrder,
  FindingSearch,
  OrderCursor,
  SearchColumns,
  Standing,
  TrendCount,
} from '#findings/search/ports.ts';
import type { FindingFilter, StoredScope } from '#findings/tracking/ports.ts';
import type { TrackedFinding } from '#findings/tracking/tracked-finding.ts';
import { settledAtMs, severityRank } from '../findings/finding-row.ts';
import { clampLimit, LIST_ROWS_MAX } from '../window.ts';
import { passesFilter, type SearchedFinding } from './memory-finding-filter.ts';

interface Access {
  readonly scopes: () => readonly StoredScope[];
  readonly all: (nowMs: number) => readonly SearchedFinding[];
  readonly track: (id: string, nowMs: number) => TrackedFinding;
  readonly setSearch: (id: string, search: SearchColumns) => void;
}

const FACET_VALUES_MAX = 50;
const DAY_MS = 86_400_000;

const VALUES: Readonly<Record<FindingOrder, (each: SearchedFinding) => number>> = {
  severity: ({ severity }) => severityRank(severity),
  priority: ({ search }) => search?.priority ?? 0,
  due: ({ dueAtMs }) => dueAtMs ?? Number.MAX_SAFE_INTEGER,
  newest: ({ firstSeenMs }) => firstSeenMs,
};

function placesIn(order: FindingOrder, findings: readonly SearchedFinding[]): OrderCursor[] {
  const sign = order === 'due' ? 1 : -1;
  return findings
    .map((each) => ({ value: VALUES[order](each), id: each.id }))
    .sort((one, other) => sign * (one.value - other.value || (one.id < other.id ? -1 : 1)));
}

function facetValue(
  { scope, finding, search, ...each }: SearchedFinding,
  facet: FacetName,
): string | undefined {
  if (facet === 'repository' || facet === 'tool') return scope[facet];
  if (facet === 'rule') return finding.ruleId;
  if (facet === 'kind') return finding.kind;
  return facet === 'area' ? search?.area : each[facet];
}

function countValues(findings: readonly SearchedFinding[], filter: FindingFilter, facet: FacetName) {
  const counts = new Map<string, number>();
  for (const each of findings) {
    const value = facetValue(each, facet);
    if (value !== undefined && passesFilter(each, filter, facet))
      counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
    .slice(0, FACET_VALUES_MAX);
}

/** Groups equal ones by `keyOf` and lets `add` sum them up. */
function sumUp<Item, Sum>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  add: (sum: Sum | undefined, item: Item) => Sum,
): Sum[] {
  const sums = new Map<string, Sum>();
  for (const item of items) sums.set(keyOf(item), add(sums.get(keyOf(item)), item));
  return [...sums.values()];
}

/** The one with the higher priority; of equal ones the one with the greater id. */
function laterOf(one: Standing['first'] | undefined, other: Standing['first']): Standing['first'] {
  if (one === undefined || other.priority > one.priority) return other;
  return other.priority === one.priority && other.id > one.id ? other : one;
}

interface DayMark {
  readonly day: number;
  readonly group: string | undefined;
  readonly what: 'opened' | 'settled';
}

function trendOf(marks: readonly DayMark[]): TrendCount[] {
  return sumUp<DayMark, TrendCount>(
    marks,
    ({ day, group }) => `${day} ${group}`,
    (sum, { day, group, what }) => {
      const known = sum ?? { day, group, opened: 0, settled: 0 };
      return { ...known, [what]: known[what] + 1 };
    },
  ).sort((one, other) => one.day - other.day);
}

export function createMemoryFindingSearch({ scopes, all, track, setSearch }: Access): FindingSearch {
  const matching = (filter: FindingFilter, nowMs: number) =>
    all(nowMs).filter((each) => passesFilter(each, filter));
  return {
    async search(filter, { order, after, limit }, nowMs) {
      const places = placesIn(order, matching(filter, nowMs));
      const start = after && {
        value: after.value,
        id: after.id,
      };
      const sign = order === 'due' ? 1 : -1;
      const rest = places.filter(
        ({ value, id }) =>
          start === undefined ||
          sign * (value - start.value || (id === start.id ? 0 : id < start.id ? -1 : 1)) > 0,
      );
      const shown = rest.slice(0, clampLimit(limit));
      const next = rest.length > shown.length ? shown.at(-1) : undefined;
      return { found: shown.map(({ id }) => track(id, nowMs)), ...(next && { next }) };
    },
    async facets(filter, nowMs) {
      const findings = all(nowMs);
      const of = (name: FacetName) => countValues(findings, filter, name);
      return {
        total: matching(filter, nowMs).length,
        facets: {
          repository: of('repository'),
          tool: of('tool'),
          severity: of('severity'),
          state: of('state'),
          kind: of('kind'),
          area: of('area'),
          rule: of('rule'),
          owner: of('owner'),
        },
      };
    },
    async trend({ states: _states, ...filter }, group, sinceDay, nowMs) {
      const dayOf = (atMs: number) => Math.max(sinceDay, Math.floor(atMs / DAY_MS));
      return trendOf(
        matching(filter, nowMs).flatMap((each): DayMark[] => {
          const name = group === 'area' ? each.search?.area : each.severity;
          const settled = settledAtMs(each);
          return [
            { day: dayOf(each.firstSeenMs), group: name, what: 'opened' },
            ...(settled === undefined
              ? []
              : [{ day: dayOf(settled), group: name, what: 'settled' } as const]),
          ];
        }),
      );
    },
    async standing(filter, nowMs) {
      return sumUp<SearchedFinding, Standing>(
        matching({ ...filter, states: ['new', 'open', 'reopened'] }, nowMs),
        (each) => `${each.search?.area} ${each.severity}`,
        (sum, { id, search, severity, dueAtMs }) => ({
          first: laterOf(sum?.first, { id, priority: search?.priority ?? 0 }),
          area: search?.area,
          severity,
          count: (sum?.count ?? 0) + 1,
          overdue: (sum?.overdue ?? 0) + (dueAtMs !== undefined && dueAtMs <= nowMs ? 1 : 0),
        }),
      );
    },
    async reporting(scope) {
      const seen = scopes().filter(({ scope: of }) => isInScope(scope, of.repository));
      const repositories = (of: typeof seen) => new Set(of.map(({ scope: each }) => each.repository)).size;
      const byTool = Map.groupBy(seen, ({ scope: { tool } }) => tool);
      return {
        tools: [...byTool]
          .map(([tool, group]) => ({
            tool,
            repositories: repositories(group),
            lastReportMs: Math.max(...group.map(({ lastReportMs }) => lastReportMs)),
          }))
          .sort((one, other) => (one.tool < other.tool ? -1 : 1)),
        testedRepositories: repositories(seen.filter(({ scope: { tool } }) => tool !== 'vouchgate')),
      };
    },
    async about(subjects, filter, order, nowMs) {
      const wanted = new Set(
        subjects.map(({ repository, subject }) => JSON.stringify([repository, subject])),
      );
      const found = matching(filter, nowMs).filter(({ scope, search }) =>
        wanted.has(JSON.stringify([scope.repository, search?.subject])),
      );
      return placesIn(order, found)
        .slice(0, LIST_ROWS_MAX)
        .map(({ id }) => track(id, nowMs));
    },
    async ranked(after, limit) {
      const rows = [...all(0)]
        .sort((one, other) => (one.id < other.id ? -1 : 1))
        .filter(({ id }) => after === undefined || id > after)
        .slice(0, clampLimit(limit));
      const findings = rows
        .filter((each) => settledAtMs(each) === undefined || each.state === 'waived')
        .map(({ id, scope, finding, search: known }) => ({
          id,
          repository: scope.repository,
          finding: structuredClone(finding),
          priority: known?.priority ?? 0,
          isSearchable: true,
          ...(known?.area && { area: known.area }),
        }));
      const last = rows.at(-1)?.id;
      return { findings, ...(last !== undefined && { last }) };
    },
    async rank(changes) {
      for (const { id, ...columns } of changes) setSearch(id, columns);
    },
  };
}
