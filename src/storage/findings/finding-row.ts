import type { Anchor } from '#findings/tracking/anchor.ts';
import type { FindingWrite, KnownRecord, StoredReport, StoredScope } from '#findings/tracking/ports.ts';
import type {
  FindingScope,
  FindingState,
  HistoryEntry,
  TrackedFinding,
  Triage,
} from '#findings/tracking/tracked-finding.ts';
import type { ReportedFinding } from '#findings/reported-finding.ts';
import type { RiskArea } from '#findings/risk-area.ts';
import type { SearchColumns } from '#findings/search/ports.ts';
import type { Severity } from '#findings/severity.ts';
import {
  integer,
  integerOrNull,
  readChoice,
  readInteger,
  readJsonText,
  readOptionalInteger,
  readOptionalText,
  readText,
  textOrNull,
  type SqlValue,
} from '../sql-value.ts';
import { toStoredText } from '../stored-text.ts';

/** Their place is their rank, which is what is stored, so that the database can sort by it. */
const SEVERITIES: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];
const STATES: readonly FindingState[] = ['new', 'open', 'reopened', 'fixed', 'waived', 'false-positive'];

const AREAS = [
  'misconfiguration',
  'secrets',
  'code-injection',
  'security-testing',
  'third-parties',
  'privilege',
  'monitoring',
  'poisoning',
] as const satisfies readonly RiskArea[];

/** Undefined for what is in none. */
export function areaFrom(value: SqlValue | undefined): RiskArea | undefined {
  return AREAS.find((area) => area === value);
}

export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

export function severityOf(value: SqlValue | undefined): Severity {
  return SEVERITIES[readInteger(value)] ?? 'info';
}

export function stateFrom(value: SqlValue | undefined): FindingState {
  return readChoice(value, STATES);
}

/** Columns of a finding, in the order of {@link findingToRow}; the large one is the last. */
export const FINDING_COLUMNS = [
  'id',
  'repository',
  'tool',
  'target',
  'present',
  'state',
  'severity',
  'kind',
  'rule',
  'file',
  'key',
  'first_seen_ms',
  'last_seen_ms',
  'fixed_at_ms',
  'clock_started_at_ms',
  'due_at_ms',
  'accepted_until_ms',
  'assignee',
  'owner',
  'report_id',
  'content',
  'settled_at_ms',
  'priority',
  'area',
  'subject',
  'search',
  'triage',
  'anchor',
  'finding',
] as const;

/** Since when nobody has to do anything about it; undefined while somebody has. */
export function settledAtMs({ state, triage, fixedAtMs, lastSeenMs }: SettledParts): number | undefined {
  if (state === 'fixed') return fixedAtMs ?? lastSeenMs;
  if (state === 'waived') return triage.acceptance?.atMs ?? lastSeenMs;
  return state === 'false-positive' ? (triage.falsePositive?.atMs ?? lastSeenMs) : undefined;
}
type SettledParts = Pick<FindingWrite, 'state' | 'triage' | 'fixedAtMs' | 'lastSeenMs'>;

/** Priority, area, subject and the text to search in. */
export function searchColumns({ priority, area, subject, text }: SearchColumns): SqlValue[] {
  return [integer(priority, 'priority'), area ?? '', toStoredText(subject ?? ''), toStoredText(text)];
}

const NO_SEARCH: SearchColumns = { priority: 0, text: '' };

/** JSON escapes NUL and lone surrogates itself, so what is stored as JSON fits every store as it is. */
export function findingToRow(write: FindingWrite): SqlValue[] {
  const { scope, triage, anchor, finding } = write;
  return [
    toStoredText(write.id),
    toStoredText(scope.repository),
    toStoredText(scope.tool),
    toStoredText(scope.target),
    write.present ? 1 : 0,
    write.state,
    severityRank(write.severity),
    finding?.kind ?? null,
    textOrNull(finding?.ruleId),
    textOrNull(anchor.file),
    anchor.key,
    integer(write.firstSeenMs, 'firstSeenMs'),
    integer(write.lastSeenMs, 'lastSeenMs'),
    integerOrNull(write.fixedAtMs, 'fixedAtMs'),
    integer(write.clockStartedAtMs, 'clockStartedAtMs'),
    integerOrNull(write.dueAtMs === undefined ? undefined : Math.trunc(write.dueAtMs), 'dueAtMs'),
    integerOrNull(triage.acceptance?.untilMs, 'untilMs'),
    textOrNull(triage.assignee),
    textOrNull(write.owner),
    toStoredText(write.reportId),
    write.content,
    integerOrNull(settledAtMs(write), 'settledAtMs'),
    ...(finding === undefined ? [null, null, null, null] : searchColumns(write.search ?? NO_SEARCH)),
    JSON.stringify(triage),
    JSON.stringify(anchor),
    finding === undefined ? null : JSON.stringify(finding),
  ];
}

