import type { Attack } from './attack.ts';
import type { Confidence, Persona, Severity } from './severity.ts';

export interface Point {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** From 0, in UTF-16 code units. */
  readonly offset: number;
}

/** Whole lines around a location, so that a report needs no file. */
export interface Excerpt {
  readonly firstLine: number;
  readonly lines: readonly string[];
}

export interface Location {
  /** Relative to the root of the scan, with `/`. */
  readonly file: string;
  readonly start: Point;
  /** Exclusive. */
  readonly end: Point;
  /** What this place has to do with it; the first location of a finding needs none. */
  readonly label?: string;
  readonly excerpt: Excerpt;
}

/** One station of the way an attacker goes. */
export interface PathHop {
  readonly label: string;
  readonly location: Location;
}

export interface Edit {
  readonly file: string;
  /** UTF-16 offsets in the file as it was scanned; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

export interface Fix {
  readonly title: string;
  /** `safe` leaves what the pipeline does as it is; `unsafe` needs to be looked at. */
  readonly safety: 'safe' | 'unsafe';
  readonly edits: readonly Edit[];
}

export interface Suppression {
  readonly kind: 'inline' | 'waiver' | 'baseline';
  readonly justification: string | undefined;
  readonly owner?: string;
  /** `YYYY-MM-DD`. */
  readonly expires?: string;
}

export interface Finding {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly persona: Persona;
  /** One sentence: what is wrong here. */
  readonly message: string;
  /** Why it matters: what an attacker does with it. */
  readonly explanation: string;
  /** What to do about it, as an instruction. */
  readonly remedy: string;
  /** The first is the place to mend. */
  readonly locations: readonly [Location, ...Location[]];
  readonly path?: readonly PathHop[];
  /** What somebody gets who goes the way of `path`, and what that takes. */
  readonly attack?: Attack;
  readonly fixes: readonly Fix[];
  /** Stays the same when lines move; different for each finding of a scan. */
  readonly fingerprint: string;
  /** Who mends it, where the repository says so. */
  readonly owner?: string;
  /** Set when somebody decided that it may stay. */
  readonly suppression?: Suppression;
}

/** Something that could not be looked at. It is always shown: silence would be taken for safety. */
export interface ScanProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** True when the rest of the file was looked at. */
  readonly partial: boolean;
}

/** By place, then by rule: the same order on every machine. */
export function compareFindings(
  left: Omit<Finding, 'fingerprint'>,
  right: Omit<Finding, 'fingerprint'>,
): number {
  const [a, b] = [left.locations[0], right.locations[0]];
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  if (a.start.offset !== b.start.offset) return a.start.offset - b.start.offset;
  if (left.ruleId !== right.ruleId) return left.ruleId < right.ruleId ? -1 : 1;
  if (left.message === right.message) return 0;
  return left.message < right.message ? -1 : 1;
}
