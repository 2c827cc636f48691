import { memoize } from '#pipeline/memoize.ts';
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

const readLines = memoize(({ text }: Script): readonly CommandLine[] => {
  // Same length, so that places stay places of the script.
  const joined = text.value.replace(/\\\r?\n/g, (end) => ' '.repeat(end.length));
  const lines: CommandLine[] = [];
  let start = 0;
  for (const line of joined.split('\n', LINES_MAX)) {
    const code = line.slice(0, LINE_CHARACTERS_MAX).replace(/(^|\s)#.*$/, '$1');
    if (code.trim() !== '') lines.push({ text: code, start });
    start += line.length + 1;
  }
  return lines;
});

const withoutPrinted = memoize((script: Script) =>
  readLines(script).filter(({ text }) => !PRINTS.test(text)),
);

/** Lines of a script without its comments, and without those that only print something unless they are asked for. */
export function commandLinesOf(
  script: Script,
  include: { printed: boolean } = { printed: false },
): readonly CommandLine[] {
  return include.printed ? readLines(script) : withoutPrinted(script);
}

/** A match on a command line as a place in the file. */
export function locateMatch(script: Script, line: CommandLine, at: number, length: number): Span {
  return script.text.span(line.start + at, line.start + at + length);
}
