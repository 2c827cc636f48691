/** The same text in letters of either case. Classes and escapes in it stay as they are: in names they hold no letters. */
function caseless(source: string): string {
  return source.replace(/\\.|\[[^\]]*\]|[A-Za-z]/g, (part) =>
    part.length > 1 ? part : `[${part.toLowerCase()}${part.toUpperCase()}]`,
  );
}

/**
 * Writes out what `(?i:name)` means: V8 (14.6) loses matches of `(?i:a|b)` where alternatives begin alike, and a test
 * says so when it does no longer.
 */
export function writeOutCase(pattern: string): string {
  const start = pattern.indexOf('(?i:');
  if (start === -1) return pattern;
  let depth = 1;
  let end = start + 4;
  for (; end < pattern.length && depth > 0; end += 1) {
    if (pattern[end] === '\\') end += 1;
    else if (pattern[end] === '(') depth += 1;
    else if (pattern[end] === ')') depth -= 1;
  }
  const name = pattern.slice(start + 4, end - 1);
  return `${pattern.slice(0, start)}(?:${caseless(name)})${writeOutCase(pattern.slice(end))}`;
}

/**
 * A token that its own letters give away: `ghp_…`. It ends where its alphabet ends, so that a piece out of a longer
 * random text is none.
 */
export function token(source: string): string {
  return String.raw`(?<![A-Za-z0-9_])(${source})(?![A-Za-z0-9_/+=-])`;
}

/** The same for alphabets in which a token may end with `=` or stand in a URL. */
export function looseToken(source: string): string {
  return String.raw`(?<![A-Za-z0-9_])(${source})(?![A-Za-z0-9_])`;
}

/**
 * A value that only the name beside it gives away: `DATADOG_API_KEY = "…"`. It starts at the name, which is the
 * keyword, so nothing is tried from the middle of a word.
 */
export function assigned(name: string, value: string): string {
  const rest = String.raw`[\w.\-]{0,40}["'\x60\]]{0,2}[ \t]{0,8}`;
  const sign = String.raw`(?:=>|:=|=|:|,|\()[ \t]{0,8}(?:Bearer |token |Basic )?["'\x60]{0,2}`;
  return String.raw`(?i:${name})${rest}${sign}(${value})(?![\w/+=-])`;
}

export const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
