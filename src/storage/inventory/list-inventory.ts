import type { InventoryFilter, ListPosition, Page, PageRequest, PipelineFilter } from '#inventory/ports.ts';
import type { SqlDatabase } from '../sql-database.ts';
import { integer, readInteger, readText, type SqlValue } from '../sql-value.ts';
import { toStoredText } from '../stored-text.ts';
import { clampLimit, Conditions } from '../window.ts';
import { wordPattern } from '../word-pattern.ts';
import { severityNumber } from './inventory-row.ts';

type Queryable = Pick<SqlDatabase, 'query'>;

/** `%` and `_` are letters like any other. */
function addSearch(conditions: Conditions, column: string, search: string | undefined): Conditions {
  if (search === undefined) return conditions;
  return conditions.add(`${column} LIKE ? ESCAPE '!'`, wordPattern(search.toLowerCase()));
}

function addSeverities(conditions: Conditions, column: string, filter: InventoryFilter): Conditions {
  const { severities } = filter;
  if (severities === undefined) return conditions;
  const marks = severities.map(() => '?').join(', ') || 'NULL';
  return conditions.add(`${column} IN (${marks})`, ...severities.map(severityNumber));
}

/** Behind a place in the order `rank DESC, repository, item`. */
function addAfter(
  conditions: Conditions,
  columns: readonly [string, string, string],
  after: ListPosition,
): void {
  const [rank, repository, item] = columns;
  const [name, key] = [toStoredText(after.repository), toStoredText(after.item)];
  const at = integer(after.rank, 'rank');
  conditions.add(
    `(${rank} < ? OR (${rank} = ? AND (${repository} > ? OR (${repository} = ? AND ${item} > ?))))`,
    at,
    at,
    name,
    name,
    key,
  );
}

/** Conditions on `inventory_repository r`. */
export function repositoryConditions(filter: InventoryFilter, after: ListPosition | undefined): Conditions {
  const conditions = new Conditions()
    .addScope('r.name', filter.scope)
    .addEqual('r.name', filter.repository === undefined ? undefined : toStoredText(filter.repository));
  addSearch(conditions, 'r.search', filter.search);
  addSeverities(conditions, 'r.worst', filter);
  const { platforms } = filter;
  if (platforms !== undefined) {
    const any = platforms.map(() => `r.platforms LIKE ? ESCAPE '!'`).join(' OR ') || '1 = 0';
    conditions.add(`(${any})`, ...platforms.map((each) => wordPattern(`,${each},`)));
  }
  if (after !== undefined) addAfter(conditions, ['r.rank', 'r.name', "''"], after);
  return conditions;
}

export type ItemKind = 'pipeline' | 'attack' | 'credential';

/** Of the inspection that counts. */
const ITEMS = `inventory_item i JOIN inventory_repository r ON r.name = i.repository AND r.inspection = i.inspection`;

export async function listItems<Row>(
  database: Queryable,
  kind: ItemKind,
  { filter, topics }: { readonly filter: PipelineFilter; readonly topics?: readonly string[] | undefined },
  { after, limit: wanted }: PageRequest,
  read: (content: SqlValue | undefined, repository: string) => Promise<Row>,
): Promise<Page<Row>> {
  const limit = clampLimit(wanted);
  const conditions = new Conditions()
    .add('i.kind = ?', kind)
    .addScope('i.repository', filter.scope)
    .addEqual('i.repository', filter.repository === undefined ? undefined : toStoredText(filter.repository))
    .addChoice('i.platform', filter.platforms)
    .addChoice('i.topic', topics);
  addSearch(conditions, 'i.search', filter.search);
  addSeverities(conditions, 'i.worst', filter);
  if (filter.outsiders === true) conditions.add('i.is_open = 1');
  if (filter.attacked === true) conditions.add('i.attacked = 1');
  if (after !== undefined) addAfter(conditions, ['i.rank', 'i.repository', 'i.item'], after);
  const rows = await database.query(
    `SELECT i.rank, i.repository, i.item, i.content FROM ${ITEMS} WHERE ${conditions.sql}
     ORDER BY i.rank DESC, i.repository, i.item LIMIT ?`,
    [...conditions.values, limit],
  );
  const last = rows.length < limit ? undefined : rows.at(-1);
  return {
    rows: await Promise.all(rows.map((row) => read(row[3], readText(row[1])))),
    next: last && { rank: readInteger(last[0]), repository: readText(last[1]), item: readText(last[2]) },
  };
}

/** The content of one item; undefined when the newest inspection does not have it. */
export async function findItem(
  database: Queryable,
  kind: ItemKind,
  repository: string,
  item: string,
): Promise<SqlValue | undefined> {
  const [row] = await database.query(
    `SELECT i.content FROM ${ITEMS} WHERE r.name = ? AND i.kind = ? AND i.item = ?`,
    [toStoredText(repository), kind, toStoredText(item)],
  );
  return row?.[0];
}

export async function findPart(
  database: Queryable,
  repository: string,
  part: string,
): Promise<SqlValue | undefined> {
  const [row] = await database.query(
    `SELECT p.content FROM inventory_part p JOIN inventory_repository r ON r.inspection = p.inspection
     WHERE r.name = ? AND p.part = ?`,
    [toStoredText(repository), toStoredText(part)],
  );
  return row?.[0];
}
