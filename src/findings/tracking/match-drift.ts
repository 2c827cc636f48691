import path from 'node:path';
import type { Ambiguity, Candidate, MatchedPair, MatchKind, Reported } from './match-findings.ts';
import { pairNearest } from './pair-nearest.ts';

/** Further away than this it is another place, unless there is only one. */
const LINES_MAX = 50;
const AMBIGUITIES_MAX = 1_000;

type Side = Reported | Candidate;
type KeyOf = (side: Side) => string | undefined;

/** What is left on both sides, and what was found so far. */
class DriftMatch {
  reported: readonly Reported[];
  candidates: readonly Candidate[];
  readonly pairs: MatchedPair[] = [];

  constructor(reported: readonly Reported[], candidates: readonly Candidate[]) {
    this.reported = reported;
    this.candidates = candidates;
  }

  /** Pairs what is alone under its key on both sides. */
  pairUnique(how: MatchKind, keyOf: KeyOf, sure: boolean): void {
    const keys = collect(this.reported, this.candidates, (side) => {
      const key = keyOf(side);
      return key === undefined ? [] : [key];
    });
    for (const { reported, candidates } of keys.values()) {
      const [each, otherReported] = reported;
      const [candidate, otherCandidate] = candidates;
      if (each === undefined || candidate === undefined) continue;
      if (otherReported === undefined && otherCandidate === undefined) {
        this.#add(each, candidate, how, sure);
      }
    }
    this.#settle();
  }

  /** An advisory that got another name keeps one: a name that one has on each side, and no name that says otherwise. */
  pairRenamedAdvisories(): void {
    const keys = collect(this.reported, this.candidates, ({ anchor }) =>
      (anchor.names ?? []).map((name) => JSON.stringify([anchor.family, anchor.file, name])),
    );
    const linked = new Map<Reported, Set<Candidate>>();
    const owners = new Map<Candidate, Set<Reported>>();
    for (const { reported, candidates } of keys.values()) {
      const [each] = reported;
      const [candidate] = candidates;
      if (each === undefined || candidate === undefined) continue;
      if (reported.length > 1 || candidates.length > 1) continue;
      linked.set(each, (linked.get(each) ?? new Set()).add(candidate));
      owners.set(candidate, (owners.get(candidate) ?? new Set()).add(each));
    }
    for (const [each, [candidate, other]] of linked) {
      if (candidate === undefined || other !== undefined || owners.get(candidate)?.size !== 1) continue;
      this.#add(each, candidate, 'renamed-advisory', true);
    }
    this.#settle();
  }

  pairNearestLines(): void {
    const files = collect(this.reported, this.candidates, (side) => {
      const key = placeOf(side);
      return key === undefined || side.anchor.line === undefined ? [] : [key];
    });
    for (const { reported, candidates } of files.values()) {
      const lines = reported.map(({ anchor }) => anchor.line ?? 0);
      const known = candidates.map((candidate) => candidate.line ?? candidate.anchor.line ?? 0);
      for (const [left, right] of pairNearest(lines, known, LINES_MAX)) {
        const [each, candidate] = [reported[left], candidates[right]];
        if (each !== undefined && candidate !== undefined) this.#add(each, candidate, 'moved', false);
      }
    }
    this.#settle();
  }

  /** What is left of one rule in one file on both sides was not matched, and is said. */
  ambiguities(): Ambiguity[] {
    const files = collect(this.reported, this.candidates, (side) => {
      const key = placeOf(side);
      return key === undefined ? [] : [key];
    });
    return [...files.values()]
      .filter(({ reported, candidates }) => reported.length > 0 && candidates.length > 0)
      .slice(0, AMBIGUITIES_MAX)
      .map(({ reported, candidates }) => ({
        reported: reported.map(({ index }) => index),
        knownIds: candidates.map(({ known }) => known.id),
        reason: 'text and line changed, and more than one could be the same',
      }));
  }

  #add(each: Reported, { known, anchor }: Candidate, how: MatchKind, sure: boolean): void {
    // What has the same key and is left nonetheless was found unclear before.
    const unclear = each.anchor.key === anchor.key;
    this.pairs.push({ reported: each.index, known, how, sure: sure && !unclear });
  }

  #settle(): void {
    const reported = new Set(this.pairs.map((pair) => pair.reported));
    const known = new Set(this.pairs.map((pair) => pair.known.id));
    this.reported = this.reported.filter(({ index }) => !reported.has(index));
    this.candidates = this.candidates.filter((each) => !known.has(each.known.id));
  }
}

interface Group {
  readonly reported: Reported[];
  readonly candidates: Candidate[];
}

/** Groups in which there are candidates: a report that is all new costs nothing here. */
function collect(
  reported: readonly Reported[],
  candidates: readonly Candidate[],
  keysOf: (side: Side) => readonly string[],
): Map<string, Group> {
  const groups = new Map<string, Group>();
  if (reported.length === 0) return groups;
  for (const each of candidates) {
    for (const key of keysOf(each)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { reported: [], candidates: [each] });
      else group.candidates.push(each);
    }
  }
  if (groups.size === 0) return groups;
  for (const each of reported) for (const key of keysOf(each)) groups.get(key)?.reported.push(each);
  return groups;
}

/** One rule in one file, or at one address. Advisories of one package are different flaws: never by place alone. */
function placeOf({ anchor }: Side): string | undefined {
  if (anchor.names !== undefined) return undefined;
  if (anchor.file !== undefined) return JSON.stringify([anchor.family, anchor.file]);
  return anchor.subject === undefined ? undefined : JSON.stringify([anchor.family, '', anchor.subject]);
}

function textInFile({ anchor }: Side): string | undefined {
  if (anchor.text === undefined || anchor.file === undefined) return undefined;
  return JSON.stringify([anchor.family, anchor.file, anchor.text]);
}

/** The line after what git says changed; nothing where git was not asked. */
function lineInFile(side: Side): string | undefined {
  const place = placeOf(side);
  const line = 'known' in side ? side.line : side.anchor.line;
  return place === undefined || line === undefined ? undefined : `${place}:${line}`;
}

/** All but the file; only where there is a text or a name to recognise it by. */
function elsewhere({ anchor }: Side): string | undefined {
  if (anchor.file === undefined) return undefined;
  if (anchor.text === undefined && anchor.subject === undefined) return undefined;
  return anchor.base;
}

function baseName({ anchor }: Side): string {
  return path.posix.basename(anchor.file ?? '');
}

/** The same text, or the same package, in a file of the same name: a folder was moved. */
function sameNameElsewhere(side: Side): string | undefined {
  const base = elsewhere(side);
  return base === undefined ? undefined : JSON.stringify([base, baseName(side)]);
}

/**
 * Recognises what changed its place or its text. The same text in the same file, and a line that git followed, are
 * sure; another file that git did not name, nearness, and being the only one left are guesses.
 */
export function matchDrifted(
  reported: readonly Reported[],
  candidates: readonly Candidate[],
): { pairs: readonly MatchedPair[]; ambiguities: readonly Ambiguity[] } {
  const match = new DriftMatch(reported, candidates);
  match.pairRenamedAdvisories();
  match.pairUnique('moved', textInFile, true);
  match.pairUnique('moved', lineInFile, true);
  match.pairUnique('renamed', sameNameElsewhere, false);
  match.pairUnique('renamed', elsewhere, false);
  match.pairNearestLines();
  match.pairUnique('only-one-left', placeOf, false);
  return { pairs: match.pairs, ambiguities: match.ambiguities() };
}
