import type { Span } from '../../source.ts';

/** `${{ … }}` in a text: the whole, and what stands inside. */
export interface Placeholder extends Span {
  readonly innerStart: number;
  readonly innerEnd: number;
  /** False when `}}` is missing. */
  readonly closed: boolean;
}

/** Where `}}` stands; one inside of a quoted string does not count. */
function findClose(text: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 39) quoted = !quoted;
    else if (!quoted && code === 125 && text.charCodeAt(at + 1) === 125) return at;
  }
  return -1;
}

export function findPlaceholders(text: string): Placeholder[] {
  const found: Placeholder[] = [];
  let start = text.indexOf('${{');
  while (start !== -1) {
    const innerStart = start + 3;
    const close = findClose(text, innerStart);
    if (close === -1) {
      found.push({ start, end: text.length, innerStart, innerEnd: text.length, closed: false });
      return found;
    }
    found.push({ start, end: close + 2, innerStart, innerEnd: close, closed: true });
    start = text.indexOf('${{', close + 2);
  }
  return found;
}
