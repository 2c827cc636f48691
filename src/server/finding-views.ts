import type {
  Finding,
  FindingHistoryEntry,
  FindingPlace,
  FindingSummary,
  TriageDecision,
} from '#api/finding.ts';
import type { Report } from '#api/report.ts';
import type { Priority } from '#findings/priority/priority.ts';
import type { PrioritySource } from '#findings/priority/priority-source.ts';
import type { PackageReference, ReportedPlace } from '#findings/reported-finding.ts';
import type { StoredReport } from '#findings/tracking/ports.ts';
import type { HistoryEntry, TrackedFinding } from '#findings/tracking/tracked-finding.ts';
import type { TriageAction } from '#findings/tracking/triage.ts';
import { type RiskArea, type RuleAreas, riskAreaOf } from '#findings/risk-area.ts';
import { RequestProblem } from './request-problem.ts';
import { momentOf, momentOrNull } from './views.ts';

function packageView({ fixedVersions, dependencyPath, ...part }: PackageReference) {
  return {
    ...part,
    ...(fixedVersions !== undefined && { fixedVersions: [...fixedVersions] }),
    ...(dependencyPath !== undefined && { dependencyPath: [...dependencyPath] }),
  };
}

function placeView({ package: part, ...place }: ReportedPlace): FindingPlace {
  return { ...place, ...(part !== undefined && { package: packageView(part) }) };
}

export function unknownFinding(): RequestProblem {
  return new RequestProblem('finding_unknown', 'There is no finding with this id.');
}

export function findingSummary(
  tracked: TrackedFinding,
  { score, band }: Priority,
  area: RiskArea | undefined,
  nowMs: number,
): FindingSummary {
  const { finding, scope, dueAtMs } = tracked;
  return {
    id: tracked.id,
    repository: scope.repository,
    tool: scope.tool,
    target: scope.target,
    state: tracked.state,
    severity: finding.severity,
    priority: { score, band },
    kind: finding.kind,
    area: area ?? null,
    rule: finding.ruleId,
    title: finding.title,
    place: placeView(finding.place),
    firstSeenAt: momentOf(tracked.firstSeenMs),
    lastSeenAt: momentOf(tracked.lastSeenMs),
    fixedAt: momentOrNull(tracked.fixedAtMs),
    dueAt: momentOrNull(dueAtMs),
    overdue: dueAtMs !== undefined && dueAtMs <= nowMs,
    owner: tracked.owner ?? null,
    assignee: tracked.triage.assignee ?? null,
  };
}

function historyView({ atMs, by, kind, note, reportId }: HistoryEntry): FindingHistoryEntry {
  return { at: momentOf(atMs), by, kind, note, report: reportId ?? null };
}

export function findingView(
  tracked: TrackedFinding,
  history: readonly HistoryEntry[],
  { source, areas, nowMs }: { source: PrioritySource; areas: RuleAreas; nowMs: number },
): Finding {
  const { finding, triage } = tracked;
  const { acceptance, falsePositive } = triage;
  const priority = source.priorityOf(finding, tracked.scope.repository);
  return {
    ...findingSummary(tracked, priority, riskAreaOf(finding, areas), nowMs),
    priority: { ...priority, factors: [...priority.factors] },
    priorityWarnings: [...source.warnings()],
    description: finding.description,
    severityText: finding.severityText ?? null,
    confidence: finding.confidence ?? null,
    cvss: finding.cvss ?? null,
    epss: finding.epss ?? null,
    exploited: finding.exploited ?? null,
    verified: finding.verified ?? null,
    cwe: [...finding.cwe],
    aliases: [...finding.aliases],
    otherPlaces: finding.otherPlaces.map(placeView),
    snippet: finding.snippet ?? null,
    remedy: finding.remedy ?? null,
    references: [...finding.references],
    attributes: { ...finding.attributes },
    toolDecision: finding.decision ?? null,
    acceptance:
      acceptance === undefined
        ? null
        : {
            owner: acceptance.owner,
            reason: acceptance.reason,
            until: momentOf(acceptance.untilMs),
            by: acceptance.by,
            at: momentOf(acceptance.atMs),
          },
    falsePositive:
      falsePositive === undefined
        ? null
        : { reason: falsePositive.reason, by: falsePositive.by, at: momentOf(falsePositive.atMs) },
    report: tracked.reportId,
    history: history.map(historyView),
  };
}

export function reportView(report: StoredReport): Report {
  const { id, repository, name, receivedAtMs, by, commit, counts, warnings, ambiguities } = report;
  return {
    id,
    repository,
    name,
    receivedAt: momentOf(receivedAtMs),
    by,
    commit: commit ?? null,
    counts: counts.map(({ scope: { tool, target }, ...rest }) => ({ tool, target, ...rest })),
    warnings: warnings.map(({ at, message }) => ({ at, message })),
    ambiguities: [...ambiguities],
  };
}

export function triageActionOf(decision: TriageDecision): TriageAction {
  if (decision.action === 'accept') {
    const { until, ...rest } = decision;
    return { ...rest, untilMs: Date.parse(until) };
  }
  if (decision.action !== 'assign') return decision;
  const { assignee, note } = decision;
  return { action: 'assign', assignee: assignee ?? undefined, ...(note !== undefined && { note }) };
}
