import { isInScope } from '#core/repository-scope.ts';
import type { FindingSearch } from '#findings/search/ports.ts';
import type {
  FindingChange,
  FindingFilter,
  FindingStore,
  FindingWrite,
  KnownRecord,
  StoredReport,
  StoredScope,
} from '#findings/tracking/ports.ts';
import type { ReportedFinding } from '#findings/reported-finding.ts';
import type {
  FindingScope,
  FindingState,
  HistoryEntry,
  TrackedFinding,
} from '#findings/tracking/tracked-finding.ts';
import { eventToRow } from '../event-row.ts';
import { auditEventOf } from '../findings/finding-change.ts';
import { findingToRow, severityRank, trackedOf } from '../findings/finding-row.ts';
import type { SqlValue } from '../sql-value.ts';
import { clampLimit, LIST_ROWS_MAX } from '../window.ts';
import { passesFilter, type SearchedFinding } from './memory-finding-filter.ts';
import { createMemoryFindingSearch } from './memory-finding-search.ts';
import { refuseTaken } from './refuse-taken.ts';

type Stored = FindingWrite & { readonly finding: ReportedFinding };
type ScopedRecord = KnownRecord & { readonly scope: FindingScope };

interface State {
  readonly versions: Map<string, number>;
  readonly findings: Map<string, Stored>;
  readonly scopes: Map<string, StoredScope>;
  readonly reports: StoredReport[];
  readonly history: Map<string, HistoryEntry[]>;
}

