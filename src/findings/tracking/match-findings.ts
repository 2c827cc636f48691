import { renameAnchor, type Anchor } from './anchor.ts';
import { mapLine, type CodeChanges } from './code-changes.ts';
import { matchDrifted } from './match-drift.ts';

/** A finding of the store, as far as matching needs it. */
export interface KnownFinding {
  readonly id: string;
  /** In the latest report of its scope; else it was fixed not long ago. */
  readonly present: boolean;
  /** Accepted or called a false positive: what may never pass to another finding by a guess. */
  readonly exempt: boolean;
  readonly anchor: Anchor;
}

/** How it was recognised; `sure` ones keep an exemption, a guess does not. */
export type MatchKind = 'exact' | 'moved' | 'renamed' | 'renamed-advisory' | 'only-one-left';

export interface MatchedPair {
  /** Index in the report. */
  readonly reported: number;
  readonly known: KnownFinding;
  readonly how: MatchKind;
  readonly sure: boolean;
}

/** Several could be the same, and nothing says which: none of them was taken for another. */
export interface Ambiguity {
  readonly reported: readonly number[];
  readonly knownIds: readonly string[];
  readonly reason: string;
}

export interface MatchResult {
  readonly pairs: readonly MatchedPair[];
  /** Indexes in the report of what was not known. */
  readonly fresh: readonly number[];
  /** What was in the report before and is not in this one. */
  readonly gone: readonly KnownFinding[];
  readonly ambiguities: readonly Ambiguity[];
}

/** One side of a match while it goes on; `line` of a known finding is where it would be now. */
export interface Reported {
  readonly index: number;
  readonly anchor: Anchor;
}
export interface Candidate {
  readonly known: KnownFinding;
  readonly anchor: Anchor;
  readonly line?: number;
}

/** Groups by a key, in the order of the list. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Where a known finding has to be looked for, after what git says happened between the two commits. */
function locate(known: KnownFinding, changes: CodeChanges | undefined): Candidate {
  const { file, line } = known.anchor;
  const renamed = file === undefined ? undefined : changes?.renames.get(file);
  const anchor = renamed === undefined ? known.anchor : renameAnchor(known.anchor, renamed);
  const now =
    file === undefined || line === undefined || changes === undefined
      ? undefined
      : mapLine(changes.hunks.get(file), line);
  return { known, anchor, ...(now !== undefined && { line: now }) };
}

function positionOf({ anchor }: Reported | Candidate): string {
  return anchor.position;
}

function lineOfReported({ anchor }: Reported): string {
  return String(anchor.line);
}

function lineOfCandidate({ line, known }: Candidate): string {
  return line === undefined ? `rewritten ${known.id}` : String(line);
}

function inPlaceOrder(candidates: readonly Candidate[]): Candidate[] {
  return candidates.toSorted(
    (a, b) => compareText(a.anchor.position, b.anchor.position) || compareText(a.known.id, b.known.id),
  );
}

/**
 * Whether pairing in order would put one that somebody exempted, or one that nobody did, on the very line where the
 * other kind stood: then it may as well be that one went and another came.
 */
function swaps(reported: readonly Reported[], known: readonly Candidate[]): boolean {
  const linesOf = (exempt: boolean) =>
    new Set(known.filter((each) => each.known.exempt === exempt).map(({ anchor }) => anchor.line));
  const [exemptLines, openLines] = [linesOf(true), linesOf(false)];
  return reported.some(({ anchor }, index) => {
    const partner = known[index];
    if (partner === undefined || partner.anchor.line === anchor.line) return false;
    return (partner.known.exempt ? openLines : exemptLines).has(anchor.line);
  });
}

/** Pairs of one key. */
class KeyMatch {
  readonly pairs: MatchedPair[] = [];
  readonly ambiguities: Ambiguity[] = [];

  run(reported: Reported[], candidates: Candidate[]): void {
    const inOrder = reported.toSorted((a, b) => compareText(a.anchor.position, b.anchor.position));
    const known = inPlaceOrder(candidates);
    const hasLines = known.every(({ anchor }) => anchor.line !== undefined);
    if (candidates.some(({ line }) => line !== undefined)) {
      this.#pairAt(inOrder, known, lineOfReported, lineOfCandidate, false);
    } else if (hasLines && inOrder.length === known.length && !swaps(inOrder, known)) {
      // As many as before: each kept its turn, however far they moved.
      this.#pairRest(inOrder, known, false);
    } else {
      this.#pairAt(inOrder, known, positionOf, positionOf, inOrder.length === known.length && hasLines);
    }
  }

