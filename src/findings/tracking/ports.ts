import type { RepositoryScope } from '#core/repository-scope.ts';
import type { FindingKind, ReportedFinding } from '../reported-finding.ts';
import type { RiskArea } from '../risk-area.ts';
import type { SearchColumns } from '../search/ports.ts';
import type { ImportWarning } from '../importer.ts';
import type { Severity } from '../severity.ts';
import type { CodeChanges } from './code-changes.ts';
import type { KnownFinding } from './match-findings.ts';
import type { FindingScope, FindingState, HistoryEntry, TrackedFinding, Triage } from './tracked-finding.ts';

/** Of a finding in the store what matching and its clock need, without the report's own text. */
export interface KnownRecord extends KnownFinding {
  readonly state: FindingState;
  readonly severity: Severity;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly fixedAtMs?: number;
  readonly clockStartedAtMs: number;
  readonly dueAtMs?: number;
  readonly triage: Triage;
  readonly owner?: string;
  readonly reportId: string;
  /** Digest of the finding as it was reported last. */
  readonly content: string;
}

/** A finding to be written: the whole row, but for what was reported when that is as before. */
export interface FindingWrite extends Omit<KnownRecord, 'exempt'> {
  readonly isNew: boolean;
  readonly scope: FindingScope;
  /** Left out when nothing of it changed. A new one has it. */
  readonly finding?: ReportedFinding;
  /** Goes with `finding`. */
  readonly search?: SearchColumns;
  readonly history?: HistoryEntry;
}

export interface StoredScope {
  readonly scope: FindingScope;
  readonly lastReportId: string;
  readonly lastReportMs: number;
  /** Commit of the latest report, where it was said. */
  readonly commit?: string;
}

export interface ScopeCounts {
  readonly scope: FindingScope;
  readonly reported: number;
  readonly new: number;
  readonly stillThere: number;
  readonly reopened: number;
  readonly fixed: number;
}

/** A report that was taken in. */
export interface StoredReport {
  readonly id: string;
  readonly repository: string;
  readonly receivedAtMs: number;
  /** A person's subject, or `vouchgate` for the drop folder. */
  readonly by: string;
  readonly name: string;
  readonly commit?: string;
  readonly counts: readonly ScopeCounts[];
  readonly warnings: readonly ImportWarning[];
  readonly ambiguities: readonly string[];
}

/** Who does something: a person by their subject, or the server itself. */
export interface FindingActor {
  readonly kind: 'person' | 'server';
  readonly id: string;
}

/** What goes into the record (`src/audit`) with a change. */
export interface FindingEvent {
  readonly type: 'findings.imported' | 'finding.triaged' | 'finding.acceptance_ended';
  readonly timeMs: number;
  readonly actor: FindingActor;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Everything that one report, or one decision, changes; it happens whole or not at all. */
export interface FindingChange {
  /** `chg_…`; no two changes share one. */
  readonly id: string;
  readonly repository: string;
  /** Of the repository when it was read. Somebody else's change in between makes this one fail. */
  readonly version: number;
  readonly report?: StoredReport;
  readonly scopes: readonly StoredScope[];
  /** Scopes in which what was `new` is `open` now. */
  readonly settled: readonly FindingScope[];
  readonly findings: readonly FindingWrite[];
  readonly events: readonly FindingEvent[];
}

export interface FindingFilter {
  /** Only what its reader may see; all repositories when it is left out. */
  readonly scope?: RepositoryScope;
  readonly repository?: string;
  readonly tool?: string;
  readonly target?: string;
  readonly states?: readonly FindingState[];
  readonly severities?: readonly Severity[];
  readonly kinds?: readonly FindingKind[];
  readonly rule?: string;
  readonly file?: string;
  readonly assignee?: string;
  readonly owner?: string;
  /** Only what is past its day. */
  readonly overdueAtMs?: number;
  /** In lower case; all of them are in the finding (`search/search-text.ts`). */
  readonly words?: readonly string[];
  readonly areas?: readonly RiskArea[];
  /** Ranges of the stored priority, both ends inclusive. */
  readonly priorities?: readonly (readonly [least: number, most: number])[];
}

/** A place in the list: worst first, and within a severity newest first. */
export interface FindingCursor {
  readonly severity: Severity;
  readonly id: string;
}

export interface FindingCount {
  readonly tool: string;
  readonly target: string;
  readonly severity: Severity;
  readonly state: FindingState;
  readonly count: number;
}

/**
 * Where findings last. `nowMs` decides which acceptances have ended: from that moment on a finding counts as
 * `reopened`, also before {@link endedAcceptances} is worked off.
 */
export interface FindingStore {
  /** Grows with every change of a repository's findings; 0 for one that has none. */
  version(repository: string): Promise<number>;
  /** What is in the latest report of a scope, and what was fixed since. */
  known(scope: FindingScope, fixedSinceMs: number, nowMs: number): Promise<KnownRecord[]>;
  /** When the clock of findings with these keys began in other scopes of the repository, where they are not fixed. */
  clockStarts(scope: FindingScope, keys: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Durable when it resolves; false, and nothing is changed, when the version is another one. */
  commit(change: FindingChange): Promise<boolean>;
  scopes(repository: string): Promise<StoredScope[]>;
  finding(id: string, nowMs: number): Promise<TrackedFinding | undefined>;
  /** Of these ids, those that there are; at most 1,000. */
  records(ids: readonly string[], nowMs: number): Promise<(KnownRecord & { readonly scope: FindingScope })[]>;
  /** Worst first, at most 1,000. */
  findings(
    filter: FindingFilter,
    page: { readonly after?: FindingCursor; readonly limit: number },
    nowMs: number,
  ): Promise<TrackedFinding[]>;
  counts(filter: FindingFilter, nowMs: number): Promise<FindingCount[]>;
  /** Oldest first, at most 1,000. */
  history(findingId: string): Promise<HistoryEntry[]>;
  /** Newest first, at most 1,000; of one repository, or of all in a scope. */
  reports(of: string | RepositoryScope, limit: number): Promise<StoredReport[]>;
  /** Findings whose acceptance has ended and which do not know it yet, at most 1,000. */
  endedAcceptances(nowMs: number): Promise<{ readonly id: string; readonly repository: string }[]>;
  /** Removes what interrupted changes left behind; gives how many rows that was. */
  purge(nowMs: number): Promise<number>;
}

/** Asks git what happened between two commits; undefined when it cannot be known. */
export type FindCodeChanges = (
  repository: string,
  fromCommit: string,
  toCommit: string,
) => Promise<CodeChanges | undefined>;

/** CODEOWNERS of a repository, as text; undefined when there is none. */
export type FindOwners = (repository: string, commit: string | undefined) => Promise<string | undefined>;
