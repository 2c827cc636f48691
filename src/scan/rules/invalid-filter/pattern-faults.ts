/** What is wrong with a filter's pattern, by GitHub's “Filter pattern cheat sheet” and git's rules for names. */
export type PatternKind = 'ref' | 'path';

const PATTERN_LENGTH_MAX = 2_000;
/** Not in the name of any branch or tag (git-check-ref-format), and no sign of a pattern either. */
const NEVER_IN_REFS = /[\s~^:]/;

/** The end of `[…]`, or a fault of it. */
function readRange(pattern: string, start: number): number | string {
  const end = pattern.indexOf(']', start + 1);
  if (end === -1) return 'the [ is never closed';
  if (end === start + 1) return 'there is nothing in []';
  for (let at = start + 1; at < end; at += 1) {
    if (pattern.charAt(at + 1) !== '-' || at + 2 >= end) continue;
    const [from, to] = [pattern.charAt(at), pattern.charAt(at + 2)];
    if (from > to) return `the range ${from}-${to} is the wrong way round`;
    at += 2;
  }
  return end;
}

/** Follows the signs: `?` and `+` say how often what stands before them comes. */
function findSignFault(pattern: string): string | undefined {
  let repeatable = false;
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char === '\\') {
      at += 1;
      repeatable = true;
    } else if (char === '[') {
      const end = readRange(pattern, at);
      if (typeof end === 'string') return end;
      at = end;
      repeatable = true;
    } else if (char === '?' || char === '+') {
      if (!repeatable) return `nothing stands before the ${char} that could come more or less often`;
      repeatable = false;
    } else repeatable = char !== '*';
  }
  return undefined;
}

function findRefFault(pattern: string): string | undefined {
  const char = NEVER_IN_REFS.exec(pattern)?.[0];
  if (char !== undefined) return `no branch and no tag has ${JSON.stringify(char)} in its name`;
  if (/^\/|\/$|\/\//.test(pattern))
    return 'names neither begin nor end with /, and have no two of them in a row';
  if (pattern.includes('..')) return 'no branch and no tag has two dots in a row';
  if (/^refs\/(?:heads|tags|pull)\//.test(pattern))
    return 'names are compared without refs/heads/ and refs/tags/';
  return undefined;
}

function findPathFault(pattern: string): string | undefined {
  if (/^\s|\s$/.test(pattern)) return 'white space stands at its end';
  return /(?:^|\/)\.{1,2}(?:\/|$)/.test(pattern)
    ? 'paths are compared as git writes them, without ./ and ../'
    : undefined;
}

/** Why a pattern is none, or fits nothing; undefined when it does. */
export function findPatternFault(written: string, kind: PatternKind): string | undefined {
  if (written.length > PATTERN_LENGTH_MAX) return `it is longer than ${PATTERN_LENGTH_MAX} characters`;
  const pattern = written.startsWith('!') ? written.slice(1) : written;
  if (pattern === '') return written === '' ? undefined : 'nothing stands behind the !';
  return (kind === 'ref' ? findRefFault(pattern) : findPathFault(pattern)) ?? findSignFault(pattern);
}
