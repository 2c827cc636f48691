import type { Script } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';

const LINES_MAX = 5_000;
const LINE_CHARACTERS_MAX = 2_000;

/** One command line of a script; a `\` at its end joins it with the next. */
export interface CommandLine {
  readonly text: string;
  /** Of its first character, in the script's text. */
  readonly start: number;
}

const PRINTS = /^\s*(?:echo|printf|Write-(?:Host|Output))\s(?!.*\|)/i;

/** Lines of a script without its comments, and without those that only print something unless they are asked for. */
export function commandLinesOf(
  script: Script,
  include: { printed: boolean } = { printed: false },
): CommandLine[] {
  // Same length, so that places stay places of the script.
  const joined = script.text.value.replace(/\\\r?\n/g, (end) => ' '.repeat(end.length));
  const lines: CommandLine[] = [];
  let start = 0;
  for (const line of joined.split('\n', LINES_MAX)) {
    const code = line.slice(0, LINE_CHARACTERS_MAX).replace(/(^|\s)#.*$/, '$1');
    const counts = code.trim() !== '' && (include.printed || !PRINTS.test(code));
    if (counts) lines.push({ text: code, start });
    start += line.length + 1;
  }
  return lines;
}

/** A match on a command line as a place in the file. */
export function locateMatch(script: Script, line: CommandLine, at: number, length: number): Span {
  return script.text.span(line.start + at, line.start + at + length);
}
