const LENGTH_MAX = 40;
/** More names than this are no list that somebody mistyped a word of. */
const KNOWN_MAX = 100;

/**
 * Letters to insert, remove, exchange with a neighbour or replace to get from one word to the other; `limit` stands for
 * anything from there on.
 */
function editDistance(left: string, right: string, limit: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  let previousLeast = 0;
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= right.length; column += 1) {
      const same = left.charAt(row - 1) === right.charAt(column - 1);
      const best = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped =
        left.charAt(row - 1) === right.charAt(column - 2) &&
        left.charAt(row - 2) === right.charAt(column - 1);
      const distance =
        row > 1 && column > 1 && swapped ? Math.min(best, (before[column - 2] ?? 0) + 1) : best;
      least = Math.min(least, distance);
      current.push(distance);
    }
    // A row is made of the two above it: when all of these are too much, nothing below is less.
    if (least >= limit && previousLeast >= limit) return limit;
    [before, previous, previousLeast] = [previous, current, least];
  }
  return previous[right.length] ?? 0;
}

const bare = (word: string) => word.toLowerCase().replaceAll(/[\s_-]/g, '');

/** `branch` for `branches`. */
function findLonger(wanted: string, known: readonly string[] | ReadonlySet<string>): string | undefined {
  if (wanted.length < 4) return undefined;
  return Array.from(known).find((candidate) => bare(candidate).startsWith(wanted));
}

/** The known word that somebody most likely meant; undefined when none is close. */
export function findNearest(
  word: string,
  known: readonly string[] | ReadonlySet<string>,
): string | undefined {
  if (word.length > LENGTH_MAX || ('size' in known ? known.size : known.length) > KNOWN_MAX) return undefined;
  const wanted = bare(word);
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 4)) + 1;
  for (const candidate of known) {
    if (candidate.length > LENGTH_MAX) continue;
    const other = bare(candidate);
    // Each letter more or less is one to insert.
    if (Math.abs(other.length - wanted.length) >= least) continue;
    const distance = editDistance(wanted, other, least);
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest ?? findLonger(wanted, known);
}

/** `; did you mean "branches"?`, or nothing. */
export function suggest(word: string, known: readonly string[] | ReadonlySet<string>): string {
  const nearest = findNearest(word, known);
  return nearest === undefined ? '' : `; did you mean "${nearest}"?`;
}
