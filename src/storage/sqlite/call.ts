import type { CommitResult } from '#broker/ports.ts';
import type { IntentRow } from '../intent-row.ts';
import { COMMITTED, PROOF_REPLAYED, REPLAYED } from '../intent-row.ts';
import { leaseFromRow } from '../lease-row.ts';
import type { SqlStep } from '../sql-database.ts';
import { countCharacters, readText, type SqlValue } from '../sql-value.ts';

/**
 * Calls travel to the worker as one flat array of primitives per batch, `code, …`, since that is several
 * times cheaper to clone than objects. `COMMIT` has the shape of {@link commitToCells}; `EXECUTE` is the
 * number of steps and for each its SQL, the number of its values and the values. `PURGE_CLAIMS` is the row
 * after which to begin, how many rows to look at, and the time.
 */
export const COMMIT = 0;
export const EXECUTE = 1;
export const PURGE_CLAIMS = 2;

/**
 * `EXECUTE`: rows changed by the first step. `COMMIT`: when it is committed, minus the sequence of its last event, else
 * a status alone or with its facts. `PURGE_CLAIMS`: rows removed, and the last row that was looked at.
 */
export type CallResult = number | SqlValue[];

export interface Call {
  cells: readonly SqlValue[];
  characters: number;
}

export function commitCall(row: IntentRow): Call {
  const cells: SqlValue[] = [
    COMMIT,
    row.tokenKey,
    row.proofKey,
    row.retryKey,
    row.holder,
    row.decision,
    row.expiresAtMs,
    ...row.lease,
    row.events.length,
  ];
  for (const event of row.events) cells.push(...event);
  return { cells, characters: row.characters };
}

export function executeCall(steps: readonly SqlStep[]): Call {
  const cells: SqlValue[] = [EXECUTE, steps.length];
  for (const { sql, values } of steps) cells.push(sql, values.length, ...values);
  return { cells, characters: countCharacters(cells) };
}

export function purgeClaimsCall(after: number, count: number, nowMs: number): Call {
  return { cells: [PURGE_CLAIMS, after, count, nowMs], characters: 32 };
}

/** Of the events of a commit, which are numbered one after the other; undefined when it was refused. */
export function lastSequenceOf(result: CallResult): number | undefined {
  return typeof result === 'number' && result <= COMMITTED ? -result : undefined;
}

export function commitResultOf(result: CallResult): CommitResult {
  const [status, ...facts] = typeof result === 'number' ? [result] : result;
  if (lastSequenceOf(result) !== undefined) return { status: 'committed' };
  if (status === PROOF_REPLAYED) return { status: 'proof_replayed' };
  if (status === REPLAYED) return { status: 'replayed', decision: readText(facts[0]) };
  return { status: 'repeated', lease: leaseFromRow(facts) };
}
