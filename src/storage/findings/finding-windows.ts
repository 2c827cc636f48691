import type { SqlDatabase } from '../sql-database.ts';
import type { SqlValue } from '../sql-value.ts';
import { toStoredText } from '../stored-text.ts';
import { Conditions, WINDOW_ROWS } from '../window.ts';

type Place = readonly SqlValue[];

/**
 * All findings, in portions of {@link WINDOW_ROWS}, worst first: a filter that few rows pass must not hold the store up
 * while all of them are looked at. Each portion is given as the conditions that bound it.
 */
export async function* findingWindows(
  database: Pick<SqlDatabase, 'query'>,
  repository?: string,
  start?: Place,
): AsyncGenerator<Conditions> {
  for (let from = start; ; ) {
    const bounds = new Conditions().addEqual('f.repository', repository && toStoredText(repository));
    if (from !== undefined) bounds.add('(f.severity, f.id) < (?, ?)', ...from);
    const end: Place | undefined = await lastOfWindow(database, bounds);
    if (end !== undefined) bounds.add('(f.severity, f.id) >= (?, ?)', ...end);
    yield bounds;
    if (end === undefined) return;
    from = end;
  }
}

/** Undefined when the rest is shorter than a window. */
async function lastOfWindow(
  database: Pick<SqlDatabase, 'query'>,
  bounds: Conditions,
): Promise<Place | undefined> {
  const [row] = await database.query(
    `SELECT f.severity, f.id FROM finding f WHERE ${bounds.sql}
     ORDER BY f.severity DESC, f.id DESC LIMIT 1 OFFSET ${WINDOW_ROWS - 1}`,
    bounds.values,
  );
  return row;
}
