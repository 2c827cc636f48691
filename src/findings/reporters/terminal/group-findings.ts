import type { Finding } from '../../finding.ts';
import { severities } from '../../severity.ts';

/** Findings that one explanation and one remedy hold for; the first is shown in full. */
export interface FindingGroup {
  readonly first: Finding;
  /** In order of place. */
  readonly others: readonly Finding[];
}

/** What has a way of its own is shown on its own: two attacks are not told as one. */
function groupKey(finding: Finding, index: number): string {
  if ((finding.path ?? []).length > 0) return `alone ${index}`;
  const { ruleId, severity, confidence, explanation, remedy } = finding;
  return JSON.stringify([ruleId, severity, confidence, explanation, remedy]);
}

/** The worst first, over all files; those of one kind together, where the first of them would stand. */
export function groupFindings(findings: readonly Finding[]): FindingGroup[] {
  const rank = ({ severity }: Finding) => severities.indexOf(severity);
  const ordered = findings.toSorted((left, right) => rank(right) - rank(left));
  return [...Map.groupBy(ordered, groupKey).values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ first, others }],
  );
}
