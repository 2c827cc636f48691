import type { RepositoryScope } from '#core/repository-scope.ts';
import type { SqlValue } from './sql-value.ts';
import { toStoredText } from './stored-text.ts';

/** Rows that one query may look at where no index helps, so that no reader holds the store up for long. */
export const WINDOW_ROWS = 20_000;
export const LIST_ROWS_MAX = 1_000;

export function clampLimit(limit: number): number {
  return Math.max(0, Math.min(LIST_ROWS_MAX, Math.trunc(limit) || 0));
}

/** `AND`ed conditions with their values, collected in one place so that the two never get out of step. */
export class Conditions {
  readonly #sql: string[] = [];
  readonly #values: SqlValue[] = [];

  add(sql: string, ...values: SqlValue[]): this {
    this.#sql.push(sql);
    this.#values.push(...values);
    return this;
  }

  /** `column IN (…)`, or nothing at all when no choice was made. */
  addChoice(column: string, values: readonly string[] | undefined): this {
    if (values === undefined) return this;
    if (values.length === 0) return this.add('1 = 0');
    return this.add(`${column} IN (${values.map(() => '?').join(', ')})`, ...values);
  }

  /** `column = ?`, or nothing at all when there is no value. */
  addEqual(column: string, value: string | undefined): this {
    return value === undefined ? this : this.add(`${column} = ?`, value);
  }

  addAll(other: Conditions): this {
    return other.#sql.length === 0 ? this : this.add(other.sql, ...other.values);
  }

  /** Only rows whose repository is in the scope; see `isInScope`. */
  addScope(column: string, scope: RepositoryScope | undefined): this {
    if (scope === undefined || scope.kind === 'all') return this;
    if (scope.patterns.length === 0) return this.add('1 = 0');
    const stored = scope.patterns.map(toStoredText);
    // `0` comes right after `/`: everything that begins with the folder, and an index can tell.
    const parts = stored.map((pattern) =>
      pattern.endsWith('/*') ? `(${column} >= ? AND ${column} < ?)` : `${column} = ?`,
    );
    const values = stored.flatMap((pattern) =>
      pattern.endsWith('/*') ? [pattern.slice(0, -1), `${pattern.slice(0, -2)}0`] : [pattern],
    );
    return this.add(`(${parts.join(' OR ')})`, ...values);
  }

  copy(): Conditions {
    const copied = new Conditions();
    copied.#sql.push(...this.#sql);
    copied.#values.push(...this.#values);
    return copied;
  }

  get sql(): string {
    return this.#sql.length === 0 ? '1 = 1' : this.#sql.join(' AND ');
  }

  get values(): readonly SqlValue[] {
    return this.#values;
  }
}
