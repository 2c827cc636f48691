/**
 * Splits a TypeScript file into code, comments and literals without a parser, so that a check of the code is not
 * fooled by a comment or a string, nor the other way round. Linear in the length; never throws.
 */
export interface ScannedSource {
  /** As long as the source, with the same lines: comments and the content of literals are blanks. */
  code: string;
  /** The other half: comments only. */
  comments: string;
  /** Content of each quoted literal (no templates), by the offset of its opening quote. */
  literals: ReadonlyMap<number, string>;
}

// After these a slash begins a regular expression; after a value it divides.
const BEFORE_EXPRESSION = new Set('(,=:[!&|?{};+-*%<>~^'.split(''));
const BEFORE_CHARS = 40;
const KEYWORDS_BEFORE_EXPRESSION = /(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|yield|await)$/;

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

class Scanner {
  readonly literals = new Map<number, string>();
  readonly code: string[] = [];
  readonly comments: string[] = [];
  readonly #source: string;
  #offset = 0;
  /** The last code, without blanks at its end: it says what a slash means. */
  #before = '';

  constructor(source: string) {
    this.#source = source;
  }

  scan(): void {
    while (this.#offset < this.#source.length) this.#step(undefined);
  }

  #take(length: number, kind: 'code' | 'comment' | 'content'): void {
    const text = this.#source.slice(this.#offset, this.#offset + length);
    this.code.push(kind === 'code' ? text : blank(text));
    this.comments.push(kind === 'comment' ? text : blank(text));
    if (kind === 'code') this.#before = `${this.#before}${text}`.slice(-BEFORE_CHARS).trimStart();
    this.#offset += text.length;
  }

  /** Up to and without `end`, or to the end of the file. */
  #lengthTo(end: string, from: number): number {
    const found = this.#source.indexOf(end, this.#offset + from);
    return (found === -1 ? this.#source.length : found) - this.#offset;
  }

  /** Takes one lexical element; false when it was the `}` that ends a template's expression. */
  #step(template: { depth: number } | undefined): boolean {
    const char = this.#source.charAt(this.#offset);
    const pair = this.#source.slice(this.#offset, this.#offset + 2);
    if (pair === '//') this.#take(this.#lengthTo('\n', 2), 'comment');
    else if (pair === '/*') this.#take(this.#lengthTo('*/', 2) + 2, 'comment');
    else if (char === "'" || char === '"') this.#quoted(char);
    else if (char === '`') this.#template();
    else if (char === '/' && this.#expressionMayBegin()) this.#regularExpression();
    else {
      if (template !== undefined && char === '{') template.depth += 1;
      if (template !== undefined && char === '}') {
        template.depth -= 1;
        if (template.depth < 0) return false;
      }
      this.#take(1, 'code');
    }
    return true;
  }

  #expressionMayBegin(): boolean {
    const before = this.#before.trimEnd();
    return (
      before === '' || BEFORE_EXPRESSION.has(before.slice(-1)) || KEYWORDS_BEFORE_EXPRESSION.test(before)
    );
  }

  /** Takes content up to an unescaped `end`; a line's end also ends it, so that one odd quote costs one line. */
  #content(end: string, startOfClass?: string): void {
    let inClass = false;
    while (this.#offset < this.#source.length) {
      const char = this.#source.charAt(this.#offset);
      if (char === '\n' || (char === end && !inClass)) return;
      if (char === startOfClass) inClass = true;
      if (char === ']') inClass = false;
      this.#take(char === '\\' ? 2 : 1, 'content');
    }
  }

  #quoted(quote: string): void {
    const opening = this.#offset;
    this.#take(1, 'code');
    this.#content(quote);
    this.literals.set(opening, this.#source.slice(opening + 1, this.#offset));
    if (this.#source.charAt(this.#offset) === quote) this.#take(1, 'code');
  }

  #regularExpression(): void {
    this.#take(1, 'code');
    this.#content('/', '[');
    if (this.#source.charAt(this.#offset) === '/') this.#take(1, 'code');
  }

  // A template may hold templates; the stack is on the heap, because hostile nesting must not overflow ours.
  #template(): void {
    this.#take(1, 'code');
    const open: { depth: number }[] = [];
    let inText = true;
    while (this.#offset < this.#source.length) {
      const char = this.#source.charAt(this.#offset);
      if (inText && char === '`') {
        this.#take(1, 'code');
        if (open.length === 0) return;
        inText = false;
      } else if (inText && this.#source.startsWith('${', this.#offset)) {
        this.#take(2, 'code');
        open.push({ depth: 0 });
        inText = false;
      } else if (inText) this.#take(char === '\\' ? 2 : 1, 'content');
      else if (char === '`') {
        this.#take(1, 'code');
        inText = true;
      } else if (!this.#step(open.at(-1))) {
        this.#take(1, 'code');
        open.pop();
        inText = true;
      }
    }
  }
}

export function scanSource(source: string): ScannedSource {
  const scanner = new Scanner(source);
  scanner.scan();
  return { code: scanner.code.join(''), comments: scanner.comments.join(''), literals: scanner.literals };
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
