import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SqlValue } from '../sql-value.ts';

const STATEMENTS_MAX = 100;

/** A row of a statement that returns arrays, which the types of node:sqlite do not know. */
export function cellsOf(row: unknown): SqlValue[] {
  if (Array.isArray(row)) return row;
  throw new TypeError('A row is an array here.');
}

/** Prepared statements by their text. All texts are ours, with `?` for values, so there are few. */
export class StatementCache {
  readonly #database: DatabaseSync;
  readonly #byText = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  prepare(sql: string): StatementSync {
    const known = this.#byText.get(sql);
    if (known !== undefined) return known;
    if (this.#byText.size >= STATEMENTS_MAX) this.#byText.clear();
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    this.#byText.set(sql, statement);
    return statement;
  }
}
