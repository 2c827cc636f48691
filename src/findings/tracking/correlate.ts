import type { FindingKind, ReportedFinding } from '../reported-finding.ts';
import { advisoryNames, packageKey } from './anchor.ts';
import { weaknessFamilies } from './weakness-family.ts';

/** What correlation needs of a finding. */
export interface Correlatable {
  readonly id: string;
  readonly finding: ReportedFinding;
}

/** Why findings are thought to be about the same thing. */
export type CorrelationReason = 'same-advisory' | 'same-secret' | 'same-rule' | 'same-weakness';

/** Findings that mean the same. A group is a view: each finding keeps its own life. */
export interface CorrelationGroup<T extends Correlatable = Correlatable> {
  /** The oldest member's id (ids grow with time), so that a group keeps its name while it grows. */
  readonly id: string;
  readonly members: readonly T[];
  readonly reasons: readonly CorrelationReason[];
}

/**
 * Rules of several tools that look for the same thing: each list is one class, its entries `tool/rule` or a rule id
 * that is the same everywhere (`CKV_AWS_20`).
 */
export type RuleClasses = readonly (readonly string[])[];

/** A finding on a whole file must not tie together everything in it. */
const LINES_MAX = 60;

interface Span {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** Disjoint sets with path halving: near-linear, whatever is united. */
class Sets {
  readonly #parents: Int32Array;
  readonly reasons = new Map<number, Set<CorrelationReason>>();

  constructor(size: number) {
    this.#parents = Int32Array.from({ length: size }, (_, index) => index);
  }

  find(index: number): number {
    let at = index;
    for (;;) {
      const parent = this.#parents[at] ?? at;
      if (parent === at) return at;
      const above = this.#parents[parent] ?? parent;
      this.#parents[at] = above;
      at = above;
    }
  }

  unite(left: number, right: number, reason: CorrelationReason): void {
    const [one, other] = [this.find(left), this.find(right)];
    const reasons = new Set([...(this.reasons.get(one) ?? []), ...(this.reasons.get(other) ?? []), reason]);
    const [root, below] = one < other ? [one, other] : [other, one];
    this.#parents[below] = root;
    this.reasons.delete(below);
    this.reasons.set(root, reasons);
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Classes by the names in them; what one tool calls one rule may be several of another's. */
function classNames(classes: RuleClasses): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const [index, list] of classes.entries()) {
    for (const name of new Set(list.map((each) => each.toLowerCase()))) push(names, name, `class ${index}`);
  }
  return names;
}

/** Names under which a rule is known: its own, what the tool says are others, and our classes of them. */
function ruleNames(
  { tool, ruleId, aliases }: ReportedFinding,
  classes: ReadonlyMap<string, readonly string[]>,
): string[] {
  const written = [`${tool}/${ruleId}`, ruleId, ...aliases].map((name) => name.toLowerCase());
  const known = written.flatMap((name) => classes.get(name) ?? []);
  return [...new Set([...known, ...written])];
}

const ADVISED: ReadonlySet<FindingKind> = new Set(['dependency', 'container']);

/** Keys under which findings are the same wherever both are: no line is compared. */
function exactKeys(finding: ReportedFinding): [string, CorrelationReason][] {
  const { place, kind } = finding;
  if (place.package !== undefined && ADVISED.has(kind)) {
    const name = packageKey(place.package);
    return advisoryNames(finding).map((alias) => [`${name} ${alias}`, 'same-advisory']);
  }
  if (kind === 'secret' && place.file !== undefined) {
    return [[JSON.stringify([place.file, place.line, place.commit]), 'same-secret']];
  }
  return [];
}

/** Keys under which findings are the same when their lines overlap. */
function placeKeys(
  finding: ReportedFinding,
  classes: ReadonlyMap<string, readonly string[]>,
): [string, CorrelationReason][] {
  const { place, kind, cwe } = finding;
  if (kind === 'secret' || kind === 'dependency' || place.file === undefined) return [];
  const { file } = place;
  return [
    ...ruleNames(finding, classes).map((name): [string, CorrelationReason] => [
      JSON.stringify([file, 'rule', name]),
      'same-rule',
    ]),
    ...weaknessFamilies(cwe).map((family): [string, CorrelationReason] => [
      JSON.stringify([file, 'weakness', family]),
      'same-weakness',
    ]),
  ];
}

function spanOf(index: number, { place }: ReportedFinding): Span {
  const start = place.line ?? 0;
  return { index, start, end: Math.min(Math.max(place.endLine ?? start, start), start + LINES_MAX) };
}

/** Unites what overlaps, in one sweep over the lines. */
function uniteOverlapping(sets: Sets, spans: Span[], reason: CorrelationReason): void {
  spans.sort((a, b) => a.start - b.start || a.end - b.end || a.index - b.index);
  let furthest: Span | undefined;
  for (const span of spans) {
    if (furthest !== undefined && furthest.end >= span.start) sets.unite(furthest.index, span.index, reason);
    if (furthest === undefined || span.end > furthest.end) furthest = span;
  }
}

/**
 * Findings of at least two tools that mean the same, in the order of their oldest members: the
 * same advisory of the same package, the same place of a secret, rules that are the same or weaknesses of one family
 * on overlapping lines of a file. Near-linear; the order of the list does not matter.
 */
export function correlate<T extends Correlatable>(
  findings: readonly T[],
  classes: RuleClasses = [],
): CorrelationGroup<T>[] {
  const sorted = findings.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const sets = new Sets(sorted.length);
  const names = classNames(classes);
  const exact = new Map<string, { index: number; reason: CorrelationReason }[]>();
  const placed = new Map<string, Span[]>();
  const reasons = new Map<string, CorrelationReason>();
  for (const [index, { finding }] of sorted.entries()) {
    for (const [key, reason] of exactKeys(finding)) push(exact, key, { index, reason });
    for (const [key, reason] of placeKeys(finding, names)) {
      push(placed, key, spanOf(index, finding));
      reasons.set(key, reason);
    }
  }
  for (const [first, ...rest] of exact.values()) {
    for (const { index, reason } of rest) if (first !== undefined) sets.unite(first.index, index, reason);
  }
  for (const [key, spans] of placed) uniteOverlapping(sets, spans, reasons.get(key) ?? 'same-rule');
  return groupsOf(sorted, sets);
}

function groupsOf<T extends Correlatable>(sorted: readonly T[], sets: Sets): CorrelationGroup<T>[] {
  const members = new Map<number, T[]>();
  for (const [index, each] of sorted.entries()) push(members, sets.find(index), each);
  return [...members]
    .filter(([, list]) => list.some(({ finding }) => finding.tool !== list[0]?.finding.tool))
    .map(([root, list]) => ({
      id: list[0]?.id ?? '',
      members: list,
      reasons: [...(sets.reasons.get(root) ?? [])].toSorted(),
    }));
}
