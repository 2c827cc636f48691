import { memoize } from './memoize.ts';
import type { Text } from './text.ts';

/** One simple command of a script. */
export interface ShellCommand {
  readonly code: string;
  /** Of its first character, in the script. */
  readonly start: number;
}

/** What a scan of a script is allowed to cost; nobody writes more by hand. */
const SCRIPT_CHARS_MAX = 200_000;
const COMMANDS_MAX = 5_000;
const COMMAND_CHARS_MAX = 1_000;

const HEREDOC = /^<<-?[ \t]{0,9}(["']?)([A-Za-z_]\w{0,60})\1/;
const HEREDOC_CHARS_MAX = 80;
/** Matches at every place, if nothing at all. */
const PLAIN = /[^\\$"')\n#<;&|(`]*/y;

/** Takes a script apart in one pass: quotes, comments, substitutions, here-documents, joined lines. */
class Splitter {
  readonly commands: ShellCommand[] = [];
  readonly #text: string;
  /** What a `)` goes back to: the quote that the substitution stands in. */
  readonly #around: string[] = [];
  #at = 0;
  #start = 0;
  #quote = '';
  #quotedFrom = 0;
  #heredoc = '';

  constructor(text: string) {
    this.#text = text;
  }

  run(): readonly ShellCommand[] {
    while (this.#at < this.#text.length && this.commands.length < COMMANDS_MAX) this.#step();
    // A quote that never ends is none: an apostrophe in another language. What is behind its line counts.
    const line = this.#quote === '' ? -1 : this.#text.indexOf('\n', this.#quotedFrom);
    this.#end(line === -1 ? this.#text.length : line);
    return line === -1 ? this.commands : [...this.commands, ...splitLines(this.#text, line + 1)];
  }

  #end(at = this.#at): void {
    const raw = this.#text.slice(this.#start, at);
    const code = raw.trim();
    const start = this.#start + raw.length - raw.trimStart().length;
    if (code !== '') this.commands.push({ code: code.slice(0, COMMAND_CHARS_MAX), start });
  }

  /** The command ends here, and the next begins behind `chars` characters. */
  #cut(chars: number): void {
    this.#end();
    this.#at += chars;
    this.#start = this.#at;
  }

  #skipTo(close: string): void {
    const end = this.#text.indexOf(close, this.#at);
    this.#at = end === -1 ? this.#text.length : end + close.length;
  }

  #step(): void {
    const text = this.#text;
    const char = text[this.#at] ?? '';
    if (char === '\\' && this.#quote !== "'") this.#at += 2;
    else if (this.#quote === "'") this.#closeQuote(char);
    else if (text.startsWith('${', this.#at)) this.#skipTo(text.startsWith('${{', this.#at) ? '}}' : '}');
    else if (text.startsWith('$(', this.#at)) this.#open();
    else if (this.#quote === '"') this.#closeQuote(char);
    else this.#plain(char);
  }

  #open(): void {
    this.#around.push(this.#quote);
    this.#quote = '';
    this.#cut(2);
  }

  #closeQuote(char: string): void {
    if (char === this.#quote) this.#quote = '';
    this.#at += 1;
  }

  #plain(char: string): void {
    if (char === '"' || char === "'") {
      this.#quote = char;
      this.#quotedFrom = this.#at;
      this.#at += 1;
    } else if (char === ')') {
      this.#quote = this.#around.pop() ?? '';
      if (this.#quote !== '') this.#quotedFrom = this.#at;
      this.#cut(1);
    } else if (char === '\n') this.#endLine();
    else if (char === '#' && /^\s?$/.test(this.#text[this.#at - 1] ?? '')) this.#comment();
    else if (char === '<') this.#readHeredoc();
    else if (';&|(`'.includes(char) && !this.#isRedirection(char)) this.#cut(1);
    else this.#skipPlain();
  }

  /** Most of a script means nothing to the splitter: on to the next character that may. */
  #skipPlain(): void {
    PLAIN.lastIndex = this.#at + 1;
    PLAIN.test(this.#text);
    this.#at = PLAIN.lastIndex;
  }

  /** `2>&1`, `&>file`: no end of a command. */
  #isRedirection(char: string): boolean {
    return char === '&' && (this.#text[this.#at - 1] === '>' || this.#text[this.#at + 1] === '>');
  }

  #comment(): void {
    this.#end();
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end === -1 ? this.#text.length : end;
    this.#start = this.#at;
  }

  #readHeredoc(): void {
    const match = HEREDOC.exec(this.#text.slice(this.#at, this.#at + HEREDOC_CHARS_MAX));
    if (match !== null) this.#heredoc = match[2] ?? '';
    this.#at += match === null ? (this.#text.startsWith('<<<', this.#at) ? 3 : 1) : match[0].length;
  }

  #endLine(): void {
    this.#cut(1);
    if (this.#heredoc === '') return;
    const word = this.#heredoc;
    this.#heredoc = '';
    let from = this.#at;
    while (from < this.#text.length) {
      const newline = this.#text.indexOf('\n', from);
      const end = newline === -1 ? this.#text.length : newline;
      const isLast = end - from < word.length + 200 && this.#text.slice(from, end).trim() === word;
      from = end + 1;
      if (isLast) break;
    }
    this.#at = Math.min(from, this.#text.length);
    this.#start = this.#at;
  }
}

/** Line by line, without regard to quotes. */
function splitLines(text: string, from: number): ShellCommand[] {
  const found: ShellCommand[] = [];
  let start = from;
  for (const line of text.slice(from).split('\n', COMMANDS_MAX)) {
    const code = line.trim();
    const at = start + line.length - line.trimStart().length;
    if (code !== '' && !code.startsWith('#'))
      found.push({ code: code.slice(0, COMMAND_CHARS_MAX), start: at });
    start += line.length + 1;
  }
  return found;
}

/** The simple commands of a script, in their order; a bounded part of a long one. Linear in its length. */
export function shellCommandsOf(script: string): readonly ShellCommand[] {
  return new Splitter(script.slice(0, SCRIPT_CHARS_MAX)).run();
}

/** The same of a text of the model, for all who ask about it. */
export const commandsOfText = memoize((text: Text): readonly ShellCommand[] => shellCommandsOf(text.value));

const PREFIX =
  /^(?:(?:then|do|else|elif|if|while|until|!|time|exec|command|nohup|eval|\{)\s+|(?:sudo|env|xvfb-run|nice|timeout|stdbuf)(?:\s+(?:-\S+|\d+[smh]?|[A-Za-z_]\w*=\S*)){0,9}\s+|[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|[^\s"']*)\s+|(?:ba|z|da)?sh\s+-[a-z]*c\s+|["'](?=[\w.$/]))/;

/** What is left when words before the program are taken away: `sudo`, `if`, `NAME=value`, `sh -c "`. */
export function withoutPrefixes({ code, start }: ShellCommand): ShellCommand {
  let skipped = 0;
  for (let count = 0; count < 8; count += 1) {
    const match = PREFIX.exec(code.slice(skipped));
    if (match === null || match[0] === '') break;
    skipped += match[0].length;
  }
  return { code: code.slice(skipped), start: start + skipped };
}
