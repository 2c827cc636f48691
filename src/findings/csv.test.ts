import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cell, csvColumns, csvDelimiter, readCsv } from './csv.ts';
import { ReportContent } from './report-content.ts';

function records(text: string): readonly string[][] {
  return readCsv(text).rows.map((row) => [...row.values()]);
}

describe('reading a table', () => {
  test('quotes hold delimiters, line breaks and quotes (RFC 4180)', () => {
    expect(records('a,b\n"1,\n""2""",3\r\n4,5')).toEqual([
      ['1,\n"2"', '3'],
      ['4', '5'],
    ]);
  });

  test('columns are found in any case, by several names', () => {
    const [row] = readCsv('Component Name, SEVERITY\ncart,High\n').rows;
    expect(row && cell(row, 'nothing', 'component name')).toBe('cart');
    expect(row && cell(row, 'severity')).toBe('High');
  });

  test('a row with too few or too many values is told, and read', () => {
    const { rows, unevenLines } = readCsv('a,b\n1\n2,3,4\n');
    expect(unevenLines).toEqual([2, 3]);
    expect(rows.map((row) => [...row.values()])).toEqual([
      ['1', ''],
      ['2', '3'],
    ]);
  });

  test('empty lines are no rows, and text behind a quote is skipped', () => {
    expect(records('a,b\n\n,\n"1"x,2\n')).toEqual([['1', '2']]);
  });

  test('the delimiter is the one that stands most often outside quotes', () => {
    expect(csvDelimiter('a;b;"c,d,e,f"')).toBe(';');
    expect(csvDelimiter('a\tb\tc')).toBe('\t');
    expect(csvDelimiter('a')).toBe(',');
  });

  test('what is written is read again', () => {
    const value = fc.string().filter((text) => text.trim() !== '');
    const table = fc.array(fc.tuple(value, value), { minLength: 1 });
    fc.assert(
      fc.property(table, (rows) => {
        const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const text = ['a,b', ...rows.map((row) => row.map(quote).join(','))].join('\r\n');
        expect(records(text)).toEqual(rows);
      }),
    );
  });

  test('a quote that never closes and a megabyte of anything are read in time', () => {
    const start = performance.now();
    for (const piece of ['"', ',', '\n', '"a', 'a"', '""', '\r'])
      readCsv(`a,b\n${piece.repeat(1_000_000)}`, ',');
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  test('columns are those of the first line of a text with more than one', () => {
    const columns = (text: string) => csvColumns(new ReportContent('r.csv', Buffer.from(text)));
    expect(columns('ID;Name\n1;a')).toEqual(['id', 'name']);
    expect(columns('just a line')).toEqual([]);
    expect(columns('<a b=",,"/>')).toEqual([]);
  });
});
