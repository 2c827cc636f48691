import { correlate, type CorrelationReason, type RuleClasses } from '../tracking/correlate.ts';
import type { TrackedFinding } from '../tracking/tracked-finding.ts';
import { subjectOf } from './search-text.ts';
import type { FindingSubject } from './ports.ts';

/** One finding of a list with those that mean the same and stand behind it. */
export interface FindingCluster {
  readonly first: TrackedFinding;
  readonly others: readonly TrackedFinding[];
  readonly reasons: readonly CorrelationReason[];
}

/** Where else to look for findings that mean the same as these. */
export function subjectsOf(findings: readonly TrackedFinding[]): readonly FindingSubject[] {
  const subjects = new Map<string, FindingSubject>();
  for (const { scope, finding } of findings) {
    const subject = subjectOf(finding);
    if (subject === undefined) continue;
    subjects.set(JSON.stringify([scope.repository, subject]), { repository: scope.repository, subject });
  }
  return [...subjects.values()];
}

/** Correlation knows files and packages, and those of two repositories have the same names. */
function correlateApart(findings: readonly TrackedFinding[], classes: RuleClasses) {
  const byRepository = Map.groupBy(findings, ({ scope }) => scope.repository);
  return [...byRepository.values()].flatMap((group) => correlate(group, classes));
}

/**
 * The findings of a page, each with those that mean the same. `alike` are all that pass the filter of the page and have
 * its subjects, in the order of the list: who comes first in it leads, so that over all pages each finding stands once.
 */
export function clusterPage(
  page: readonly TrackedFinding[],
  alike: readonly TrackedFinding[],
  classes: RuleClasses,
): readonly FindingCluster[] {
  const known = new Map([...alike, ...page].map((each) => [each.id, each]));
  // Setting a key again does not move it: those of the page stand where the list has them.
  const places = new Map([...known.keys()].map((id, index) => [id, index]));
  const clusters = new Map<string, FindingCluster>();
  const led = new Set<string>();
  for (const { members, reasons } of correlateApart([...known.values()], classes)) {
    const sorted = members.toSorted((one, other) => (places.get(one.id) ?? 0) - (places.get(other.id) ?? 0));
    const [first, ...others] = sorted;
    if (first === undefined) continue;
    clusters.set(first.id, { first, others, reasons });
    for (const { id } of others) led.add(id);
  }
  return page
    .filter(({ id }) => !led.has(id))
    .map((first) => clusters.get(first.id) ?? { first, others: [], reasons: [] });
}

/** Those among `alike` that mean the same as one of them. */
export function findSame(
  finding: TrackedFinding,
  alike: readonly TrackedFinding[],
  classes: RuleClasses,
): { readonly reasons: readonly CorrelationReason[]; readonly findings: readonly TrackedFinding[] } {
  const all = new Map([...alike, finding].map((each) => [each.id, each]));
  const group = correlateApart([...all.values()], classes).find(({ members }) =>
    members.some(({ id }) => id === finding.id),
  );
  if (group === undefined) return { reasons: [], findings: [] };
  return { reasons: group.reasons, findings: group.members.filter(({ id }) => id !== finding.id) };
}
