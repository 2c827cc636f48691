import type { Span } from '../source.ts';
import type { Run } from '../yaml/node.ts';

/** `${…}` or `$name` in a string; what Groovy puts there before anything else sees the text. */
export interface Interpolation {
  /** With `${` and `}`, in characters of the string's value. */
  readonly outer: Span;
  readonly inner: Span;
  readonly tokens: readonly Token[];
}

export interface StringToken extends Span {
  readonly kind: 'string';
  /** Decoded; interpolations stand in it as they are written. */
  readonly value: string;
  /** The text between the quotes. */
  readonly contentStart: number;
  readonly contentEnd: number;
  /** The parts of the value that stand in the file as they are. */
  readonly runs: readonly Run[];
  readonly interpolations: readonly Interpolation[];
  readonly spaceBefore: boolean;
}

export interface PlainToken extends Span {
  readonly kind: 'word' | 'number' | 'punctuation' | 'newline' | 'end';
  readonly text: string;
  readonly spaceBefore: boolean;
}

export type Token = StringToken | PlainToken;

export interface SyntaxProblem {
  readonly message: string;
  readonly span: Span;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly problems: readonly SyntaxProblem[];
}

export function isPunctuation(token: Token | undefined, text: string): boolean {
  return token?.kind === 'punctuation' && token.text === text;
}
