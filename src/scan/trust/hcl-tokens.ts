interface Place {
  readonly value: string;
  readonly at: number;
  /** Exclusive; behind the closing quote. */
  readonly end: number;
}

export type HclToken =
  | (Place & { readonly kind: 'word' })
  /** `bodyAt` is where its value stands as it is: in a heredoc, which knows no escapes. */
  | (Place & { readonly kind: 'text'; readonly bodyAt: number | undefined })
  /** Punctuation, one sign each; `\n` ends an expression. */
  | (Place & { readonly kind: 'sign' });

const TOKENS_MAX = 200_000;
const WORD = /[\w.*-]{1,400}/y;
const HEREDOC = /<<-?\s{0,4}(\w{1,60})[^\n]{0,20}\n/y;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** A quoted text; `${…}` stays as it is, quotes in it included. */
function readQuoted(text: string, from: number): { value: string; end: number } {
  let value = '';
  let depth = 0;
  let at = from + 1;
  for (; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (depth === 0 && sign === '"') break;
    if (sign === '\n') break;
    if (sign === '\\' && depth === 0) {
      at += 1;
      const escaped = text.charAt(at);
      value += ESCAPES[escaped] ?? escaped;
      continue;
    }
    if (sign === '{' && (depth > 0 || text.charAt(at - 1) === '$')) depth += 1;
    else if (sign === '}' && depth > 0) depth -= 1;
    value += sign;
  }
  return { value, end: at + 1 };
}

/** From the line behind the mark to the line that repeats it. */
function readHeredoc(text: string, bodyStart: number, mark: string): { value: string; end: number } {
  let lineStart = bodyStart;
  while (lineStart < text.length) {
    const newline = text.indexOf('\n', lineStart);
    const lineEnd = newline === -1 ? text.length : newline;
    if (lineEnd - lineStart < 200 && text.slice(lineStart, lineEnd).trim() === mark)
      return { value: text.slice(bodyStart, lineStart), end: lineEnd };
    lineStart = lineEnd + 1;
  }
  return { value: text.slice(bodyStart), end: text.length };
}

/** The tokens of Terraform's language, as far as blocks, texts, lists and objects need them. */
export function readTokens(text: string): readonly HclToken[] {
  const tokens: HclToken[] = [];
  let at = 0;
  const skipTo = (mark: string): void => {
    const found = text.indexOf(mark, at);
    at = found === -1 ? text.length : found;
  };
  while (at < text.length && tokens.length < TOKENS_MAX) {
    const sign = text.charAt(at);
    if (sign === ' ' || sign === '\t' || sign === '\r') at += 1;
    else if (sign === '#' || text.startsWith('//', at)) skipTo('\n');
    else if (text.startsWith('/*', at)) {
      skipTo('*/');
      at += 2;
    } else if (sign === '"') {
      const { value, end } = readQuoted(text, at);
      tokens.push({ kind: 'text', value, at, end, bodyAt: undefined });
      at = end;
    } else {
      HEREDOC.lastIndex = at;
      const heredoc = sign === '<' ? HEREDOC.exec(text) : null;
      WORD.lastIndex = at;
      const word = heredoc === null ? WORD.exec(text) : null;
      if (heredoc !== null) {
        const bodyAt = at + heredoc[0].length;
        const { value, end } = readHeredoc(text, bodyAt, heredoc[1] ?? '');
        tokens.push({ kind: 'text', value, at, end, bodyAt });
        at = end;
      } else if (word !== null) {
        tokens.push({ kind: 'word', value: word[0], at, end: at + word[0].length });
        at += word[0].length;
      } else {
        tokens.push({ kind: 'sign', value: sign, at, end: at + 1 });
        at += 1;
      }
    }
  }
  return tokens;
}
