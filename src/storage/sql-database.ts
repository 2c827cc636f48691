import type { SqlValue } from './sql-value.ts';

export interface SqlStep {
  /** With `?` for each value, in order; in the part of SQL that both dialects share. */
  sql: string;
  values: readonly SqlValue[];
}

/** The little that the rare tables need, so that they are written once for both dialects. */
export interface SqlDatabase {
  /** Rows as arrays in the order of the columns. Sees every write whose promise has resolved. */
  query(sql: string, values: readonly SqlValue[]): Promise<SqlValue[][]>;
  /**
   * All steps in one durable transaction, in order; a step that changes no row ends it early without an
   * error. Resolves to how many rows the first step changed.
   */
  execute(steps: readonly SqlStep[]): Promise<number>;
}
