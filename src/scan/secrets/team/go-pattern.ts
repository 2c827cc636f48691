/** What Go's RE2 writes differently from JavaScript. */
const CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\t\\n\\v\\f\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};
const PATTERN_CHARS_MAX = 20_000;

/** A pattern that cannot be had in JavaScript; the message says what it is about it. */
export class PatternRefused extends Error {}

/**
 * Translates a pattern of Go (RE2 syntax) to the source of a JavaScript expression without flags that matches the same
 * texts. Flags stand inside: `(?i)` becomes a group to the end of the one that it is in.
 */
export function translateGoPattern(pattern: string): string {
  if (pattern.length > PATTERN_CHARS_MAX)
    throw new PatternRefused(`longer than ${PATTERN_CHARS_MAX} characters`);
  return new Translation(pattern).run();
}

interface Flags {
  readonly caseless: boolean;
  readonly dotAll: boolean;
  readonly multiline: boolean;
}

class Translation {
  readonly #text: string;
  #at = 0;
  #flags: Flags = { caseless: false, dotAll: false, multiline: false };

  constructor(text: string) {
    this.#text = text;
  }

  run(): string {
    const source = this.#readUntilClose();
    if (this.#at < this.#text.length) throw new PatternRefused('a parenthesis is closed that was not opened');
    return source;
  }

  /** One alternative after the other, up to the end or a `)`. */
  #readUntilClose(): string {
    const outer = this.#flags;
    let out = '';
    while (this.#at < this.#text.length && this.#text[this.#at] !== ')') {
      const flags = /^\(\?([imsU]*)(?:-([imsU]+))?\)/.exec(this.#text.slice(this.#at, this.#at + 12));
      if (flags === null) out += this.#readPiece();
      else {
        this.#at += flags[0].length;
        this.#applyFlags(flags[1] ?? '', flags[2] ?? '');
      }
    }
    this.#flags = outer;
    return out;
  }

  /** All flags are written out: V8 (14.6) loses matches of `(?i:a|b)` where alternatives begin alike. */
  #applyFlags(on: string, off: string): void {
    if (on.includes('U') || off.includes('U'))
      throw new PatternRefused('the flag U (ungreedy) has no counterpart');
    const has = (flag: string, before: boolean) =>
      on.includes(flag) ? true : off.includes(flag) ? false : before;
    const { caseless, dotAll, multiline } = this.#flags;
    this.#flags = { caseless: has('i', caseless), dotAll: has('s', dotAll), multiline: has('m', multiline) };
  }