/**
 * What stands in the row now. What is there was seen last by the latest report of its scope, without a write for each
 * finding; an acceptance that has ended is none, also before anybody has written that down. Takes the time once.
 */
export const RECORD_COLUMNS = `
  f.id, f.repository, f.tool, f.target, f.present,
  CASE WHEN f.state = 'waived' AND f.accepted_until_ms <= ? THEN 'reopened' ELSE f.state END AS state_now,
  f.severity, f.first_seen_ms,
  CASE WHEN f.present = 1 THEN s.last_report_ms ELSE f.last_seen_ms END AS seen_ms,
  f.fixed_at_ms, f.clock_started_at_ms, f.due_at_ms, f.owner,
  CASE WHEN f.present = 1 THEN s.last_report_id ELSE f.report_id END AS seen_report,
  f.content, f.triage, f.anchor`;

export const RECORD_TABLES = `finding f JOIN finding_scope s
  ON s.repository = f.repository AND s.tool = f.tool AND s.target = f.target`;

export function scopeFromRow(row: readonly SqlValue[], start: number): FindingScope {
  return {
    repository: readText(row[start]),
    tool: readText(row[start + 1]),
    target: readText(row[start + 2]),
  };
}

/** From {@link RECORD_COLUMNS}. */
export function recordFromRow(row: readonly SqlValue[]): KnownRecord & { readonly scope: FindingScope } {
  const triage: Triage = JSON.parse(readJsonText(row[15]));
  const anchor: Anchor = JSON.parse(readJsonText(row[16]));
  const state = stateFrom(row[5]);
  const fixedAtMs = readOptionalInteger(row[9]);
  const dueAtMs = readOptionalInteger(row[11]);
  const owner = readOptionalText(row[12] ?? null);
  return {
    id: readText(row[0]),
    scope: scopeFromRow(row, 1),
    present: row[4] === 1,
    exempt: state === 'waived' || state === 'false-positive',
    state,
    severity: severityOf(row[6]),
    firstSeenMs: readInteger(row[7]),
    lastSeenMs: readInteger(row[8]),
    clockStartedAtMs: readInteger(row[10]),
    reportId: readText(row[13]),
    content: readText(row[14]),
    triage,
    anchor,
    ...(fixedAtMs !== undefined && { fixedAtMs }),
    ...(dueAtMs !== undefined && { dueAtMs }),
    ...(owner !== undefined && { owner }),
  };
}

export function trackedOf(
  record: KnownRecord & { readonly scope: FindingScope },
  finding: ReportedFinding,
): TrackedFinding {
  const {
    present: _present,
    exempt: _exempt,
    severity: _severity,
    content: _content,
    anchor: _anchor,
    ...rest
  } = record;
  return { ...rest, finding };
}

/** From {@link RECORD_COLUMNS} and the finding itself. */
export function trackedFromRow(row: readonly SqlValue[]): TrackedFinding {
  const finding: ReportedFinding = JSON.parse(readJsonText(row[17]));
  return trackedOf(recordFromRow(row), finding);
}

export function storedScopeFromRow(row: readonly SqlValue[]): StoredScope {
  const commit = readOptionalText(row[5] ?? null);
  return {
    scope: scopeFromRow(row, 0),
    lastReportId: readText(row[3]),
    lastReportMs: readInteger(row[4]),
    ...(commit !== undefined && { commit }),
  };
}

export function reportFromRow(row: readonly SqlValue[]): StoredReport {
  const report: StoredReport = JSON.parse(readJsonText(row[0]));
  return report;
}

export function historyFromRow(row: readonly SqlValue[]): HistoryEntry {
  const entry: HistoryEntry = JSON.parse(readJsonText(row[0]));
  return entry;
}
