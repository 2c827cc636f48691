import type { Affected } from './advisory.ts';

type Range = NonNullable<Affected['ranges']>[number];

interface Parsed {
  readonly numbers: readonly number[];
  /** Behind `-`; a version with it comes before the one without. */
  readonly before: string;
}

const VERSION =
  /^v?(\d{1,9}(?:\.\d{1,9}){0,5})(?:[-.]?([A-Za-z][0-9A-Za-z.-]{0,60})|-([0-9A-Za-z.-]{1,60}))?(?:\+.{0,100})?$/;

/** Undefined for what is no version: a branch, a date with letters. */
function parse(text: string): Parsed | undefined {
  const match = VERSION.exec(text.trim().slice(0, 200));
  if (match === null) return undefined;
  return { numbers: (match[1] ?? '').split('.').map(Number), before: match[2] ?? match[3] ?? '' };
}

/** Numbers as numbers, words as words, numbers first (Semantic Versioning 2.0.0, 11.4). */
function compareIdentifiers(left: string, right: string): number {
  const [lefts, rights] = [left.split('.'), right.split('.')];
  for (let index = 0; index < Math.max(lefts.length, rights.length); index += 1) {
    const [a, b] = [lefts[index], rights[index]];
    if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
    if (a === b) continue;
    const [numberA, numberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
    if (numberA && numberB) return Number(a) - Number(b);
    if (numberA !== numberB) return numberA ? -1 : 1;
    return a < b ? -1 : 1;
  }
  return 0;
}

function compareNumbers(left: readonly number[], right: readonly number[], count: number): number {
  for (let index = 0; index < count; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `v4`, when it is moved along, stands for the newest 4: only as many numbers as it has are compared. */
function compare(left: Parsed, right: Parsed, moves: boolean): number {
  const partial = moves && left.numbers.length < 3;
  const count = partial ? left.numbers.length : Math.max(left.numbers.length, right.numbers.length);
  const byNumbers = compareNumbers(left.numbers, right.numbers, count);
  if (byNumbers !== 0 || partial || left.before === right.before) return byNumbers;
  if (left.before === '' || right.before === '') return left.before === '' ? 1 : -1;
  return compareIdentifiers(left.before, right.before);
}

interface Event {
  readonly kind: string;
  readonly at: Parsed;
}

const ZERO: Parsed = { numbers: [0], before: '0' };

function eventsOf({ events }: Range): Event[] {
  return events.flatMap((event) =>
    Object.entries(event).flatMap(([kind, text]) => {
      const at = text === '0' ? ZERO : parse(text);
      return at === undefined ? [] : [{ kind, at }];
    }),
  );
}

/** OSV, “Evaluation”: the last event at or before the version decides. */
function isInRange(version: Parsed, range: Range, moves: boolean): boolean {
  if (range.type === 'GIT') return false;
  const events = eventsOf(range).toSorted((left, right) => compare(left.at, right.at, false));
  let affected = false;
  for (const { kind, at } of events) {
    const order = compare(version, at, moves);
    if (kind === 'introduced' && order >= 0) affected = true;
    if (kind === 'fixed' && order >= 0) affected = false;
    if (kind === 'last_affected' && order > 0) affected = false;
  }
  return affected;
}

/** Whether an advisory is about a version; `moves` when it is a tag that its owner moves along. */
export function isAffected(version: string, { ranges, versions }: Affected, moves: boolean): boolean {
  const parsed = parse(version);
  const isWhole = !moves || (parsed !== undefined && parsed.numbers.length >= 3);
  const bare = version.replace(/^v/, '');
  if (isWhole && versions?.some((each) => each.replace(/^v/, '') === bare) === true) return true;
  return parsed !== undefined && (ranges ?? []).some((range) => isInRange(parsed, range, moves));
}

/** Versions in which a mistake is mended, as an advisory writes them. */
function fixesOf({ ranges = [] }: Affected): readonly string[] {
  return ranges
    .filter(({ type }) => type !== 'GIT')
    .flatMap(({ events }) => events.flatMap((event) => event['fixed'] ?? []));
}

/**
 * The smallest version after `version` that none of the advisories is about; undefined where none names one. What
 * mends one mistake may have the next, so that all advisories about a package are looked at, not those alone that are
 * about this version. A pre-release is nothing to go to.
 */
export function smallestFix(version: string, all: readonly Affected[]): string | undefined {
  const from = parse(version);
  if (from === undefined) return undefined;
  const candidates = [...new Set(all.flatMap(fixesOf))].flatMap((text) => {
    const at = parse(text);
    return at === undefined || at.before !== '' || compare(at, from, false) <= 0 ? [] : [{ text, at }];
  });
  const ordered = candidates.toSorted((left, right) => compare(left.at, right.at, false));
  return ordered.find(({ text }) => !all.some((affected) => isAffected(text, affected, false)))?.text;
}
