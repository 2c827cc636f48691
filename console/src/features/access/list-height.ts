const SHORT_ROWS_MAX = 20;
const LONG_LIST_PX = 640;

/** A short list is as high as its rows, so that nothing scrolls inside of the page; a long one scrolls by itself. */
export function listHeight(rows: number): number | 'auto' {
  return rows <= SHORT_ROWS_MAX ? 'auto' : LONG_LIST_PX;
}
