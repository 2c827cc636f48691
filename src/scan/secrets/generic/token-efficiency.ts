/** How many tokens a language model's tokenizer makes of a text. */
export type CountTokens = (text: string) => number;

/** Characters per token. Words and names of a language have more; letters drawn by chance have about two. */
const EFFICIENCY_MAX = 3;

/**
 * Whether a text looks random. A tokenizer is a table of what people write: what it has to take apart letter by letter
 * was drawn, not written.
 */
export function looksDrawn(value: string, countTokens: CountTokens): boolean {
  const text = value.slice(0, 400);
  return text.length / Math.max(1, countTokens(text)) < EFFICIENCY_MAX;
}

/** The table of `cl100k`. It takes 60 ms and 60 MB to load, so it is loaded for a candidate, and not for a scan. */
export async function loadTokenizer(): Promise<CountTokens> {
  const { countTokens } = await import('gpt-tokenizer/encoding/cl100k_base');
  return (text) => countTokens(text, { allowedSpecial: 'all' });
}
