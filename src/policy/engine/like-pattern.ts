import type { LikePattern } from '../expression/expression.ts';

/** Matches from left to right, always taking the earliest place: no backtracking, whatever pattern and text. */
export function compilePattern(pattern: LikePattern): (text: string) => boolean {
  const literals = pattern.filter((part) => part !== undefined);
  if (!pattern.includes(undefined)) {
    const whole = literals.join('');
    return (text) => text === whole;
  }
  const [head, tail] = [pattern[0] ?? '', pattern.at(-1) ?? ''];
  const middle = literals.slice(head === '' ? 0 : 1, tail === '' ? undefined : -1);
  return (text) => {
    if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail))
      return false;
    let at = head.length;
    for (const part of middle) {
      const found = text.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return at <= text.length - tail.length;
  };
}