  /** A letter by itself. */
  #letter(letter: string): string {
    return this.#flags.caseless && /[A-Za-z]/.test(letter)
      ? `[${letter.toLowerCase()}${letter.toUpperCase()}]`
      : letter;
  }

  #readPiece(): string {
    const letter = this.#text[this.#at] ?? '';
    if (letter === '(') return this.#readGroup();
    if (letter === '[') return this.#readClass();
    if (letter === '\\') return this.#readEscape();
    this.#at += 1;
    if (letter === '.') return this.#flags.dotAll ? '[\\s\\S]' : '[^\\n]';
    if (letter === '^') return this.#flags.multiline ? '(?<![^\\n])' : '^';
    if (letter === '$') return this.#flags.multiline ? '(?![^\\n])' : '$';
    if (letter === '{') return this.#readRepeat();
    return letter === '}' || letter === ']' ? `\\${letter}` : this.#letter(letter);
  }

  /** In Go a `{` that opens no repetition stands for itself. */
  #readRepeat(): string {
    const repeat = /^\d{1,4}(?:,\d{0,4})?\}/.exec(this.#text.slice(this.#at, this.#at + 12));
    if (repeat === null) return '\\{';
    this.#at += repeat[0].length;
    return `{${repeat[0]}`;
  }

  #readGroup(): string {
    const head = /^\((?:\?(?:P?<([A-Za-z_]\w*)>|([imsU]*)(?:-([imsU]+))?:))?/.exec(
      this.#text.slice(this.#at),
    );
    if (head === null || (head[0] === '(' && this.#text[this.#at + 1] === '?')) {
      throw new PatternRefused(`“${this.#text.slice(this.#at, this.#at + 4)}” is not understood`);
    }
    this.#at += head[0].length;
    const outer = this.#flags;
    if (head[2] !== undefined) this.#applyFlags(head[2], head[3] ?? '');
    const body = this.#readUntilClose();
    this.#flags = outer;
    if (this.#text[this.#at] !== ')') throw new PatternRefused('a parenthesis is not closed');
    this.#at += 1;
    // Names may repeat in Go, and nobody asks for them here.
    const isCapture = head[0] === '(' || head[1] !== undefined;
    return isCapture ? `(${body})` : `(?:${body})`;
  }

  #readClass(): string {
    const text = this.#text;
    let out = '[';
    this.#at += 1;
    if (text[this.#at] === '^') {
      out += '^';
      this.#at += 1;
    }
    for (let first = true; first || text[this.#at] !== ']'; first = false) {
      if (this.#at >= text.length) throw new PatternRefused('a bracket is not closed');
      const named = /^\[:(\^?)([a-z]+):\]/.exec(text.slice(this.#at, this.#at + 14));
      if (named !== null) {
        const letters = CLASSES[named[2] ?? ''];
        if (letters === undefined || named[1] === '^')
          throw new PatternRefused(`the class ${named[0]} is not known`);
        out += letters;
        this.#at += named[0].length;
      } else if (text[this.#at] === '\\') out += this.#readEscape(true);
      else {
        const letter = text[this.#at] ?? '';
        out += letter === '[' || (letter === ']' && first) ? `\\${letter}` : letter;
        this.#at += 1;
      }
    }
    this.#at += 1;
    // In front: behind a `-` at its end they would make a range of it.
    const head = out.startsWith('[^') ? '[^' : '[';
    return this.#flags.caseless ? `${head}${otherCase(out)}${out.slice(head.length)}]` : `${out}]`;
  }

  #readEscape(inClass = false): string {
    const text = this.#text;
    const letter = text[this.#at + 1];
    this.#at += 2;
    if (letter === undefined) throw new PatternRefused('a backslash stands at its end');
    if (letter === 'A') return '(?<![\\s\\S])';
    if (letter === 'z') return '(?![\\s\\S])';
    // RE2: white space and word characters are those of ASCII.
    if (letter === 's') return inClass ? '\\t\\n\\f\\r ' : '[\\t\\n\\f\\r ]';
    if (letter === 'S' && !inClass) return '[^\\t\\n\\f\\r ]';
    if (letter === 'a') return '\\x07';
    if (letter === 'Q') return this.#readQuoted();
    if (letter === 'x' && text[this.#at] === '{') return this.#readCodePoint();
    if (letter === 'p' || letter === 'P') throw new PatternRefused('classes of Unicode (\\p) are not taken');
    if (letter === 'C' || /[1-9]/.test(letter)) throw new PatternRefused(`\\${letter} has no counterpart`);
    if (/[dDwWSbBfnrtvx0]/.test(letter)) return `\\${letter}`;
    return /[A-Za-z_<>"'`~@#%&=:;,! ]/.test(letter) ? letter : `\\${letter}`;
  }

  #readQuoted(): string {
    const end = this.#text.indexOf('\\E', this.#at);
    const quoted = this.#text.slice(this.#at, end === -1 ? undefined : end);
    this.#at = end === -1 ? this.#text.length : end + 2;
    return Array.from(quoted)
      .map((each) =>
        /[A-Za-z0-9]/.test(each)
          ? this.#letter(each)
          : `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
      .join('');
  }

  #readCodePoint(): string {
    const match = /^\{([0-9A-Fa-f]{1,6})\}/.exec(this.#text.slice(this.#at, this.#at + 9));
    const code = Number.parseInt(match?.[1] ?? 'x', 16);
    if (match === null || Number.isNaN(code) || code > 0xffff)
      throw new PatternRefused('\\x{…} is not understood');
    this.#at += match[0].length;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  }
}

/** The letters and ranges of letters of a class, in the other case. */
function otherCase(source: string): string {
  const parts =
    source.slice(1).match(/\\u[0-9a-f]{4}|\\x[0-9a-fA-F]{2}|\\.|[A-Za-z]-[A-Za-z]|[A-Za-z]/g) ?? [];
  return parts
    .filter((part) => !part.startsWith('\\'))
    .map((part) => {
      const [from = '', to = from] = part.split('-');
      const turn = (letter: string) =>
        letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
      const sameCase = (from === from.toLowerCase()) === (to === to.toLowerCase());
      if (!sameCase) return 'a-zA-Z';
      return from === to ? turn(from) : `${turn(from)}-${turn(to)}`;
    })
    .join('');
}
