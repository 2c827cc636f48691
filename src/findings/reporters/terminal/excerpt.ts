import type { Location } from '../../finding.ts';
import { visible } from '../plain-text.ts';
import type { Paint } from './paint.ts';

interface Window {
  readonly text: string;
  readonly mark: string;
}

/** One line cut to the columns that there are, with the marked part in sight. */
function cut(line: string, from: number, to: number, columns: number): Window {
  const shownFrom = visible(line.slice(0, from)).length;
  const shownTo = shownFrom + Math.max(1, visible(line.slice(from, to)).length);
  const text = visible(line);
  const start = shownTo <= columns ? 0 : Math.max(0, Math.min(shownFrom - 8, text.length - columns));
  const head = start > 0 ? '…' : '';
  const end = start + columns - head.length;
  const body = text.length > end ? `${text.slice(start, end - 1)}…` : text.slice(start);
  const length = Math.max(1, Math.min(shownTo, end) - shownFrom);
  return {
    text: `${head}${body}`,
    mark: `${' '.repeat(head.length + shownFrom - start)}${'^'.repeat(length)}`,
  };
}

/** The lines of a location with the part in question underlined. */
export function renderExcerpt(location: Location, columns: number, paint: Paint): string[] {
  const { firstLine, lines } = location.excerpt;
  const gutter = String(firstLine + lines.length - 1).length;
  const room = Math.max(20, columns - gutter - 5);
  const rows: string[] = [];
  for (const [index, line] of lines.entries()) {
    const number = firstLine + index;
    const first = number === location.start.line;
    const from = first ? location.start.column - 1 : line.length - line.trimStart().length;
    const to = number === location.end.line ? location.end.column - 1 : line.trimEnd().length;
    const window = cut(line, Math.min(from, line.length), Math.max(from, Math.min(to, line.length)), room);
    rows.push(`  ${paint.dim(String(number).padStart(gutter))} ${paint.dim('│')} ${window.text.trimEnd()}`);
    // A block of many lines is shown by its first ones; marking each would hide the text.
    if (first) rows.push(`  ${' '.repeat(gutter)} ${paint.dim('│')} ${paint.mark(window.mark)}`);
  }
  if (location.end.line > firstLine + lines.length - 1)
    rows.push(`  ${' '.repeat(gutter)} ${paint.dim('⋮')}`);
  return rows;
}
