import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { ImportedReport } from '../importer.ts';
import type { FindingKind, ReportedFinding } from '../reported-finding.ts';
import type { RankFinding } from '../search/ports.ts';
import { searchColumnsOf } from '../search/search-text.ts';
import { type Anchor, anchorOf } from './anchor.ts';
import { applyReport, matchReport, type AppliedReport, type ReportContext } from './apply-report.ts';
import type { Ambiguity } from './match-findings.ts';
import type {
  FindCodeChanges,
  FindingActor,
  FindingEvent,
  FindingStore,
  FindingWrite,
  StoredReport,
  StoredScope,
} from './ports.ts';
import type { PreparedChange } from './repository-changes.ts';
import { scopeKey, type ReportTarget } from './scope.ts';
import type { TrackingSettings } from './settings.ts';
import { splitReport } from './split-report.ts';
import type { FindingScope } from './tracked-finding.ts';

export interface ReportRequest extends ReportTarget {
  readonly report: ImportedReport;
  /** What reports of this format can be about. */
  readonly kinds?: readonly FindingKind[];
  /** File name or other label of the report. */
  readonly name: string;
  readonly repository: string;
  readonly commit?: string;
  readonly actor: FindingActor;
}

export interface ReportPreparation {
  readonly store: FindingStore;
  readonly clock: Clock;
  readonly settings: TrackingSettings;
  readonly findCodeChanges: FindCodeChanges | undefined;
  readonly ownerOf: (file: string) => string | undefined;
  readonly rankOf: RankFinding;
}

const NOTES_MAX = 100;
const ANCHORS_AT_ONCE = 500;
const DAY_MS = 86_400_000;

/** Reads what is known, matches, and lays out the change that the report makes; nothing is written yet. */
export async function prepareReport(
  request: ReportRequest,
  version: number,
  preparation: ReportPreparation,
): Promise<PreparedChange<StoredReport>> {
  const { clock, settings, ownerOf } = preparation;
  const { report, repository, actor, commit, name } = request;
  const [id, nowMs] = [newId('rep', clock), clock.nowMs()];
  const before = await scopesBefore(repository, preparation);
  const applied: AppliedReport[] = [];
  const { parts, notes } = splitReport(request);
  const ambiguities: string[] = [...notes];
  for (const { scope, findings } of parts) {
    const changes = await changesSince(before.get(scopeKey(scope)), commit, preparation);
    const context = {
      scope,
      reportId: id,
      nowMs,
      settings,
      changes,
      newId: () => newId('fnd', clock),
      ownerOf,
    };
    const one = await applyToScope(findings, context, preparation.store);
    applied.push(one.applied);
    ambiguities.push(...one.ambiguities);
  }
  const result: StoredReport = {
    id,
    repository,
    receivedAtMs: nowMs,
    by: actor.id,
    name,
    ...(commit !== undefined && { commit }),
    counts: applied.map(({ counts }) => counts),
    warnings: report.warnings.slice(0, NOTES_MAX),
    ambiguities: ambiguities.slice(0, NOTES_MAX),
  };
  const change = {
    id: newId('chg', clock),
    repository,
    version,
    report: result,
    scopes: applied.map(({ counts: { scope } }) => storedScope(scope, result)),
    settled: applied.filter(({ settles }) => settles).map(({ counts: { scope } }) => scope),
    findings: applied.flatMap(({ writes }) => writes.map((write) => withSearch(write, preparation))),
    events: [importEvent(result, actor, report.warnings.length)],
  };
  return { change, result };
}

function withSearch(write: FindingWrite, { rankOf }: ReportPreparation): FindingWrite {
  const { finding, scope } = write;
  if (finding === undefined) return write;
  return { ...write, search: searchColumnsOf(finding, rankOf(finding, scope.repository)) };
}

/** A large report must not keep a server from answering: others have their turn in between. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function anchorsOf(findings: readonly ReportedFinding[]): Promise<readonly Anchor[]> {
  const anchors: Anchor[] = [];
  for (const finding of findings) {
    anchors.push(anchorOf(finding));
    if (anchors.length % ANCHORS_AT_ONCE === 0) await breathe();
  }
  return anchors;
}

async function applyToScope(
  findings: readonly ReportedFinding[],
  context: ReportContext,
  store: FindingStore,
): Promise<{ applied: AppliedReport; ambiguities: string[] }> {
  const { scope, nowMs, settings, changes } = context;
  const known = await store.known(scope, nowMs - settings.reopenDays * DAY_MS, nowMs);
  const matched = matchReport(findings, await anchorsOf(findings), known, changes);
  await breathe();
  const { fresh, ambiguities } = matched.result;
  const keys = fresh.flatMap((index) => matched.anchors[index]?.key ?? []);
  const starts = keys.length === 0 ? new Map() : await store.clockStarts(scope, keys);
  return {
    applied: applyReport(matched, known, starts, context),
    ambiguities: ambiguities
      .slice(0, NOTES_MAX)
      .map((ambiguity) => describeAmbiguity(ambiguity, scope, findings)),
  };
}

function describeAmbiguity(
  { reported, knownIds, reason }: Ambiguity,
  { tool }: FindingScope,
  findings: readonly ReportedFinding[],
): string {
  const first = reported[0] === undefined ? undefined : findings[reported[0]];
  const { file, url, resource } = first?.place ?? {};
  const where = file ?? url ?? resource ?? 'no file';
  return `${tool} ${first?.ruleId ?? ''} in ${where}: ${reported.length} reported, ${knownIds.length} known: ${reason}`;
}

async function scopesBefore(
  repository: string,
  { store, findCodeChanges }: ReportPreparation,
): Promise<ReadonlyMap<string, StoredScope>> {
  if (findCodeChanges === undefined) return new Map();
  const scopes = await store.scopes(repository);
  return new Map(scopes.map((stored) => [scopeKey(stored.scope), stored]));
}

async function changesSince(
  before: StoredScope | undefined,
  commit: string | undefined,
  { findCodeChanges }: ReportPreparation,
) {
  if (before?.commit === undefined || commit === undefined) return undefined;
  return findCodeChanges?.(before.scope.repository, before.commit, commit);
}

function storedScope(scope: FindingScope, { id, receivedAtMs, commit }: StoredReport): StoredScope {
  return {
    scope,
    lastReportId: id,
    lastReportMs: receivedAtMs,
    ...(commit !== undefined && { commit }),
  };
}

function importEvent(report: StoredReport, actor: FindingActor, warnings: number): FindingEvent {
  const { id, repository, name, commit, counts, ambiguities, receivedAtMs } = report;
  const body = { report: id, repository, name, commit, counts, warnings, ambiguities: ambiguities.length };
  return { type: 'findings.imported', timeMs: receivedAtMs, actor, body };
}
