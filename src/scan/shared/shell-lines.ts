import { memoize } from '#pipeline/memoize.ts';
import type { Span } from '#pipeline/source.ts';
import type { Text } from '#pipeline/text.ts';

const LINES_MAX = 5_000;
const LINE_CHARS_MAX = 2_000;

/** At the end of a line, in POSIX shells and in PowerShell. */
const CONTINUES = /\\$|\s`$/;

/** One command line as the shell sees it: lines that end in a backslash (PowerShell: a backtick) are one. */
export interface ShellLine {
  readonly code: string;
  /** In the text. */
  readonly start: number;
  /** A part of `code` in the file. */
  readonly locate: (start: number, end: number) => Span;
}

/** The lines of a script without those that are comments only. Long lines are cut: nobody writes them by hand. */
export const shellLinesOf = memoize((text: Text): readonly ShellLine[] => {
  const found: ShellLine[] = [];
  const lines = text.value.split('\n', LINES_MAX);
  let offset = 0;
  for (let index = 0; index < lines.length; index += 1) {
    const start = offset;
    const parts = [lines[index] ?? ''];
    while (CONTINUES.test(parts.at(-1)?.slice(-2) ?? '') && index + 1 < lines.length) {
      index += 1;
      parts.push(lines[index] ?? '');
    }
    // As long as what it stands for, so that places stay what they are.
    const code = parts.map((part, at) => (at + 1 < parts.length ? `${part.slice(0, -1)}  ` : part)).join('');
    offset += code.length + 1;
    if (/^\s*(?:#|$)/.test(code)) continue;
    const locate = (from: number, to: number): Span => text.span(start + from, start + to);
    found.push({ code: code.slice(0, LINE_CHARS_MAX), start, locate });
  }
  return found;
});
