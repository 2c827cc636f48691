import type { Clock } from '#core/clock.ts';
import { importers } from '#findings/importers.generated.ts';
import { anchorOf } from '#findings/tracking/anchor.ts';
import type { FindingCursor, FindingStore, StoredReport, StoredScope } from '#findings/tracking/ports.ts';
import { scopeKey } from '#findings/tracking/scope.ts';
import { type TrackedFinding, unresolvedStates } from '#findings/tracking/tracked-finding.ts';
import type { GateInput } from '#posture/gate-decision.ts';
import { compareGateFindings, gateFindingOfReport } from '#posture/gate-finding.ts';
import type { ReportedFindings, ReportedSummary } from '#posture/reported-findings.ts';
import { TESTS } from '../../gate/read-reports.ts';

const FINDINGS_MAX = 2_000;
const PAGE_ROWS = 1_000;
/** Enough to have the latest of each tool, without reading years. */
const REPORTS_READ = 100;
const CACHED_MAX = 200;
const CACHED_MS = 60_000;

export interface ReportedFindingsOptions {
  readonly store: FindingStore;
  readonly clock: Clock;
  /** Branches that stand for the repository. */
  readonly defaultBranches: () => readonly string[];
}

interface Cached {
  readonly version: number;
  readonly readAtMs: number;
  readonly summary: ReportedSummary | undefined;
}

/** Reports that name no branch are about the repository as a whole. */
function isOfDefault({ scope: { target } }: StoredScope, branches: readonly string[]): boolean {
  const branch = target.split(';').find((part) => part.startsWith('branch='));
  return branch === undefined || branches.includes(branch.slice('branch='.length));
}

class Reading {
  readonly #options: ReportedFindingsOptions;

  constructor(options: ReportedFindingsOptions) {
    this.#options = options;
  }

  async read(repository: string, commit: string | undefined): Promise<ReportedSummary | undefined> {
    const { store, defaultBranches } = this.#options;
    const scopes = await store.scopes(repository);
    if (scopes.length === 0) return undefined;
    const ofDefault = scopes.filter((scope) => isOfDefault(scope, defaultBranches()));
    const ofCommit = commit === undefined ? [] : scopes.filter((scope) => scope.commit === commit);
    const chosen = ofCommit.length > 0 ? ofCommit : ofDefault;
    // Reports of other branches say nothing of this commit: unknown is not clean.
    if (chosen.length === 0) return undefined;
    const known = await this.#keysOf(ofDefault);
    const findings = (await Promise.all(chosen.map((scope) => this.#unresolved(scope)))).flat();
    const reports = await store.reports(repository, REPORTS_READ);
    return {
      findings: findings
        .map(({ finding }) => {
          const isNew = known === undefined ? undefined : !known.has(anchorOf(finding).key);
          return gateFindingOfReport(finding, { repository, commit, isNew });
        })
        .toSorted(compareGateFindings)
        .slice(0, FINDINGS_MAX),
      inputs: chosen.map((scope) => inputOf(scope, findings, reports)),
    };
  }

  /** What stands on the default branch, by key; undefined when nothing was ever reported of it. */
  async #keysOf(scopes: readonly StoredScope[]): Promise<ReadonlySet<string> | undefined> {
    if (scopes.length === 0) return undefined;
    const { store, clock } = this.#options;
    const nowMs = clock.nowMs();
    const known = await Promise.all(scopes.map(({ scope }) => store.known(scope, nowMs + 1, nowMs)));
    return new Set(known.flat().map(({ anchor }) => anchor.key));
  }

  async #unresolved({ scope }: StoredScope): Promise<readonly TrackedFinding[]> {
    const { store, clock } = this.#options;
    const found: TrackedFinding[] = [];
    let after: FindingCursor | undefined;
    while (found.length < FINDINGS_MAX) {
      const page = { limit: PAGE_ROWS, ...(after !== undefined && { after }) };
      const rows = await store.findings({ ...scope, states: unresolvedStates }, page, clock.nowMs());
      found.push(...rows);
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE_ROWS) break;
      after = { severity: last.finding.severity, id: last.id };
    }
    return found;
  }
}

/** A tool that tests one thing has tested it, whatever it found; of others what they found tells. */
function testsOf(tool: string, findings: readonly TrackedFinding[]): readonly string[] {
  const [only, ...others] = importers.find(({ id }) => id === tool)?.kinds ?? [];
  const kinds = new Set(findings.map(({ finding }) => finding.kind));
  if (only !== undefined && others.length === 0) kinds.add(only);
  return [...new Set([...kinds].flatMap((kind) => TESTS[kind] ?? []))].toSorted();
}

function inputOf(
  { scope, lastReportMs, lastReportId }: StoredScope,
  findings: readonly TrackedFinding[],
  reports: readonly StoredReport[],
): GateInput {
  const own = findings.filter((each) => scopeKey(each.scope) === scopeKey(scope));
  const report = reports.find(({ id }) => id === lastReportId);
  const counts = report?.counts.find((each) => scopeKey(each.scope) === scopeKey(scope));
  return {
    tool: scope.tool,
    toolVersion: undefined,
    findings: counts?.reported ?? own.length,
    kinds: testsOf(scope.tool, own),
    ranAtMs: lastReportMs,
    digest: undefined,
  };
}

/**
 * What the store holds of a repository, for its posture. An answer is kept as long as nothing changes in the store,
 * so that an exchange costs one small read.
 */
export function createReportedFindings(options: ReportedFindingsOptions): ReportedFindings {
  const reading = new Reading(options);
  const cache = new Map<string, Cached>();
  return {
    async openFor(repository, commit) {
      const nowMs = options.clock.nowMs();
      const version = await options.store.version(repository);
      const key = JSON.stringify([repository, commit]);
      const cached = cache.get(key);
      // Acceptances end by the clock, which changes no version at once.
      if (cached?.version === version && nowMs - cached.readAtMs < CACHED_MS) return cached.summary;
      const summary = version === 0 ? undefined : await reading.read(repository, commit);
      if (cache.size >= CACHED_MAX) cache.clear();
      cache.set(key, { version, readAtMs: nowMs, summary });
      return summary;
    },
  };
}
