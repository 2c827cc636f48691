/** A table of an HTML report: its cells as HTML, of which a table inside a cell is a part. */
export interface HtmlTable {
  /** Lower case, without markup. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface OpenTable {
  columns: string[];
  rows: string[][];
  row: string[];
  /** Where the cell that is open began, behind its tag. */
  cellAt: number | undefined;
  cellIsHead: boolean;
}

const ROWS_MAX = 200_000;
const TAG = /<(\/?)(table|tr|td|th)\b[^<>]{0,2000}>/gi;

function closeCell(table: OpenTable, html: string, end: number): void {
  if (table.cellAt === undefined) return;
  const cell = html.slice(table.cellAt, end);
  if (table.cellIsHead)
    table.columns.push(
      cell
        .replaceAll(/<[^<>]{0,500}>/g, '')
        .trim()
        .toLowerCase(),
    );
  else table.row.push(cell);
  table.cellAt = undefined;
}

function closeRow(table: OpenTable, html: string, end: number): void {
  closeCell(table, html, end);
  if (table.row.length > 0 && table.rows.length < ROWS_MAX) table.rows.push(table.row);
  table.row = [];
}

/** The outermost tables of a document, in one pass; end tags may be missing as HTML allows. */
export function readHtmlTables(html: string): readonly HtmlTable[] {
  const tables: HtmlTable[] = [];
  let open: OpenTable | undefined;
  let inner = 0;
  for (const { index, 0: tag, 1: slash, 2: name = '' } of html.matchAll(TAG)) {
    const kind = name.toLowerCase();
    const closes = slash === '/';
    if (kind === 'table' && !closes) {
      if (open !== undefined) inner += 1;
      else open = { columns: [], rows: [], row: [], cellAt: undefined, cellIsHead: false };
    } else if (kind === 'table' && inner > 0) inner -= 1;
    else if (open === undefined || inner > 0) continue;
    else if (kind === 'table') {
      closeRow(open, html, index);
      tables.push({ columns: open.columns, rows: open.rows });
      open = undefined;
    } else if (kind === 'tr') closeRow(open, html, index);
    else {
      closeCell(open, html, index);
      if (!closes) Object.assign(open, { cellAt: index + tag.length, cellIsHead: kind === 'th' });
    }
  }
  return tables;
}
