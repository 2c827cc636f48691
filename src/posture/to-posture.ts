import type { InspectedPosture, PostureFinding } from '#broker/posture-source.ts';
import type { GateDecision } from './gate-decision.ts';
import { countBySeverity, type GateFinding } from './gate-finding.ts';
import type { Inspection } from './inspection-task.ts';
import type { ReportedSummary } from './reported-findings.ts';

/** In an answer to a job; the record keeps fewer. */
const FINDINGS_MAX = 20;
const NAMES_MAX = 200;

/** What the broker makes its decision from. `ageSeconds` is that of this moment. */
export function toPosture(
  decision: GateDecision,
  inspection: Inspection,
  reported: ReportedSummary | undefined,
): InspectedPosture {
  const { subject, coverage, blocking, blockingReasons, warningReasons } = decision;
  const own = inspection.findings.filter(({ persona }) => persona === 'regular');
  return {
    facts: {
      grade: decision.grade,
      blocking: decision.blockingCount,
      ...countBySeverity(own),
      rules: namesIn(own.map(({ rule }) => rule)),
      ageSeconds: ageOf(decision.inspectedAtMs, decision.decidedAtMs),
      coverage: [...coverage.present].slice(0, NAMES_MAX),
      workflowDigest: subject.workflowDigest,
      ...(reported === undefined ? {} : { reported: countReported(reported) }),
    },
    inspectedAtMs: decision.inspectedAtMs,
    repository: subject.repository ?? '',
    commit: subject.commit ?? '',
    workflow: subject.workflow,
    findings: blocking.slice(0, FINDINGS_MAX).map(({ finding }) => toPostureFinding(finding)),
    reasons: [...blockingReasons, ...warningReasons],
    policyDigest: decision.policy.digest,
    rulesVersion: decision.inspector.rulesVersion,
  };
}

export function ageOf(inspectedAtMs: number, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - inspectedAtMs) / 1_000));
}

function namesIn(names: readonly string[]): string[] {
  return [...new Set(names)].sort().slice(0, NAMES_MAX);
}

function countReported({ findings, inputs }: ReportedSummary) {
  return { ...countBySeverity(findings), sources: namesIn(inputs.map(({ tool }) => tool)) };
}

function toPostureFinding(finding: GateFinding): PostureFinding {
  const { tool, rule, severity, message, remedy, file, line, repository, commit, fingerprint } = finding;
  return {
    rule: tool === 'vouchgate' ? rule : `${tool}: ${rule}`,
    severity,
    message,
    remedy,
    file,
    line,
    repository,
    commit: commit ?? '',
    fingerprint,
  };
}
