import { expect, test } from 'vitest';
import { readHtmlTables } from './html-tables.ts';

test('a table inside a cell is a part of the cell', () => {
  const html =
    '<table><tr><th> Rule </th><th><b>Text</b></th></tr><tr><td>r1</td><td>a<table><tr><td>x</td></tr></table>b</td></tr></table>';
  expect(readHtmlTables(html)).toEqual([
    { columns: ['rule', 'text'], rows: [['r1', 'a<table><tr><td>x</td></tr></table>b']] },
  ]);
});

test('end tags may be missing, and tables follow each other', () => {
  const html = '<table><tr><td>1<td>2<tr><td>3</table><p><td>outside</td><table><tr><td>4</table>';
  expect(readHtmlTables(html).map(({ rows }) => rows)).toEqual([[['1', '2'], ['3']], [['4']]]);
});

test('a table that never ends is none, and a megabyte of tags is read in time', () => {
  expect(readHtmlTables('<table><tr><td>1')).toEqual([]);
  const start = performance.now();
  for (const piece of ['<table>', '<td', '</td>', '<tr><td>', '<']) readHtmlTables(piece.repeat(200_000));
  expect(performance.now() - start).toBeLessThan(5_000);
});
