import { confidences, isAtLeast, readsAs } from '#findings/severity.ts';
import type { GateDecision, GateInput, GateSubject, Grade, JudgedFinding } from './gate-decision.ts';
import { compareGateFindings, countBySeverity, type GateFinding } from './gate-finding.ts';
import { matchesGlob } from './match-glob.ts';
import type { CoverageRule, GateRule, LoadedGatePolicy } from './gate-policy.ts';

/** In a decision; the counts are of all. */
const FINDINGS_KEPT_MAX = 100;
const UNREAD_TOLD_MAX = 10;

export interface GateEvidence {
  readonly subject: GateSubject;
  /** What counts: what somebody let stand is not among it. */
  readonly findings: readonly GateFinding[];
  /** What counts as well, and was too much to keep: none is worse than those that were kept. */
  readonly findingsLeftOut: number;
  readonly suppressedCount: number;
  /** Kinds of test that the pipelines run, with an effect. */
  readonly pipelineTests: readonly string[];
  /** What could not be looked at, in sentences: a gate that stays open for a broken file is none. */
  readonly unread: readonly string[];
  readonly inputs: readonly GateInput[];
  readonly inspectedAtMs: number;
  readonly version: string;
  readonly rulesVersion: string;
}

type Action = GateRule['action'];

/** Applies the policy to what was found. Pure: the same evidence on the same day gives the same decision. */
export function decideGate(evidence: GateEvidence, policy: LoadedGatePolicy, nowMs: number): GateDecision {
  const { subject, findings, inputs } = evidence;
  const judged = judgeFindings(evidence, policy, nowMs);
  const coverage = judgeCoverage(evidence, policy, nowMs);
  const blockingReasons = [...unreadReasons(evidence.unread), ...coverage.blocking];
  const { findingsLeftOut } = evidence;
  const leftOut = findingsLeftOut > 0 ? [`${findingsLeftOut} findings more than are judged`] : [];
  const warningReasons = [...coverage.warning, ...leftOut];
  const grade: Grade =
    judged.block.length + blockingReasons.length > 0
      ? 'fail'
      : judged.warn.length + warningReasons.length > 0
        ? 'warn'
        : 'pass';
  return {
    schema: 'vouchgate-gate-decision/1',
    grade,
    subject,
    policy: { digest: policy.digest, written: policy.written },
    inspector: { name: 'vouchgate', version: evidence.version, rulesVersion: evidence.rulesVersion },
    inspectedAtMs: evidence.inspectedAtMs,
    decidedAtMs: nowMs,
    inputs,
    counts: countBySeverity(findings.filter(({ persona }) => persona === 'regular')),
    blockingCount: judged.block.length,
    warningCount: judged.warn.length,
    blocking: worst(judged.block),
    warnings: worst(judged.warn),
    suppressedCount: evidence.suppressedCount,
    coverage: { present: coverage.present, missing: coverage.missing },
    blockingReasons,
    warningReasons,
  };
}

function unreadReasons(unread: readonly string[]): string[] {
  const told = unread.slice(0, UNREAD_TOLD_MAX).map((what) => `not read: ${what}`);
  return unread.length > told.length ? [...told, `not read: ${unread.length - told.length} more`] : told;
}

function worst(judged: readonly JudgedFinding[]): readonly JudgedFinding[] {
  return judged
    .toSorted((left, right) => compareGateFindings(left.finding, right.finding))
    .slice(0, FINDINGS_KEPT_MAX);
}

function judgeFindings(
  { findings, subject }: GateEvidence,
  { rules }: LoadedGatePolicy,
  nowMs: number,
): Record<'block' | 'warn', JudgedFinding[]> {
  const judged: Record<'block' | 'warn', JudgedFinding[]> = { block: [], warn: [] };
  for (const finding of findings) {
    const rule = rules.find((each) => matchesRule(each, finding, subject));
    const action = rule === undefined ? 'ignore' : actionNow(rule, nowMs);
    if (rule !== undefined && action !== 'ignore') judged[action].push({ finding, because: rule.name });
  }
  return judged;
}

/** Before its day a rule announces itself. */
function actionNow<A extends Action>(
  { action, from }: { action: A; from?: string | undefined },
  nowMs: number,
): A | 'warn' {
  return action === 'block' && from !== undefined && nowMs < Date.parse(from) ? 'warn' : action;
}

function matchesRule(
  { when = {}, where, action }: GateRule,
  finding: GateFinding,
  subject: GateSubject,
): boolean {
  const { severity, confidence, persona = 'regular', rules, tools, paths, newOnly } = when;
  return (
    (severity === undefined || isAtLeast(finding.severity, severity)) &&
    (confidence === undefined ||
      confidences.indexOf(finding.confidence) >= confidences.indexOf(confidence)) &&
    readsAs(persona, finding.persona) &&
    (rules === undefined || rules.includes(finding.rule)) &&
    (tools === undefined || tools.includes(finding.tool)) &&
    (paths === undefined || paths.some((glob) => matchesGlob(finding.file, glob))) &&
    // What cannot be compared counts as new.
    (newOnly !== true || finding.isNew !== false) &&
    isAbout(where, subject, action)
  );
}

/**
 * What is not known of the pipeline matches a rule that is strict, and never one that lets something through: a job
 * without an environment is not excused by a rule for some.
 */
function isAbout(where: GateRule['where'], subject: GateSubject, action: Action): boolean {
  const unknown = action !== 'ignore';
  const matches = (globs: readonly string[] | undefined, value: string | null | undefined): boolean => {
    if (globs === undefined) return true;
    if (value === null) return false;
    return value === undefined ? unknown : globs.some((glob) => matchesGlob(value, glob));
  };
  return (
    matches(where?.repositories, subject.repository?.toLowerCase()) &&
    matches(where?.refs, subject.ref) &&
    matches(where?.environments, subject.environment)
  );
}

interface CoverageVerdict {
  readonly present: readonly string[];
  readonly missing: readonly string[];
  readonly blocking: readonly string[];
  readonly warning: readonly string[];
}

function judgeCoverage(evidence: GateEvidence, policy: LoadedGatePolicy, nowMs: number): CoverageVerdict {
  const reported = evidence.inputs.filter((input) => isFresh(input, policy, nowMs));
  const present = new Set([...evidence.pipelineTests, ...reported.flatMap(({ kinds }) => kinds)]);
  const missing = new Set<string>();
  const blocking: string[] = [];
  const warning: string[] = [];
  for (const rule of policy.coverage) {
    if (!isAbout(rule.where, evidence.subject, rule.action)) continue;
    for (const kind of rule.require.filter((each) => !present.has(each))) {
      missing.add(kind);
      (actionNow(rule, nowMs) === 'block' ? blocking : warning).push(missingTest(kind, rule));
    }
  }
  return { present: [...present].sort(), missing: [...missing].sort(), blocking, warning };
}

function missingTest(kind: string, { from }: CoverageRule): string {
  const since = from === undefined ? '' : ` (demanded from ${from})`;
  return `no ${kind} test runs in the pipelines, and no report of one is there${since}`;
}

function isFresh({ ranAtMs }: GateInput, { reportAgeSeconds }: LoadedGatePolicy, nowMs: number): boolean {
  if (reportAgeSeconds === undefined) return true;
  return ranAtMs !== undefined && nowMs - ranAtMs <= reportAgeSeconds * 1_000;
}
