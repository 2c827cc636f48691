import type { ExpressionError } from '../../expression.ts';

export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'operator' | 'end';
  /** Operators and words as they stand; strings without their quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const SPACE = /[\s\0]+/y;
const WORD = /[a-zA-Z_][a-zA-Z0-9_-]*/y;
const NUMBER = /[+-]?(?:0x[0-9a-fA-F]+|0o[0-7]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|Infinity\b|NaN\b)/y;
const STRING = /'(?:[^']|'')*'/y;
const OPERATOR = /&&|\|\||==|!=|<=|>=|[()[\].,!<>*]/y;

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function readToken(text: string, start: number, previous: Token | undefined): Token | undefined {
  const string = match(STRING, text, start);
  if (string !== undefined) {
    const value = string.slice(1, -1).replaceAll("''", "'");
    return { kind: 'string', text: value, start, end: start + string.length };
  }
  // Behind a dot stands a name, also one that looks like a number.
  const dotted = previous?.text === '.' && previous.kind === 'operator';
  const word = match(WORD, text, start);
  if (word !== undefined) return { kind: 'word', text: word, start, end: start + word.length };
  const number = dotted ? undefined : match(NUMBER, text, start);
  if (number !== undefined) return { kind: 'number', text: number, start, end: start + number.length };
  const operator = match(OPERATOR, text, start);
  if (operator === undefined) return undefined;
  return { kind: 'operator', text: operator, start, end: start + operator.length };
}

/** Splits an expression; ends with an `end` token, or says which character does not belong. */
export function tokenize(text: string): Token[] | ExpressionError {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += match(SPACE, text, at)?.length ?? 0;
    if (at >= text.length) break;
    const token = readToken(text, at, tokens.at(-1));
    if (token === undefined) {
      const hint = text.charAt(at) === '"' ? ' (text stands in single quotes)' : '';
      return { message: `unexpected ${JSON.stringify(text.charAt(at))}${hint}`, at };
    }
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}