  /** What stands at the same place goes first. */
  #pairAt(
    reported: readonly Reported[],
    candidates: readonly Candidate[],
    placeOfReported: (side: Reported) => string,
    placeOfCandidate: (side: Candidate) => string,
    unclear: boolean,
  ): void {
    const waiting = groupBy(candidates, placeOfCandidate);
    // From the end: of two at one place, what nobody exempted goes first.
    for (const queue of waiting.values()) {
      queue.sort(
        (a, b) => Number(b.known.exempt) - Number(a.known.exempt) || compareText(b.known.id, a.known.id),
      );
    }
    const left: Reported[] = [];
    for (const each of reported) {
      const candidate = waiting.get(placeOfReported(each))?.pop();
      if (candidate === undefined) left.push(each);
      else this.#add(each, candidate);
    }
    const mixed = new Set(candidates.map(({ known }) => known.exempt)).size > 1;
    const changed = reported.length !== candidates.length;
    this.#pairRest(left, inPlaceOrder([...waiting.values()].flat()), unclear || (mixed && changed));
  }

  /**
   * They look alike and moved. As many as before: each kept its turn, unless that is unclear. Else it matters whether
   * somebody exempted one of them.
   */
  #pairRest(reported: readonly Reported[], inOrder: readonly Candidate[], unclear: boolean): void {
    if (reported.length === 0 || inOrder.length === 0) return;
    const exempt = inOrder.filter(({ known }) => known.exempt);
    const alike = exempt.length === 0 || exempt.length === inOrder.length;
    // With fewer reports than candidates even all exempt ones are a guess only about which of them is gone.
    const clear =
      !unclear && (reported.length === inOrder.length || (alike && reported.length < inOrder.length));
    const eligible = clear ? inOrder : inOrder.filter(({ known }) => !known.exempt);
    for (const [index, candidate] of eligible.slice(0, reported.length).entries()) {
      const each = reported[index];
      if (each !== undefined) this.#add(each, candidate);
    }
    if (clear || exempt.length === 0) return;
    this.ambiguities.push({
      reported: reported.map(({ index }) => index),
      knownIds: exempt.map(({ known }) => known.id),
      reason: 'they look alike, and it is unclear which of them somebody had accepted',
    });
  }

  #add(reported: Reported, { known }: Candidate): void {
    this.pairs.push({ reported: reported.index, known, how: 'exact', sure: true });
  }
}

function matchKeys(reported: readonly Reported[], candidates: readonly Candidate[]) {
  const match = new KeyMatch();
  const byKey = groupBy(candidates, ({ anchor }) => anchor.key);
  for (const [key, group] of groupBy(reported, ({ anchor }) => anchor.key)) {
    const known = byKey.get(key);
    if (known !== undefined) match.run(group, known);
  }
  return match;
}

function without(reported: readonly Reported[], pairs: readonly MatchedPair[]): Reported[] {
  const taken = new Set(pairs.map((pair) => pair.reported));
  return reported.filter(({ index }) => !taken.has(index));
}

/**
 * Recognises the findings of a report among those that are known in its scope. First exactly, by their keys, among
 * what was there last time and then among what was fixed not long ago; then what drifted, only among what was there.
 * Neither the order of the report nor that of the store matters; each side is in at most one pair.
 */
export function matchFindings(
  anchors: readonly Anchor[],
  known: readonly KnownFinding[],
  changes?: CodeChanges,
): MatchResult {
  const reported = anchors.map((anchor, index) => ({ index, anchor }));
  const present = known.filter((each) => each.present).map((each) => locate(each, changes));
  const fixed = known.filter((each) => !each.present).map((each) => locate(each, undefined));
  const there = matchKeys(reported, present);
  const paired = new Set(there.pairs.map((pair) => pair.known.id));
  const drifted = matchDrifted(
    without(reported, there.pairs),
    present.filter((each) => !paired.has(each.known.id)),
  );
  const first = [...there.pairs, ...drifted.pairs];
  const back = matchKeys(without(reported, first), fixed);
  const pairs = [...first, ...back.pairs];
  const kept = new Set(pairs.map((pair) => pair.known.id));
  return {
    pairs,
    fresh: without(reported, pairs).map(({ index }) => index),
    gone: known.filter((each) => each.present && !kept.has(each.id)),
    ambiguities: [...there.ambiguities, ...drifted.ambiguities, ...back.ambiguities],
  };
}
