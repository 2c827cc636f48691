/** How the shell treats what it puts in: without quotes it makes words of it, so that line breaks become spaces. */
export type Quoting = 'none' | 'double';

/** A variable that the shell puts in: `$X`, `${X}`, `${X##*\/}`. */
export interface VariableUse {
  readonly name: string;
  /** In the text that was read. */
  readonly start: number;
  readonly end: number;
  readonly quoting: Quoting;
  /** What follows the name in braces: `##*\/`, `//a/b`; empty when it is put in as it is. */
  readonly operator: string;
}

/** `$(…)` or backticks: what commands print is put in. */
export interface Substitution {
  readonly pipelines: readonly ShellPipeline[];
  readonly start: number;
  readonly quoting: Quoting;
}

export interface Word {
  /** Without its quotes; substitutions are left out, variables stand as they are written. */
  readonly text: string;
  readonly start: number;
  readonly variables: readonly VariableUse[];
  readonly substitutions: readonly Substitution[];
}

export interface ShellCommand {
  readonly words: readonly Word[];
  /** Files behind `<`. */
  readonly inputs: readonly Word[];
  /** Texts behind `<<<`. */
  readonly texts: readonly Word[];
}

/** Commands joined by `|`: each reads what the one before prints. */
export type ShellPipeline = readonly ShellCommand[];

const DEPTH_MAX = 8;
const VARIABLE = /\$(?:([A-Za-z_]\w{0,200})|\{([A-Za-z_]\w{0,200})([^{}\n]{0,300})\})/y;

interface MutableWord {
  text: string;
  start: number;
  variables: VariableUse[];
  substitutions: Substitution[];
}

/** Reads as much of the POSIX shell's grammar as is needed to know what goes where; never fails, and never looks back. */
class ShellReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Pipelines up to the end, or to the character that closes a substitution. */
  readPipelines(closing: string, depth: number): ShellPipeline[] {
    const pipelines: ShellPipeline[] = [];
    let pipeline: ShellCommand[] = [];
    for (;;) {
      const command = this.#readCommand(closing, depth);
      if (command.words.length + command.inputs.length > 0) pipeline.push(command);
      const char = this.#text.charAt(this.#at);
      const isPipe = char === '|' && this.#text.charAt(this.#at + 1) !== '|';
      if (!isPipe && pipeline.length > 0) {
        pipelines.push(pipeline);
        pipeline = [];
      }
      this.#at += 1;
      if (char === '' || char === closing) return pipelines;
    }
  }

  #readCommand(closing: string, depth: number): ShellCommand {
    const words: Word[] = [];
    const inputs: Word[] = [];
    const texts: Word[] = [];
    let target: Word[] | undefined;
    for (;;) {
      this.#skipBlanks();
      const char = this.#text.charAt(this.#at);
      if (char === '' || char === closing || /[|;&\n()]/.test(char)) return { words, inputs, texts };
      const redirection = this.#readRedirection();
      if (redirection !== undefined) {
        target = redirection === '<' ? inputs : redirection === '<<<' ? texts : [];
        continue;
      }
      const word = this.#readWord(closing, depth);
      (target ?? words).push(word);
      target = undefined;
    }
  }

  #skipBlanks(): void {
    for (;;) {
      const char = this.#text.charAt(this.#at);
      const escaped = char === '\\' && this.#text.charAt(this.#at + 1) === '\n';
      if (char === '#') {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end === -1 ? this.#text.length : end;
      } else if (escaped) this.#at += 2;
      else if (char === ' ' || char === '\t' || char === '\r') this.#at += 1;
      else return;
    }
  }

  #readRedirection(): string | undefined {
    const found = /^(?:\d{0,2}>>?(?:&\d?)?|&>>?|<<<|<<-?|<)/.exec(
      this.#text.slice(this.#at, this.#at + 6),
    )?.[0];
    if (found === undefined || found === '') return undefined;
    this.#at += found.length;
    return /^\d?>&\d$/.test(found) ? undefined : found;
  }

  #readWord(closing: string, depth: number): Word {
    const word: MutableWord = { text: '', start: this.#at, variables: [], substitutions: [] };
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      if (char === closing || /[\s|;&()<>]/.test(char)) break;
      if (char === "'") this.#readSingle(word);
      else if (char === '"') {
        this.#at += 1;
        this.readQuoted(word, '"', depth);
        this.#at += 1;
      } else this.#readCharacter(word, 'none', depth);
    }
    // A character that nothing above takes must not stop the reader.
    if (this.#at === word.start) this.#at += 1;
    return word;
  }

  #readSingle(word: MutableWord): void {
    const end = this.#text.indexOf("'", this.#at + 1);
    const stop = end === -1 ? this.#text.length : end;
    word.text += this.#text.slice(this.#at + 1, stop);
    this.#at = stop + 1;
  }

  /** Up to the closing quote, or to the end. */
  readQuoted(word: MutableWord, closing: string, depth: number): void {
    while (this.#at < this.#text.length && this.#text.charAt(this.#at) !== closing) {
      this.#readCharacter(word, 'double', depth);
    }
  }

  #readCharacter(word: MutableWord, quoting: Quoting, depth: number): void {
    const char = this.#text.charAt(this.#at);
    if (char === '\\') {
      const next = this.#text.charAt(this.#at + 1);
      word.text += quoting === 'double' && !/["$`\\]/.test(next) ? `\\${next}` : next;
      this.#at += 2;
    } else if (char === '`') this.#readSubstitution(word, quoting, 1, '`', depth);
    else if (char === '$') this.#readDollar(word, quoting, depth);
    else {
      word.text += char;
      this.#at += 1;
    }
  }

  #readDollar(word: MutableWord, quoting: Quoting, depth: number): void {
    const rest = this.#text.slice(this.#at, this.#at + 3);
    // The platform's own expressions and arithmetic bring no text of the shell's.
    const opaque = rest === '${{' ? '}}' : rest === '$((' ? '))' : undefined;
    if (opaque !== undefined) {
      const end = this.#text.indexOf(opaque, this.#at);
      const stop = end === -1 ? this.#text.length : end + 2;
      word.text += this.#text.slice(this.#at, stop);
      this.#at = stop;
      return;
    }
    if (rest.startsWith('$(')) {
      this.#readSubstitution(word, quoting, 2, ')', depth);
      return;
    }
    VARIABLE.lastIndex = this.#at;
    const match = VARIABLE.exec(this.#text);
    const name = match?.[1] ?? match?.[2];
    if (match === null || name === undefined) {
      word.text += '$';
      this.#at += 1;
      return;
    }
    const end = this.#at + match[0].length;
    word.variables.push({ name, start: this.#at, end, quoting, operator: match[3] ?? '' });
    word.text += match[0];
    this.#at = end;
  }

  #readSubstitution(word: MutableWord, quoting: Quoting, skip: number, closing: string, depth: number): void {
    const start = this.#at;
    this.#at += skip;
    const pipelines = depth >= DEPTH_MAX ? [] : this.readPipelines(closing, depth + 1);
    word.substitutions.push({ pipelines, start, quoting });
  }
}

/** Commands of a text, those in substitutions inside of the words that they belong to. */
export function readCommands(text: string): ShellPipeline[] {
  return new ShellReader(text).readPipelines('', 0);
}

/** A text as the shell reads it between double quotes: a line of a heredoc. */
export function readQuotedText(text: string): Word {
  const word: MutableWord = { text: '', start: 0, variables: [], substitutions: [] };
  new ShellReader(text).readQuoted(word, '', 0);
  return word;
}
