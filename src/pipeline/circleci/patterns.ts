import type { Verdict } from './verdict.ts';

const PATTERN_CHARACTERS_MAX = 200;
const NAME_CHARACTERS_MAX = 100;
/** A group that repeats can take exponential time, and each further star makes it one power slower. */
const REPEATED_GROUP = /\)[*+{]/;
const REPETITIONS_MAX = 4;

function isSlow(pattern: string): boolean {
  if (pattern.length > PATTERN_CHARACTERS_MAX || REPEATED_GROUP.test(pattern)) return true;
  return pattern.replaceAll(/[^*+{]/g, '').length > REPETITIONS_MAX;
}

/**
 * A filter of branches or tags against a name: `main`, or a whole-name pattern between slashes (java.util.regex).
 * Patterns that this engine reads otherwise, or that may be slow, are `unknown`.
 */
export function matchesPattern(filter: string, name: string): Verdict {
  const pattern = /^\/(.*)\/$/s.exec(filter)?.[1];
  if (pattern === undefined) return filter === name ? 'true' : 'false';
  if (name.length > NAME_CHARACTERS_MAX || isSlow(pattern)) return 'unknown';
  try {
    return new RegExp(`^(?:${pattern})$`).test(name) ? 'true' : 'false';
  } catch {
    return 'unknown';
  }
}
