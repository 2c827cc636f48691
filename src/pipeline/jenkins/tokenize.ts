import { quoteAt, readString } from './read-string.ts';
import { type PlainToken, type SyntaxProblem, type StringToken, type Token, type Tokens } from './token.ts';

/** Nobody nests strings in strings deeper; what does is taken as text. */
const NESTING_MAX = 30;
const TOKENS_MAX = 400_000;

const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /\d\w*(?:\.\d\w*)?/y;
const BLANK = /(?:[ \t\f\r\u00a0\ufeff]|\\\r?\n)+/y;
const PUNCTUATION =
  /==~|===|!==|<=>|\.\.<|\*\.|\?\.|\.&|\?:|->|=~|==|!=|<=|>=|&&|\|\||\+\+|--|\+=|-=|\*=|\/=|<<|\.\.|::|\*\*|[^\s\w]/y;
/** Words behind which a value begins: a `/` there opens a string. */
const BEFORE_VALUE = /^(?:return|case|in|assert|throw|if|else|echo|error|println?|expression)$/;

class Lexer {
  readonly problems: SyntaxProblem[] = [];
  readonly #text: string;
  #at = 0;
  #nesting = 0;
  #count = 0;
  /** Set once one did not end: each further try would read the rest of the file again. */
  #isStraySlash = false;

  constructor(text: string) {
    this.#text = text;
    // `#!/usr/bin/env groovy`
    if (text.startsWith('#!')) this.#at = this.#endOfLine();
  }

  /** All tokens from here; in `${…}` those before the brace that closes it. */
  read(): Token[] {
    const tokens: Token[] = [];
    let depth = 0;
    for (;;) {
      const token = this.#next(tokens.at(-1));
      if (token.kind === 'punctuation') {
        if (token.text === '{') depth += 1;
        if (token.text === '}') depth -= 1;
      }
      if (token.kind === 'end' || (this.#nesting > 0 && depth < 0)) {
        tokens.push({ kind: 'end', text: '', start: token.start, end: token.start, spaceBefore: false });
        return tokens;
      }
      tokens.push(token);
    }
  }

  #endOfLine(): number {
    const end = this.#text.indexOf('\n', this.#at);
    return end === -1 ? this.#text.length : end;
  }

  #plain(kind: PlainToken['kind'], length: number, spaceBefore: boolean): PlainToken {
    const start = this.#at;
    this.#at += length;
    return { kind, text: this.#text.slice(start, this.#at), start, end: this.#at, spaceBefore };
  }

  #match(pattern: RegExp): number {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0].length ?? 0;
  }

  /** White space and comments. */
  #skip(): boolean {
    const start = this.#at;
    for (;;) {
      const before = this.#at;
      this.#at += this.#match(BLANK);
      if (this.#text.startsWith('//', this.#at)) this.#at = this.#endOfLine();
      else if (this.#text.startsWith('/*', this.#at)) {
        const end = this.#text.indexOf('*/', this.#at + 2);
        this.#at = end === -1 ? this.#text.length : end + 2;
      }
      if (this.#at === before) return this.#at > start;
    }
  }

  #next(previous: Token | undefined): Token {
    const spaceBefore = this.#skip();
    const char = this.#text[this.#at];
    if (char !== undefined) {
      this.#count += 1;
      if (this.#count > TOKENS_MAX) this.#stop();
    }
    if (this.#at >= this.#text.length) return this.#plain('end', 0, spaceBefore);
    if (char === '\n') return this.#plain('newline', 1, spaceBefore);
    const string = this.#string(previous, spaceBefore);
    if (string !== undefined) return string;
    const word = this.#match(WORD);
    if (word > 0) return this.#plain('word', word, spaceBefore);
    const number = this.#match(NUMBER);
    if (number > 0) return this.#plain('number', number, spaceBefore);
    return this.#plain('punctuation', Math.max(1, this.#match(PUNCTUATION)), spaceBefore);
  }

  #stop(): void {
    this.#report('this file is too long to be read to its end', this.#at);
    this.#at = this.#text.length;
  }

  #report(message: string, start: number): void {
    if (this.problems.length < 20) this.problems.push({ message, span: { start, end: start + 1 } });
  }

  /** `/` divides behind a value, and opens a string elsewhere. */
  #opensSlashy(previous: Token | undefined): boolean {
    if (previous === undefined || previous.kind === 'newline') return true;
    if (previous.kind === 'word') return BEFORE_VALUE.test(previous.text);
    return previous.kind === 'punctuation' && !/^[)\]}]$|^\+\+$|^--$/.test(previous.text);
  }

  #string(previous: Token | undefined, spaceBefore: boolean): StringToken | undefined {
    const quote = quoteAt(this.#text, this.#at);
    if (quote === undefined) return undefined;
    if (quote.open === '/' && (this.#isStraySlash || !this.#opensSlashy(previous))) return undefined;
    if (quote.open === '$/' && this.#isStraySlash) return undefined;
    const start = this.#at;
    const { token, closed } = readString(this.#text, start, quote, spaceBefore, (from) =>
      this.#readNested(from),
    );
    if (!closed) {
      // A stray slash is none: what is behind it must not vanish into a string.
      if (quote.escapes !== 'backslash') {
        this.#isStraySlash = true;
        return undefined;
      }
      this.#report('a string that begins here never ends', start);
    }
    this.#at = token.end;
    return token;
  }

  #readNested(from: number): { tokens: Token[]; end: number } | undefined {
    if (this.#nesting >= NESTING_MAX) return undefined;
    const before = this.#at;
    this.#nesting += 1;
    this.#at = from;
    const tokens = this.read();
    const end = this.#at;
    this.#nesting -= 1;
    this.#at = before;
    return { tokens, end };
  }
}

/** Takes Groovy apart in one pass; never throws. */
export function tokenize(text: string): Tokens {
  const lexer = new Lexer(text);
  return { tokens: lexer.read(), problems: lexer.problems };
}
