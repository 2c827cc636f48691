import type {
  AddedDecision,
  DecisionColumn,
  DecisionFilter,
  DecisionIndexStore,
  IndexChange,
  IndexedDecision,
  IndexedOutcome,
  OutcomeCounts,
} from '#audit/decision-index/ports.ts';
import type { RecordedEvent } from '#audit/event.ts';
import { isInScope } from '#core/repository-scope.ts';
import { HOUR_MS, searchTextOf } from '../decisions/decision-row.ts';
import { cutKey, cutPolicy, isDecisionId, wordsOf } from '../decisions/filter-decisions.ts';
import { integer } from '../sql-value.ts';
import { clampLimit, WINDOW_ROWS } from '../window.ts';

/** The same answers without tables; the model that the real stores are compared with. */
export function createMemoryDecisionIndex(
  findEvent: (sequence: number) => RecordedEvent | undefined,
): DecisionIndexStore {
  const rows = new Map<number, AddedDecision>();
  let state = { position: 0, server: '', untilMs: 0 };

  const newestFirst = () =>
    [...rows.values()].toSorted((one, other) => other.timeMs - one.timeMs || other.sequence - one.sequence);
  const fitting = (filter: DecisionFilter) => newestFirst().filter((row) => fits(row, filter));

  return {
    search: async (filter, { before, limit }) => {
      const place = before === undefined ? undefined : newestAtMost([...rows.values()], before);
      if (before !== undefined && place === undefined) return [];
      return fitting(filter)
        .filter((row) => place === undefined || isBefore(row, place, before))
        .slice(0, clampLimit(limit))
        .map(shown);
    },
    changes: async (filter, afterChange, limit) => {
      const after = Math.max(0, integer(afterChange, 'after'));
      const through = Math.min(state.position, after + WINDOW_ROWS);
      if (through <= after) return { decisions: [], through: Math.min(after, state.position) };
      const wanted = Math.max(1, clampLimit(limit));
      const found = fitting(filter)
        .filter(({ changed }) => changed > after && changed <= through)
        .toSorted((one, other) => one.changed - other.changed)
        .slice(0, wanted)
        .map(shown);
      return {
        decisions: found,
        through: found.length < wanted ? through : (found.at(-1)?.changed ?? through),
      };
    },
    find: async (id) => {
      const row = [...rows.values()].find((each) => each.id === id);
      return row && shown(row);
    },
    repositoriesOf: async (ids) => {
      const wanted = new Set(ids);
      const named = [...rows.values()].flatMap(({ id, repository }) =>
        wanted.has(id) && repository !== undefined ? [[id, repository] as const] : [],
      );
      return new Map(named);
    },
    counts: async (filter, by) => {
      const unitMs = by === 'hour' ? HOUR_MS : 24 * HOUR_MS;
      const groups = Map.groupBy(fitting(filter), ({ timeMs, outcome }) => {
        return `${Math.floor(timeMs / unitMs) * unitMs} ${outcome}`;
      });
      return [...groups]
        .map(([key, { length }]) => {
          const [start, outcome] = key.split(' ');
          return { startMs: Number(start), outcome: outcomeFrom(outcome), count: length };
        })
        .toSorted((one, other) => one.startMs - other.startMs || (one.outcome < other.outcome ? -1 : 1));
    },
    top: async (filter, column, limit) => {
      const values = fitting(filter).flatMap((row) => valuesOf(row, column).map((value) => ({ value, row })));
      return [...Map.groupBy(values, ({ value }) => value)]
        .map(([value, found]) => {
          const outcomes = tally(found.map(({ row }) => row));
          return { value, count: found.length, outcomes };
        })
        .toSorted((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
        .slice(0, clampLimit(limit));
    },
    shapes: async (filter, limit) =>
      [...Map.groupBy(fitting(filter), ({ workload }) => workload).values()]
        .map((group) => ({ group, latest: Math.max(...group.map(({ sequence }) => sequence)) }))
        .toSorted((one, other) => other.latest - one.latest)
        .slice(0, clampLimit(limit))
        .flatMap(({ group, latest }) => {
          const [newest, event] = [rows.get(latest), findEvent(latest)];
          if (newest === undefined || event === undefined) return [];
          const times = group.map(({ timeMs }) => timeMs);
          return [
            {
              ...traitsOf(newest),
              policies: [...new Set(group.toSorted(latestFirst).flatMap(({ policies }) => policies))],
              firstMs: Math.min(...times),
              lastMs: Math.max(...times),
              count: group.length,
              outcomes: tally(group),
              latest: event,
            },
          ];
        }),
    position: async () => state.position,
    apply: async (change, server, nowMs, untilMs) => {
      if (change.from !== state.position || (state.server !== server && state.untilMs >= nowMs)) return false;
      applyTo(rows, change);
      state = { position: change.to, server, untilMs };
      return true;
    },
  };
}

function applyTo(rows: Map<number, AddedDecision>, { added, ended, erased }: IndexChange): void {
  for (const decision of added) rows.set(decision.sequence, structuredClone(decision));
  for (const { id, outcome, changed } of ended) {
    for (const [sequence, row] of rows) {
      if (row.id !== id) continue;
      const isOpen = row.outcome === 'allowed' || row.outcome === 'failed';
      rows.set(sequence, { ...row, outcome: isOpen ? outcome : row.outcome, changed });
    }
  }
  for (const sequence of erased) {
    const row = rows.get(sequence);
    if (row !== undefined) rows.set(sequence, { ...row, actor: undefined });
  }
}

function latestFirst(one: IndexedDecision, other: IndexedDecision): number {
  return other.sequence - one.sequence;
}

function newestAtMost(rows: readonly AddedDecision[], sequence: number): AddedDecision | undefined {
  return rows.filter((row) => row.sequence <= sequence).toSorted(latestFirst)[0];
}

function isBefore(row: AddedDecision, place: AddedDecision, before: number | undefined): boolean {
  if (row.timeMs !== place.timeMs) return row.timeMs < place.timeMs;
  return row.sequence < place.sequence || (place.sequence !== before && row.sequence === place.sequence);
}

const NAMES = [
  'resource',
  'provider',
  'repository',
  'environment',
  'trigger',
  'workflow',
  'principal',
] as const;
const KEYS = ['reason', 'actor', 'run'] as const;

function fits(row: AddedDecision, filter: DecisionFilter): boolean {
  const { scope, outcomes, policy, text, fromMs, toMs } = filter;
  if (!isInScope(scope, row.repository)) return false;
  if (NAMES.some((name) => filter[name] !== undefined && filter[name] !== row[name])) return false;
  if (KEYS.some((name) => filter[name] !== undefined && cutKey(filter[name]) !== row[name])) return false;
  if (outcomes !== undefined && !outcomes.includes(row.outcome)) return false;
  if (policy !== undefined && !row.policies.includes(cutPolicy(policy))) return false;
  if (row.timeMs < (fromMs ?? -Infinity) || row.timeMs >= (toMs ?? Infinity)) return false;
  if (text !== undefined && isDecisionId(text)) return row.id === text.trim();
  const searched = searchTextOf(row);
  return wordsOf(text).every((word) => searched.includes(word));
}

function traitsOf(row: AddedDecision) {
  const { principal, resource, provider, platform, repository, org, ref, environment, trigger, workflow } =
    row;
  return { principal, resource, provider, platform, repository, org, ref, environment, trigger, workflow };
}

function shown({ workload: _workload, shape: _shape, ...decision }: AddedDecision): IndexedDecision {
  return structuredClone(decision);
}

function valuesOf(row: AddedDecision, column: DecisionColumn): readonly string[] {
  if (column === 'policy') return [...new Set(row.policies)];
  const value = row[column];
  return value === undefined ? [] : [value];
}

function tally(rows: readonly IndexedDecision[]): OutcomeCounts {
  const count = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
  return {
    issued: count('issued'),
    denied: count('denied'),
    allowed: count('allowed'),
    failed: count('failed'),
  };
}

function outcomeFrom(text: string | undefined): IndexedOutcome {
  return text === 'issued' || text === 'denied' || text === 'failed' ? text : 'allowed';
}
