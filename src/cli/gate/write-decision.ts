import type { Finding, Location } from '#findings/finding.ts';
import { reporters } from '#findings/reporters.generated.ts';
import type { RuleDescription } from '#findings/rule-description.ts';
import type { GateDecision, JudgedFinding } from '#posture/gate-decision.ts';
import type { GateFinding } from '#posture/gate-finding.ts';
import { rules } from '#scan/rules.generated.ts';
import { formatParagraph } from '../layout.ts';
import { printable } from '../output.ts';
import type { GateOutcome } from './decide-here.ts';

const WARNINGS_SHOWN_MAX = 5;
const COMMIT_CHARS = 12;
const COLUMNS = 80;

const WORDS = {
  pass: 'The gate is open',
  warn: 'The gate is open, with warnings',
  fail: 'The gate is closed',
} as const;

/** What was decided and why, with what to do, for a person who reads the log of a job. */
export function formatDecision({ decision, notes }: GateOutcome): string {
  const { grade, policy, blocking, warnings, blockingCount, warningCount } = decision;
  const { blockingReasons, warningReasons } = decision;
  const shown = warnings.slice(0, WARNINGS_SHOWN_MAX);
  return [
    `${WORDS[grade]} ${describeSubject(decision)}[${grade}]\n`,
    ...blocking.map((each) => formatJudged('✗ ', each, policy.written)),
    leftOut(blockingCount - blocking.length, 'block'),
    ...blockingReasons.map((reason) => formatParagraph('✗ ', reason)),
    ...shown.map((each) => formatJudged('! ', each, policy.written)),
    leftOut(warningCount - shown.length, 'warn'),
    ...warningReasons.map((reason) => formatParagraph('! ', reason)),
    formatParagraph('  ', summaryOf(decision)),
    `  definitions: ${decision.subject.workflowDigest}\n`,
    ...notes.map((note) => formatParagraph('  ', note)),
  ].join('');
}

function describeSubject({ subject: { repository, commit, workflow } }: GateDecision): string {
  const at = commit === undefined ? [] : [`at ${commit.slice(0, COMMIT_CHARS)}`];
  const parts = [
    ...(repository === undefined ? [] : [repository]),
    ...at,
    ...(workflow === undefined ? [] : [workflow]),
  ];
  if (parts.length === 0) return '';
  return `${repository === undefined ? '' : 'for '}${printable(parts.join(' '))} `;
}

function formatJudged(mark: string, { finding, because }: JudgedFinding, namesRule: boolean): string {
  const { tool, rule, severity, file, line, message, remedy } = finding;
  const name = tool === 'vouchgate' ? rule : `${tool}: ${rule}`;
  return [
    `${mark}${printable(`${severity}  ${name}  ${file}:${line}`)}\n`,
    formatParagraph('    ', message),
    formatParagraph('    → ', remedy),
    namesRule ? formatParagraph('      ', `(by the rule: ${because})`) : '',
  ].join('');
}

function leftOut(count: number, what: string): string {
  return count > 0 ? `  ${count} more that ${what}\n` : '';
}

function summaryOf({ counts, suppressedCount, coverage, inputs }: GateDecision): string {
  const tests = coverage.present.length === 0 ? 'none' : coverage.present.join(', ');
  const tools = inputs.length === 0 ? '' : `; reports of ${inputs.map(({ tool }) => tool).join(', ')}`;
  return `${counts.critical} critical, ${counts.high} high, ${counts.medium} medium, ${counts.low} low; let stand: ${suppressedCount}; tests: ${tests}${tools}`;
}

export function toDecisionJson({ decision, notes }: GateOutcome): string {
  return `${JSON.stringify({ ...decision, notes }, undefined, 2)}\n`;
}

/** What blocks and what warns, for code scanning. */
export function toDecisionSarif({ decision, notes }: GateOutcome, toolVersion: string): string {
  const judged = [...decision.blocking, ...decision.warnings].map(({ finding }) => finding);
  const reported = judged.map(toFinding);
  const problems = decision.blockingReasons.map((message) => ({
    file: decision.subject.workflow ?? '.',
    line: 1,
    column: 1,
    message,
    partial: false,
  }));
  const used = new Set(reported.map(({ ruleId }) => ruleId));
  const own = rules.filter(({ id }) => used.has(id));
  const known = new Set(own.map(({ id }) => id));
  const foreign = judged.filter((finding) => !known.has(ruleIdOf(finding)));
  const described = new Map(foreign.map((finding) => [ruleIdOf(finding), describeForeign(finding)]));
  const report = {
    findings: reported,
    problems,
    rules: [...own, ...described.values()],
    filesScanned: 0,
    fileKinds: {},
    notes: [...decision.warningReasons, ...notes],
  };
  const style = { color: false, columns: COLUMNS, toolVersion, timeMs: decision.decidedAtMs };
  return reporters['sarif']?.render(report, style) ?? '';
}

function ruleIdOf({ tool, rule }: GateFinding): string {
  return tool === 'vouchgate' ? rule : `${tool}/${rule}`;
}

function toFinding(finding: GateFinding): Finding {
  const { severity, confidence, persona, message, remedy, file, line, fingerprint } = finding;
  const point = { line, column: 1, offset: 0 };
  const location: Location = { file, start: point, end: point, excerpt: { firstLine: line, lines: [] } };
  return {
    ruleId: ruleIdOf(finding),
    severity,
    confidence,
    persona,
    message,
    explanation: '',
    remedy,
    locations: [location],
    fixes: [],
    fingerprint,
  };
}

function describeForeign(finding: GateFinding): RuleDescription {
  const { tool, severity, confidence, persona, message, remedy } = finding;
  return {
    id: ruleIdOf(finding),
    title: message,
    severity,
    confidence,
    persona,
    standards: { cicdSec: [], cwe: [], cis: [] },
    description: `Reported by ${tool}.`,
    why: message,
    remedy,
    references: [],
    aliases: [],
  };
}
