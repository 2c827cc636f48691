import type { CommitResult } from '#broker/ports.ts';
import { EVENT_COLUMNS } from '../event-row.ts';
import type { IntentRow } from '../intent-row.ts';
import { PROOF_REPLAYED, REPEATED } from '../intent-row.ts';
import { CHANGE_COLUMNS } from '../lease-change.ts';
import { findLease } from '../lease-queries.ts';
import { LEASE_COLUMNS } from '../lease-row.ts';
import { readInteger, readText, type SqlValue } from '../sql-value.ts';
import type { PostgresConnections } from './connections.ts';

/** One compare-and-set on a lease. */
export interface TransitionRow {
  id: string;
  fromStates: string;
  change: SqlValue[];
  events: SqlValue[][];
}

type Record = { [name: string]: SqlValue };

/** One statement for all of them. @throws StoreError */
export async function commitIntents(
  connections: PostgresConnections,
  intents: readonly IntentRow[],
): Promise<CommitResult[]> {
  const lost = await connections.query('SELECT * FROM commit_intents_v1(?, ?, ?)', [
    JSON.stringify(intents.map(claimRecord)),
    JSON.stringify(intents.map(({ lease }, call) => record(LEASE_COLUMNS, lease, { call }))),
    eventRecords(intents),
  ]);
  const results: CommitResult[] = intents.map(() => ({ status: 'committed' }));
  for (const row of lost) results[readInteger(row[0])] = await lossOf(connections, row);
  return results;
}

/** True for each that found its lease in one of the states it named. @throws StoreError */
export async function applyTransitions(
  connections: PostgresConnections,
  transitions: readonly TransitionRow[],
): Promise<boolean[]> {
  const applied = await connections.query('SELECT apply_transitions_v1(?, ?)', [
    JSON.stringify(
      transitions.map(({ id, fromStates, change }, call) =>
        record(CHANGE_COLUMNS, change, { call, id, from_states: fromStates }),
      ),
    ),
    eventRecords(transitions),
  ]);
  const calls = new Set(applied.map((row) => row[0]));
  return transitions.map((_, call) => calls.has(call));
}

/** @throws StoreError */
export async function appendEvents(
  connections: PostgresConnections,
  batches: readonly SqlValue[][][],
): Promise<true[]> {
  await connections.query('SELECT append_events_v1(?)', [
    eventRecords(batches.map((events) => ({ events }))),
  ]);
  return batches.map(() => true);
}

function claimRecord(intent: IntentRow, call: number): Record {
  return {
    call,
    token: intent.tokenKey,
    proof: intent.proofKey,
    retry: intent.retryKey,
    holder: intent.holder,
    decision: intent.decision,
    lease: intent.lease[0] ?? null,
    expires_at_ms: intent.expiresAtMs,
  };
}

export function eventRecords(calls: readonly { events: readonly SqlValue[][] }[]): string {
  let position = 0;
  const records = calls.flatMap(({ events }, call) =>
    events.map((event) => {
      position += 1;
      return record(EVENT_COLUMNS, event, { position, call });
    }),
  );
  return JSON.stringify(records);
}

function record(names: readonly string[], values: readonly SqlValue[], start: Record): Record {
  const made = { ...start };
  for (const [index, name] of names.entries()) {
    const value = values[index];
    // What is left out is NULL there.
    if (value !== null && value !== undefined) made[name] = value;
  }
  return made;
}

async function lossOf(connections: PostgresConnections, row: readonly SqlValue[]): Promise<CommitResult> {
  const status = readInteger(row[1]);
  if (status === PROOF_REPLAYED) return { status: 'proof_replayed' };
  if (status !== REPEATED) return { status: 'replayed', decision: readText(row[2]) };
  const lease = await findLease(connections, readText(row[3]));
  return lease === undefined ? { status: 'replayed', decision: '' } : { status: 'repeated', lease };
}
