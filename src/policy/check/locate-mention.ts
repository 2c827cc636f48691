import { type Token, tokenize } from '../source/tokenize.ts';

/** Between the words of a mention these may stand: `principal has ref.full`, `principal["ref"]`. */
const BETWEEN = new Set(['.', '[', ']', 'has', '(', ')']);

/**
 * Finds where a chain of words stands in a policy and gives the offset of its last word. Cedar's JSON form has
 * no positions; when the chain is written in a way that is not seen here, the last word alone must do.
 */
export function locateMention(text: string, mention: readonly string[]): number {
  const tokens = [...tokenize(text)];
  const last = mention.at(-1) ?? '';
  let fallback: number | undefined;
  for (const [index, token] of tokens.entries()) {
    if (!isWord(token, last)) continue;
    fallback ??= token.start;
    if (standsBefore(tokens, index, mention)) return token.start;
  }
  return fallback ?? 0;
}

function standsBefore(tokens: readonly Token[], end: number, mention: readonly string[]): boolean {
  let index = end - 1;
  for (const word of mention.slice(0, -1).toReversed()) {
    while (index >= 0 && !isWord(tokens[index], word) && BETWEEN.has(tokens[index]?.text ?? '')) index -= 1;
    if (!isWord(tokens[index], word)) return false;
    index -= 1;
  }
  return true;
}

function isWord(token: Token | undefined, word: string): boolean {
  return (
    token !== undefined &&
    (token.text === word || (token.kind === 'string' && token.text === JSON.stringify(word)))
  );
}
