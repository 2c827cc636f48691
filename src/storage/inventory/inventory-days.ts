import type { RepositoryScope } from '#core/repository-scope.ts';
import type { DayFigures, InventoryTotals } from '#inventory/ports.ts';
import type { SqlDatabase } from '../sql-database.ts';
import { integer, readInteger, readText, type SqlValue } from '../sql-value.ts';
import { Conditions } from '../window.ts';
import { FIGURES, figuresFrom } from './inventory-row.ts';

type Queryable = Pick<SqlDatabase, 'query'>;

const DAY_MS = 86_400_000;
const DAYS_MAX = 366;
const ROWS_MAX = 200_000;

const SUMS = FIGURES.map((column) => `coalesce(sum(${column}), 0)`).join(', ');

export async function readTotals(database: Queryable, scope: RepositoryScope): Promise<InventoryTotals> {
  const conditions = new Conditions().addScope('name', scope);
  const [row = []] = await database.query(
    `SELECT count(*), coalesce(sum(open_pipelines), 0), coalesce(sum(attacked_pipelines), 0),
       coalesce(sum(replaceable), 0), ${SUMS} FROM inventory_repository WHERE ${conditions.sql}`,
    conditions.values,
  );
  const [repositories, openPipelines, attackedPipelines, replaceable, ...figures] = row;
  return {
    repositories: Number(repositories),
    openPipelines: Number(openPipelines),
    attackedPipelines: Number(attackedPipelines),
    replaceableCredentials: Number(replaceable),
    ...figuresFrom(figures.map(Number)),
  };
}

/** Figures by repository, and their sums, as they stand while one walks through the days. */
class Standing {
  readonly #latest = new Map<string, readonly number[]>();
  readonly #sums: number[] = FIGURES.map(() => 0);

  put([repository, , ...values]: readonly SqlValue[]): void {
    const name = readText(repository);
    const before = this.#latest.get(name);
    const now = values.map(readInteger);
    this.#latest.set(name, now);
    for (const [at, value] of now.entries()) {
      this.#sums[at] = (this.#sums[at] ?? 0) + value - (before?.[at] ?? 0);
    }
  }

  at(day: number): DayFigures {
    return {
      day: new Date(day * DAY_MS).toISOString().slice(0, 10),
      repositories: this.#latest.size,
      ...figuresFrom(this.#sums),
    };
  }
}

const COLUMNS = ['repository', 'day', ...FIGURES].map((column) => `d.${column}`).join(', ');

/** What stood before the first day, and everything since. */
async function readRows(database: Queryable, scope: RepositoryScope, from: number, to: number) {
  const inScope = () => new Conditions().addScope('d.repository', scope);
  const before = inScope().add(
    'd.day = (SELECT max(e.day) FROM inventory_day e WHERE e.repository = d.repository AND e.day < ?)',
    from,
  );
  const since = inScope().add('d.day >= ?', from).add('d.day <= ?', to);
  const [standing, rows] = await Promise.all(
    [before, since].map((each) =>
      database.query(
        `SELECT ${COLUMNS} FROM inventory_day d WHERE ${each.sql} ORDER BY d.day LIMIT ${ROWS_MAX}`,
        each.values,
      ),
    ),
  );
  return { standing: standing ?? [], rows: rows ?? [] };
}

export async function readDays(
  database: Queryable,
  scope: RepositoryScope,
  fromMs: number,
  toMs: number,
): Promise<DayFigures[]> {
  const to = Math.floor(integer(toMs, 'toMs') / DAY_MS);
  const from = Math.max(Math.floor(integer(fromMs, 'fromMs') / DAY_MS), to - DAYS_MAX + 1);
  const { standing, rows } = await readRows(database, scope, from, to);
  const figures = new Standing();
  for (const row of standing) figures.put(row);
  const days: DayFigures[] = [];
  let at = 0;
  for (let day = from; day <= to; day += 1) {
    for (let row = rows[at]; row !== undefined && readInteger(row[1]) <= day; row = rows[at]) {
      figures.put(row);
      at += 1;
    }
    days.push(figures.at(day));
  }
  return days;
}
