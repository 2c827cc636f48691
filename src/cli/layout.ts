import { printable } from './output.ts';

/** Four less than every terminal has: what a log or a document indents by four still fits. */
export const COLUMNS = 76;
const GAP = '  ';
const CELL_COLUMNS_MIN = 8;
/** Where a long word is broken rather than anywhere. */
const SEPARATOR = /[/@:.,;=&?_-]/u;

/**
 * GitHub's runner takes a line for a command of the workflow when it begins with `::`, blanks before it or not:
 * a value from elsewhere must not get there, not even by being broken into lines.
 */
export function disarm(line: string): string {
  return line.replace(/^(\s*)(?=::)/u, '$1\\');
}

/** Where to break a word: after a separator of the second half of the line, where there is one. */
function breakingPoint(word: string, columns: number): number {
  for (let at = columns; at > columns / 2; at -= 1) if (SEPARATOR.test(word.charAt(at - 1))) return at;
  const isInsidePair = /[\ud800-\udbff]$/u.test(word.slice(0, columns)) && columns > 1;
  return isInsidePair ? columns - 1 : columns;
}

function breakWord(word: string, columns: number): string[] {
  const pieces: string[] = [];
  let rest = word;
  while (rest.length > columns) {
    const end = breakingPoint(rest, columns);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...pieces, rest];
}

/** Lines of at most `columns`; a word that is longer stands whole, so that it can be copied, or is broken up. */
export function wrapWords(text: string, columns: number, longWords: 'whole' | 'broken' = 'whole'): string[] {
  const lines: string[] = [];
  let line = '';
  for (const whole of text.split(' ')) {
    for (const word of longWords === 'broken' ? breakWord(whole, columns) : [whole]) {
      if (line !== '' && line.length + 1 + word.length > columns) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map(disarm);
}

/** Text with a mark before its first line; the others are indented as far. */
export function formatParagraph(mark: string, text: string): string {
  const indent = ' '.repeat(mark.length);
  return wrapWords(printable(text), COLUMNS - mark.length)
    .map((line, index) => `${index === 0 ? mark : indent}${line}\n`)
    .join('');
}

/** Widths that fit together: the widest columns give way first, all to the same width. */
function fitWidths(natural: readonly number[], available: number): number[] {
  const fits = (limit: number) =>
    natural.reduce((sum, width) => sum + Math.min(width, limit), 0) <= available;
  let limit = Math.max(...natural);
  while (limit > CELL_COLUMNS_MIN && !fits(limit)) limit -= 1;
  return natural.map((width) => Math.min(width, limit));
}

/** Rows as columns, within {@link COLUMNS}: what does not fit goes on in its own column on the next line. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  indent = '',
): string {
  const cells = [head, ...rows].map((row) => row.map(printable));
  const natural = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const widths = fitWidths(natural, COLUMNS - indent.length - GAP.length * (head.length - 1));
  return cells
    .flatMap((row) => {
      const wrapped = row.map((cell, column) => wrapWords(cell, widths[column] ?? COLUMNS, 'broken'));
      const height = Math.max(...wrapped.map((lines) => lines.length));
      return Array.from({ length: height }, (_, line) =>
        wrapped.map((lines, column) => (lines[line] ?? '').padEnd(widths[column] ?? 0)).join(GAP),
      );
    })
    .map((line) => `${indent}${line}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

/** Name and value pairs, aligned; what is undefined is left out. Long values go on under themselves. */
export function formatFields(
  fields: readonly (readonly [string, string | undefined])[],
  indent = '',
): string {
  const present = fields.filter((field): field is readonly [string, string] => field[1] !== undefined);
  const width = Math.max(0, ...present.map(([name]) => name.length));
  return present
    .map(([name, value]) => formatParagraph(`${indent}${printable(name).padEnd(width)}${GAP}`, value))
    .join('');
}

/** At most `columns`, with the sign that something is missing. */
export function clip(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1).toWellFormed()}…`;
}
