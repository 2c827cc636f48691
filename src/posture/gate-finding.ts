import { cut } from '#findings/build-reported-finding.ts';
import type { Finding } from '#findings/finding.ts';
import type { ReportedFinding } from '#findings/reported-finding.ts';
import { type Confidence, type Persona, type Severity, severities } from '#findings/severity.ts';

/** Texts come out of repositories and reports of strangers. */
const TEXT_CHARS_MAX = 500;
const NAME_CHARS_MAX = 300;

/** What the gate needs to know of a finding, whoever found it. Plain data: it crosses threads and is kept. */
export interface GateFinding {
  readonly tool: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly persona: Persona;
  readonly message: string;
  readonly remedy: string;
  readonly repository: string;
  /** Undefined for what other tools found in no commit that they name. */
  readonly commit: string | undefined;
  readonly file: string;
  readonly line: number;
  readonly fingerprint: string;
  /** Whether what it is compared with lacks it; undefined when there is nothing to compare with. */
  readonly isNew: boolean | undefined;
}

export type FindingPlace = Pick<GateFinding, 'repository' | 'commit' | 'isNew'>;

export function gateFindingOf(finding: Finding, place: FindingPlace): GateFinding {
  const [{ file, start }] = finding.locations;
  const { ruleId: rule, severity, confidence, persona, message, remedy, fingerprint } = finding;
  return {
    tool: 'vouchgate',
    rule,
    severity,
    confidence,
    persona,
    message: cut(message, TEXT_CHARS_MAX),
    remedy: cut(remedy, TEXT_CHARS_MAX),
    ...place,
    file: cut(file, NAME_CHARS_MAX),
    line: start.line,
    fingerprint,
  };
}

/** What a tool does not say of its confidence is believed: it would not report it otherwise. */
export function gateFindingOfReport(finding: ReportedFinding, place: FindingPlace): GateFinding {
  const {
    tool,
    ruleId,
    severity,
    confidence = 'medium',
    title,
    remedy,
    place: at,
    toolFingerprint,
  } = finding;
  const file = at.file ?? at.package?.purl ?? at.package?.name ?? at.image ?? at.url ?? at.resource ?? '';
  return {
    tool,
    rule: cut(ruleId, NAME_CHARS_MAX),
    severity,
    confidence,
    persona: 'regular',
    message: cut(title, TEXT_CHARS_MAX),
    remedy: cut(remedy ?? `See what ${tool} says of ${ruleId}.`, TEXT_CHARS_MAX),
    ...place,
    commit: at.commit ?? place.commit,
    file: cut(file, NAME_CHARS_MAX),
    line: at.line ?? 1,
    fingerprint: cut(toolFingerprint ?? `${tool}:${ruleId}:${file}:${at.line ?? 0}`, NAME_CHARS_MAX),
  };
}

/** The worst first; then by place, the same order on every machine. */
export function compareGateFindings(left: GateFinding, right: GateFinding): number {
  const bySeverity = severities.indexOf(right.severity) - severities.indexOf(left.severity);
  if (bySeverity !== 0) return bySeverity;
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  return left.line - right.line || (left.rule < right.rule ? -1 : left.rule === right.rule ? 0 : 1);
}

export type SeverityCounts = Readonly<Record<'critical' | 'high' | 'medium' | 'low', number>>;

export function countBySeverity(findings: readonly Pick<GateFinding, 'severity'>[]): SeverityCounts {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  const { info: _, ...counted } = counts;
  return counted;
}
