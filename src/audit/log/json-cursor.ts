const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * A place in a text that `JSON.stringify` has made, so without white space. It is several times faster to step over
 * what is of no interest than to make objects of it and a text again.
 */
export class JsonCursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isObject(): boolean {
    return this.text.charCodeAt(this.at) === OPEN_OBJECT;
  }

  get isList(): boolean {
    return this.text.charCodeAt(this.at) === OPEN_LIST;
  }

  get isString(): boolean {
    return this.text.charCodeAt(this.at) === QUOTE;
  }

  /** From an opening bracket to the first element; false when there is none, and then behind the closing one. */
  enter(): boolean {
    this.at += 1;
    const code = this.text.charCodeAt(this.at);
    if (code !== CLOSE_OBJECT && code !== CLOSE_LIST) return true;
    this.at += 1;
    return false;
  }

  /** From behind an element to the next one; false when that was the last, and then behind the closing bracket. */
  next(): boolean {
    const code = this.text.charCodeAt(this.at);
    this.at += 1;
    if (code === COMMA) return true;
    if (code === CLOSE_OBJECT || code === CLOSE_LIST) return false;
    throw new SyntaxError(`This is no JSON of ours at character ${this.at - 1}.`);
  }

  /** From a key to its value; where the key ends (it begins behind a quotation mark). */
  key(): number {
    this.#skipString();
    this.at += 1;
    return this.at - 2;
  }

  /** Over a value of any kind. */
  stepOver(): void {
    const code = this.text.charCodeAt(this.at);
    if (code === QUOTE) this.#skipString();
    else if (code === OPEN_OBJECT || code === OPEN_LIST) this.#skipContainer();
    else this.#skipWord();
  }

  #skipString(): void {
    let end = this.text.indexOf('"', this.at + 1);
    while (end > 0 && this.#isEscaped(end)) end = this.text.indexOf('"', end + 1);
    if (end < 0) throw new SyntaxError(`A string does not end after character ${this.at}.`);
    this.at = end + 1;
  }

  #isEscaped(quote: number): boolean {
    let before = quote - 1;
    while (this.text.charCodeAt(before) === BACKSLASH) before -= 1;
    return (quote - before) % 2 === 0;
  }

  #skipContainer(): void {
    let depth = 0;
    do {
      const code = this.text.charCodeAt(this.at);
      if (code === QUOTE) this.#skipString();
      else if (Number.isNaN(code)) throw new SyntaxError('A list or an object does not end.');
      else {
        if (code === OPEN_OBJECT || code === OPEN_LIST) depth += 1;
        else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth -= 1;
        this.at += 1;
      }
    } while (depth > 0);
  }

  /** A number, `true`, `false` or `null`. */
  #skipWord(): void {
    let code = this.text.charCodeAt(this.at);
    while (code !== COMMA && code !== CLOSE_OBJECT && code !== CLOSE_LIST && !Number.isNaN(code)) {
      this.at += 1;
      code = this.text.charCodeAt(this.at);
    }
  }
}
