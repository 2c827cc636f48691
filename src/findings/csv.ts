import type { ReportContent } from './report-content.ts';

/** One line of a table by the names of its columns, which are lower case. */
export type CsvRow = ReadonlyMap<string, string>;

export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
  /** Lines with more or fewer values than columns, from 1. */
  readonly unevenLines: readonly number[];
}

const COLUMNS_MAX = 500;
const ROWS_MAX = 500_000;
const UNEVEN_MAX = 100;

/** The delimiter that stands most often in the first line, outside quotes. */
export function csvDelimiter(text: string): string {
  const line = (text.slice(0, 16_384).split(/\r?\n/, 1)[0] ?? '').replaceAll(/"[^"]*"/g, '');
  const counts = [',', ';', '\t', '|'].map((delimiter) => ({
    delimiter,
    count: line.split(delimiter).length - 1,
  }));
  return counts.reduce((best, each) => (each.count > best.count ? each : best)).delimiter;
}

/** End of a quoted value: the first quote that is not doubled (RFC 4180 §2.7), or the end of the text. */
function endOfQuoted(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at < 0 ? text.length : at;
}

/** One value and where the next thing starts. */
function readValue(text: string, at: number, delimiter: string): { value: string; end: number } {
  if (text[at] === '"') {
    const close = endOfQuoted(text, at + 1);
    const value = text.slice(at + 1, close).replaceAll('""', '"');
    return { value, end: Math.min(close + 1, text.length) };
  }
  let end = at;
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return { value: text.slice(at, end), end };
}

/** Values of one record (RFC 4180 §2) and where the next record starts. */
function readRecord(text: string, from: number, delimiter: string): { values: string[]; next: number } {
  const values: string[] = [];
  let at = from;
  for (;;) {
    const { value, end } = readValue(text, at, delimiter);
    if (values.length <= COLUMNS_MAX) values.push(value);
    at = end;
    // Text behind a closing quote is no CSV; it is skipped, so that the columns behind it stay right.
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at += 1;
    if (text[at] !== delimiter) break;
    at += 1;
  }
  if (text[at] === '\r') at += 1;
  if (text[at] === '\n') at += 1;
  return { values, next: Math.max(at, from + 1) };
}

/**
 * Reads a table with a line of column names (RFC 4180, also with `;`, tab or `|`): one pass, at most 500 columns and
 * 500,000 rows. What is behind a limit is left out.
 */
export function readCsv(text: string, delimiter: string = csvDelimiter(text)): CsvTable {
  const head = readRecord(text, 0, delimiter);
  const columns = head.values.slice(0, COLUMNS_MAX).map((name) => name.trim().toLowerCase());
  const rows: CsvRow[] = [];
  const unevenLines: number[] = [];
  let at = head.next;
  let record = 1;
  while (at < text.length && rows.length < ROWS_MAX) {
    const { values, next } = readRecord(text, at, delimiter);
    at = next;
    record += 1;
    if (values.every((value) => value.trim() === '')) continue;
    if (values.length !== columns.length && unevenLines.length < UNEVEN_MAX) unevenLines.push(record);
    rows.push(new Map(columns.map((column, index) => [column, values[index] ?? ''])));
  }
  return { columns, rows, unevenLines };
}

/** Column names of a text, lower case, when its first line has a delimiter; nothing else is looked at. */
export function csvColumns(content: ReportContent): readonly string[] {
  if (content.shape !== 'text') return [];
  const text = content.text.slice(0, 16_384);
  const delimiter = csvDelimiter(text);
  const { values } = readRecord(text, 0, delimiter);
  return values.length < 2 ? [] : values.map((name) => name.trim().toLowerCase());
}

/** The first value that is not empty, of several columns. */
export function cell(row: CsvRow, ...columns: readonly string[]): string | undefined {
  for (const column of columns) {
    const value = row.get(column)?.trim();
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}
