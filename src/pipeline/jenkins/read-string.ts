import type { Run } from '../yaml/node.ts';
import type { Interpolation, StringToken, Token } from './token.ts';

/** One of the six ways in which Groovy writes a string. */
interface Quote {
  readonly open: string;
  readonly close: string;
  readonly multiline: boolean;
  readonly interpolates: boolean;
  readonly escapes: 'backslash' | 'slash' | 'dollar';
}

const QUOTES: readonly Quote[] = [
  { open: "'''", close: "'''", multiline: true, interpolates: false, escapes: 'backslash' },
  { open: '"""', close: '"""', multiline: true, interpolates: true, escapes: 'backslash' },
  { open: "'", close: "'", multiline: false, interpolates: false, escapes: 'backslash' },
  { open: '"', close: '"', multiline: false, interpolates: true, escapes: 'backslash' },
  { open: '$/', close: '/$', multiline: true, interpolates: true, escapes: 'dollar' },
  { open: '/', close: '/', multiline: true, interpolates: true, escapes: 'slash' },
];

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', s: ' ' };
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const PATH = /[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*/uy;

/** Whoever looks for the tokens in `${…}`: from behind the brace to the one that closes it. */
export type NestedReader = (
  from: number,
) => { readonly tokens: readonly Token[]; readonly end: number } | undefined;

export function quoteAt(text: string, at: number): Quote | undefined {
  return QUOTES.find(({ open }) => text.startsWith(open, at));
}

class StringReader {
  readonly #text: string;
  readonly #quote: Quote;
  readonly #readNested: NestedReader;
  readonly #runs: Run[] = [];
  readonly #interpolations: Interpolation[] = [];
  readonly #parts: string[] = [];
  #length = 0;
  #at: number;
  #runStart: number;

  constructor(text: string, at: number, quote: Quote, readNested: NestedReader) {
    this.#text = text;
    this.#quote = quote;
    this.#readNested = readNested;
    this.#at = at;
    this.#runStart = at;
  }

  read(start: number, spaceBefore: boolean): { token: StringToken; closed: boolean } {
    const { close, multiline } = this.#quote;
    const contentStart = this.#at;
    while (this.#at < this.#text.length && !this.#text.startsWith(close, this.#at)) {
      if (!multiline && this.#text[this.#at] === '\n') break;
      this.#step();
    }
    this.#flush();
    const contentEnd = this.#at;
    const closed = this.#text.startsWith(close, contentEnd);
    const value = this.#parts.join('');
    const shared = {
      value,
      contentStart,
      contentEnd,
      runs: this.#runs,
      interpolations: this.#interpolations,
    };
    const end = closed ? contentEnd + close.length : contentEnd;
    return { token: { kind: 'string', start, end, spaceBefore, ...shared }, closed };
  }

  /** What stands in the file as it is, up to here. */
  #flush(): void {
    const length = this.#at - this.#runStart;
    if (length > 0) {
      this.#runs.push({ valueStart: this.#length, sourceStart: this.#runStart, length });
      this.#parts.push(this.#text.slice(this.#runStart, this.#at));
      this.#length += length;
    }
    this.#runStart = this.#at;
  }

  /** `chars` of the file that stand for something else. */
  #replace(chars: number, value: string): void {
    this.#flush();
    this.#at = Math.min(this.#at + chars, this.#text.length);
    this.#runStart = this.#at;
    this.#parts.push(value);
    this.#length += value.length;
  }

  #step(): void {
    const char = this.#text[this.#at];
    if (char === '\\' && this.#quote.escapes === 'backslash') this.#escape();
    else if (char === '\\' && this.#quote.escapes === 'slash' && this.#text[this.#at + 1] === '/')
      this.#replace(2, '/');
    else if (char === '$' && this.#quote.escapes === 'dollar' && /[$/]/.test(this.#text[this.#at + 1] ?? ''))
      this.#replace(2, this.#text[this.#at + 1] ?? '');
    else if (char === '$' && this.#quote.interpolates) this.#interpolate();
    else this.#at += 1;
  }

  #escape(): void {
    const next = this.#text[this.#at + 1] ?? '';
    const code = /^u+[0-9a-fA-F]{4}/.exec(this.#text.slice(this.#at + 1, this.#at + 10))?.[0];
    if (code !== undefined)
      this.#replace(code.length + 1, String.fromCharCode(Number.parseInt(code.slice(-4), 16)));
    else if (next === '\r' && this.#text[this.#at + 2] === '\n') this.#replace(3, '');
    else if (next === '\n') this.#replace(2, '');
    else this.#replace(2, ESCAPES[next] ?? next);
  }

  #interpolate(): void {
    if (this.#text[this.#at + 1] === '{') {
      const nested = this.#readNested(this.#at + 2);
      if (nested !== undefined) return this.#take(2, 1, nested.tokens, nested.end);
    }
    PATH.lastIndex = this.#at + 1;
    const path = PATH.exec(this.#text)?.[0];
    if (path === undefined) this.#at += 1;
    else this.#take(1, 0, tokensOfPath(path, this.#at + 1), this.#at + 1 + path.length);
  }

  #take(before: number, behind: number, tokens: readonly Token[], end: number): void {
    this.#flush();
    const from = this.#length;
    const start = this.#at;
    this.#at = end;
    this.#flush();
    const outer = { start: from, end: from + end - start };
    this.#interpolations.push({
      outer,
      inner: { start: outer.start + before, end: Math.max(outer.start + before, outer.end - behind) },
      tokens,
    });
  }
}

function tokensOfPath(path: string, start: number): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < path.length) {
    NAME.lastIndex = at;
    const text = NAME.exec(path)?.[0] ?? '.';
    const place = { start: start + at, end: start + at + text.length, spaceBefore: false };
    tokens.push({ kind: text === '.' ? 'punctuation' : 'word', text, ...place });
    at += text.length;
  }
  const end = start + path.length;
  return [...tokens, { kind: 'end', text: '', start: end, end, spaceBefore: false }];
}

/** A string from its opening quote on, in one pass. A string that never ends, ends with its line or the file. */
export function readString(
  text: string,
  start: number,
  quote: Quote,
  spaceBefore: boolean,
  readNested: NestedReader,
): { token: StringToken; closed: boolean } {
  return new StringReader(text, start + quote.open.length, quote, readNested).read(start, spaceBefore);
}
