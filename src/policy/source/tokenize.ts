export interface Token {
  kind: 'word' | 'string' | 'symbol';
  text: string;
  /** UTF-16 offset in the text. */
  start: number;
  end: number;
}

// Strings are matched without nested alternation: one long string must not exhaust the backtracking stack.
const TOKEN =
  /(\s+|\/\/[^\n\r]*)|("[^"\\]*(?:\\[\s\S][^"\\]*)*"?)|([A-Za-z_]\w*)|::|&&|\|\||[=!<>]=|\d+|[\s\S]/gy;

/**
 * Splits Cedar text into tokens, well enough to find where policies end, how deep they nest and where a name
 * stands. It never refuses: what is wrong with the text is for Cedar to say.
 */
export function* tokenize(text: string): Generator<Token> {
  for (const match of text.matchAll(TOKEN)) {
    const [whole, skipped, string, word] = match;
    if (skipped !== undefined) continue;
    const kind = string !== undefined ? 'string' : word !== undefined ? 'word' : 'symbol';
    yield { kind, text: whole, start: match.index, end: match.index + whole.length };
  }
}
