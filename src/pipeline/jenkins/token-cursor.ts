import type { Span } from '../source.ts';
import { isPunctuation, type SyntaxProblem, type Token } from './token.ts';

/** What lies deeper is stepped over; real files stay below 30. */
export const DEPTH_MAX = 100;
const PROBLEMS_MAX = 20;

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** A place among tokens, and how deep it is. */
export class TokenCursor {
  readonly problems: SyntaxProblem[] = [];
  protected readonly tokens: readonly Token[];
  protected readonly depthAbove: number;
  protected at = 0;
  protected depth = 0;

  constructor(tokens: readonly Token[], depthAbove: number) {
    this.tokens = tokens;
    this.depthAbove = depthAbove;
  }

  protected get isTooDeep(): boolean {
    return this.depthAbove + this.depth >= DEPTH_MAX;
  }

  protected report(message: string, span: Span): void {
    if (this.problems.length < PROBLEMS_MAX)
      this.problems.push({ message, span: { start: span.start, end: span.end } });
  }

  protected peek(ahead = 0): Token {
    const last = this.tokens.length - 1;
    const token = this.tokens[Math.min(this.at + ahead, last)];
    return token ?? { kind: 'end', text: '', start: 0, end: 0, spaceBefore: false };
  }

  protected skipNewlines(): void {
    while (this.peek().kind === 'newline') this.at += 1;
  }

  /** The next token that is no line break. */
  protected behindNewlines(): Token {
    let ahead = 0;
    while (this.peek(ahead).kind === 'newline') ahead += 1;
    return this.peek(ahead);
  }

  protected lastEnd(): number {
    return this.tokens[this.at - 1]?.end ?? 0;
  }

  /** Too deep: to the bracket that closes this one, without looking at what is between. */
  protected stepOver(): void {
    this.report('nested too deeply to be read', this.peek());
    let open = 0;
    do {
      const token = this.peek();
      if (token.kind === 'end') return;
      if (token.kind === 'punctuation' && /^[([{]$/.test(token.text)) open += 1;
      if (token.kind === 'punctuation' && /^[)\]}]$/.test(token.text)) open -= 1;
      this.at += 1;
    } while (open > 0);
  }

  protected enter(): boolean {
    if (this.isTooDeep) {
      this.stepOver();
      return false;
    }
    this.depth += 1;
    this.at += 1;
    return true;
  }

  protected leave(open: Token): void {
    this.depth -= 1;
    const close = open.kind === 'punctuation' ? (CLOSING[open.text] ?? '') : '';
    if (isPunctuation(this.peek(), close)) this.at += 1;
    else this.report(`“${open.kind === 'punctuation' ? open.text : ''}” is never closed`, open);
  }
}