export function createMemoryFindingStore(
  appendEvents: (rows: readonly SqlValue[][]) => void,
): FindingStore & FindingSearch {
  const state: State = {
    versions: new Map(),
    findings: new Map(),
    scopes: new Map(),
    reports: [],
    history: new Map(),
  };
  const search = createMemoryFindingSearch({
    scopes: () => [...state.scopes.values()],
    all: (nowMs) => stored(state, nowMs),
    track: (id, nowMs) => trackedFrom(state, stateOfId(state, id), nowMs),
    setSearch: (id, columns) => {
      state.findings.set(id, { ...stateOfId(state, id), search: columns });
    },
  });
  const records = (nowMs: number) => [...state.findings.values()].map((each) => recordOf(state, each, nowMs));
  return {
    ...search,
    version: async (repository) => state.versions.get(repository) ?? 0,
    known: async (scope, fixedSinceMs, nowMs) =>
      records(nowMs)
        .filter((record) => keyOf(record.scope) === keyOf(scope))
        .filter(({ present, fixedAtMs = 0 }) => present || fixedAtMs >= fixedSinceMs)
        .sort(byId)
        .map((record) => structuredClone(record)),
    clockStarts: async (scope, keys) => clockStarts(state, scope, new Set(keys)),
    commit: async (change) => commit(state, change, appendEvents),
    scopes: async (repository) =>
      [...state.scopes.values()]
        .filter(({ scope }) => scope.repository === repository)
        .sort((one, other) => compare(keyOf(one.scope), keyOf(other.scope)))
        .map((scope) => structuredClone(scope)),
    finding: async (id, nowMs) => {
      const stored = state.findings.get(id);
      return stored && trackedFrom(state, stored, nowMs);
    },
    records: async (ids, nowMs) =>
      records(nowMs)
        .filter(({ id }) => ids.slice(0, LIST_ROWS_MAX).includes(id))
        .sort(byId)
        .map((record) => structuredClone(record)),
    findings: async (filter, { after, limit }, nowMs) =>
      matching(state, filter, nowMs)
        .sort(worstFirst)
        .filter((each) => after === undefined || worstFirst(after, each) < 0)
        .slice(0, clampLimit(limit))
        .map(({ id }) => trackedFrom(state, stateOfId(state, id), nowMs)),
    counts: async (filter, nowMs) => countsOf(matching(state, filter, nowMs)),
    history: async (id) => structuredClone((state.history.get(id) ?? []).slice(0, LIST_ROWS_MAX)),
    reports: async (of, limit) =>
      structuredClone(
        state.reports
          .filter(({ repository }) =>
            typeof of === 'string' ? repository === of : isInScope(of, repository),
          )
          .toReversed()
          .slice(0, clampLimit(limit)),
      ),
    endedAcceptances: async (nowMs) =>
      [...state.findings.values()]
        .filter(({ triage }) => triage.acceptance !== undefined && triage.acceptance.untilMs <= nowMs)
        .slice(0, LIST_ROWS_MAX)
        .map(({ id, scope: { repository } }) => ({ id, repository })),
    purge: async () => 0,
  };
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function byId(one: { id: string }, other: { id: string }): number {
  return compare(one.id, other.id);
}

type Ranked = Pick<KnownRecord, 'severity' | 'id'>;

function worstFirst(one: Ranked, other: Ranked): number {
  return severityRank(other.severity) - severityRank(one.severity) || compare(other.id, one.id);
}

function keyOf({ repository, tool, target }: FindingScope): string {
  return JSON.stringify([repository, tool, target]);
}

function stateOfId(state: State, id: string): Stored {
  const stored = state.findings.get(id);
  if (stored === undefined) throw new TypeError('it was just there');
  return stored;
}

function stateNow({ state, triage }: Stored, nowMs: number): FindingState {
  const ended = triage.acceptance !== undefined && triage.acceptance.untilMs <= nowMs;
  return state === 'waived' && ended ? 'reopened' : state;
}

function recordOf(state: State, stored: Stored, nowMs: number): ScopedRecord {
  const { finding: _finding, search: _search, history: _history, isNew: _isNew, ...record } = stored;
  const latest = stored.present ? state.scopes.get(keyOf(stored.scope)) : undefined;
  const standing = stateNow(stored, nowMs);
  return {
    ...record,
    state: standing,
    exempt: standing === 'waived' || standing === 'false-positive',
    lastSeenMs: latest?.lastReportMs ?? record.lastSeenMs,
    reportId: latest?.lastReportId ?? record.reportId,
  };
}

function trackedFrom(state: State, stored: Stored, nowMs: number): TrackedFinding {
  return structuredClone(trackedOf(recordOf(state, stored, nowMs), stored.finding));
}

function clockStarts(state: State, scope: FindingScope, keys: ReadonlySet<string>): Map<string, number> {
  const starts = new Map<string, number>();
  for (const { scope: other, present, anchor, clockStartedAtMs } of state.findings.values()) {
    const wanted = present && other.repository === scope.repository && keyOf(other) !== keyOf(scope);
    if (!wanted || !keys.has(anchor.key)) continue;
    starts.set(anchor.key, Math.min(starts.get(anchor.key) ?? Infinity, clockStartedAtMs));
  }
  return starts;
}

function commit(state: State, change: FindingChange, append: (rows: readonly SqlValue[][]) => void): boolean {
  // Refuses what a database refuses, before anything is changed.
  const events = change.events.map((event) => eventToRow(auditEventOf(event)));
  for (const write of change.findings) findingToRow(write);
  if ((state.versions.get(change.repository) ?? 0) !== change.version) return false;
  for (const { isNew, id } of change.findings) if (isNew) refuseTaken(state.findings, id);
  state.versions.set(change.repository, change.version + 1);
  for (const stored of change.scopes) state.scopes.set(keyOf(stored.scope), structuredClone(stored));
  if (change.report !== undefined) state.reports.push(structuredClone(change.report));
  settle(state, change);
  for (const write of change.findings) writeOne(state, structuredClone(write));
  append(events);
  return true;
}

function settle({ findings }: State, { settled }: FindingChange): void {
  const keys = new Set(settled.map(keyOf));
  for (const [id, stored] of findings) {
    if (stored.state === 'new' && keys.has(keyOf(stored.scope)))
      findings.set(id, { ...stored, state: 'open' });
  }
}

function writeOne({ findings, history }: State, write: FindingWrite): void {
  const finding = write.finding ?? findings.get(write.id)?.finding;
  if (finding === undefined) return;
  const search = write.finding === undefined ? findings.get(write.id)?.search : write.search;
  findings.set(write.id, { ...write, finding, ...(search !== undefined && { search }) });
  if (write.history !== undefined) history.set(write.id, [...(history.get(write.id) ?? []), write.history]);
}

function stored(state: State, nowMs: number): SearchedFinding[] {
  return [...state.findings.values()].map((each) => ({ ...each, ...recordOf(state, each, nowMs) }));
}

function matching(state: State, filter: FindingFilter, nowMs: number): SearchedFinding[] {
  return stored(state, nowMs).filter((each) => passesFilter(each, filter));
}

function countsOf(records: readonly ScopedRecord[]) {
  const counts = new Map<
    string,
    { tool: string; target: string; severity: KnownRecord['severity']; state: FindingState; count: number }
  >();
  for (const { scope, severity, state } of records) {
    const key = [scope.tool, scope.target, severityRank(severity), state].join('\0');
    const known = counts.get(key) ?? { tool: scope.tool, target: scope.target, severity, state, count: 0 };
    counts.set(key, { ...known, count: known.count + 1 });
  }
  return [...counts].sort(([one], [other]) => compare(one, other)).map(([, count]) => count);
}
