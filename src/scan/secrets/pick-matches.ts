import type { SecretMatch } from './matcher.ts';

function isBetter(left: SecretMatch, right: SecretMatch): boolean {
  if (left.tier !== right.tier) return left.tier === 'high';
  return left.end - left.start > right.end - right.start;
}

/** One match for each place: of those that share letters the surest, then the longest, then the first. */
export function pickMatches(matches: readonly SecretMatch[]): SecretMatch[] {
  const ordered = matches.toSorted((left, right) => left.start - right.start);
  const picked: SecretMatch[] = [];
  for (const match of ordered) {
    const last = picked.at(-1);
    if (last === undefined || match.start >= last.end) picked.push(match);
    else if (isBetter(match, last)) picked[picked.length - 1] = match;
  }
  return picked;
}
