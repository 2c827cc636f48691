/**
 * The body of Splunk's event endpoint: JSON objects one after another, with or without white space between them; an
 * array of them is taken, too, as Splunk does. Undefined where the text is no JSON, with the number of the bad one.
 */
export type HecBatch =
  | { ok: true; envelopes: readonly unknown[] }
  | { ok: false; at: number; reason: 'no_data' | 'invalid_format' };

const ENVELOPES_MAX = 10_000;
const DEPTH_MAX = 64;
const [QUOTE, BACKSLASH] = [0x22, 0x5c];

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Where the value that begins at `from` ends; undefined when it does not, or is too deep. One pass, no backtracking. */
function endOfValue(text: string, from: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let index = from; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > DEPTH_MAX) return undefined;
    } else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return undefined;
}

export function parseHecBatch(text: string): HecBatch {
  const envelopes: unknown[] = [];
  let index = 0;
  for (;;) {
    while (index < text.length && isSpace(text.charCodeAt(index))) index += 1;
    if (index >= text.length) break;
    const end = text[index] === '{' || text[index] === '[' ? endOfValue(text, index) : undefined;
    if (end === undefined || envelopes.length >= ENVELOPES_MAX)
      return { ok: false, at: envelopes.length, reason: 'invalid_format' };
    try {
      const value: unknown = JSON.parse(text.slice(index, end));
      if (Array.isArray(value)) envelopes.push(...value.slice(0, ENVELOPES_MAX));
      else envelopes.push(value);
    } catch {
      return { ok: false, at: envelopes.length, reason: 'invalid_format' };
    }
    index = end;
  }
  return envelopes.length === 0 ? { ok: false, at: 0, reason: 'no_data' } : { ok: true, envelopes };
}
