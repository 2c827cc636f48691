import type { Span } from '#pipeline/source.ts';

/** Behind one of these a `/` begins a pattern, in which quotes are no quotes. */
const BEFORE_PATTERN = /[(,=:[!&|?{};+\-*%<>~^]\s*$|\b(?:return|typeof|case|in|of)\s*$|^\s*$/;

/** The end of a comment that begins at `at`; undefined when none does. */
function commentEnd(script: string, at: number): number | undefined {
  const mark = script.slice(at, at + 2);
  if (mark !== '//' && mark !== '/*') return undefined;
  const end = script.indexOf(mark === '//' ? '\n' : '*/', at + 2);
  return end === -1 ? script.length : end + (mark === '//' ? 0 : 1);
}

/** Where the string that begins at `at` ends; -1 when it does not, or has code in it. */
function stringEnd(script: string, at: number, hole: Span): number {
  const quote = script.charAt(at);
  for (let index = at + 1; index < script.length; index += 1) {
    if (index === hole.start) index = hole.end;
    const char = script.charAt(index);
    if (char === quote) return index;
    if (char === '\\') index += 1;
    else if (char === '\n' && quote !== '`') return -1;
    else if (char === '$' && quote === '`' && script.charAt(index + 1) === '{') return -1;
  }
  return -1;
}

/**
 * The string of JavaScript, quotes and all, that consists of the place alone. Undefined where it has other text in it,
 * and where it cannot be told what the quotes before it are.
 */
export function literalAround(script: string, place: Span): Span | undefined {
  for (let index = 0; index < place.start; index += 1) {
    const char = script.charAt(index);
    if (char === '/') {
      const end = commentEnd(script, index);
      if (end === undefined && BEFORE_PATTERN.test(script.slice(Math.max(0, index - 20), index)))
        return undefined;
      index = end ?? index;
    } else if (char === '"' || char === "'" || char === '`') {
      const end = stringEnd(script, index, place);
      if (end === -1) return undefined;
      if (end > place.start) {
        return index === place.start - 1 && end === place.end ? { start: index, end: end + 1 } : undefined;
      }
      index = end;
    }
  }
  return undefined;
}
