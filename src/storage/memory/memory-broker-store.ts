import type { BrokerStore, CommitResult, Intent, Lease, LeaseFilter } from '#broker/ports.ts';
import { eventToRow } from '../event-row.ts';
import { type IntentRow, intentToRow } from '../intent-row.ts';
import { changeToRow } from '../lease-change.ts';
import { leaseFromRow, leaseToRow, OPEN_STATES } from '../lease-row.ts';
import { countCharacters, integer, type SqlValue } from '../sql-value.ts';
import { fromStoredText } from '../stored-text.ts';
import { clampLimit } from '../window.ts';
import { refuseTaken } from './refuse-taken.ts';

interface Claim {
  holder: SqlValue;
  decision: string;
  lease: string;
  expiresAtMs: number;
}

interface State {
  claims: Map<string, Claim>;
  leases: Map<string, Lease>;
  appendEvents: (rows: readonly SqlValue[][]) => void;
}

export function createMemoryBrokerStore(appendEvents: (rows: readonly SqlValue[][]) => void): BrokerStore {
  const state: State = { claims: new Map(), leases: new Map(), appendEvents };
  const { leases } = state;
  return {
    commit: async (intent) => commit(state, intent),
    transition: async (leaseId, from, change, events) => {
      countCharacters(changeToRow(change));
      const rows = events.map(eventToRow);
      const lease = leases.get(leaseId);
      if (lease === undefined || !from.includes(lease.state)) return false;
      leases.set(leaseId, { ...lease, ...change });
      appendEvents(rows);
      return true;
    },
    lease: async (id) => copy(leases.get(id)),
    leases: async (filter) => list(leases, filter),
    dueLeases: async (nowMs, limit) =>
      [...leases.values()]
        .filter((lease) => lease.revocable && OPEN_STATES.includes(lease.state) && lease.dueAtMs <= nowMs)
        .sort((one, other) => one.dueAtMs - other.dueAtMs || compareIds(one, other))
        .slice(0, clampLimit(limit))
        .map(copyLease),
    purge: async (nowMs) => purge(state, integer(nowMs, 'nowMs')),
  };
}

function commit(state: State, intent: Intent): CommitResult {
  const row = intentToRow(intent);
  const { claims, leases } = state;
  const { tokenKey, proofKey, retryKey } = row;
  const first = claims.get(tokenKey);
  if (first !== undefined && (retryKey === null || row.holder === null || first.holder !== row.holder)) {
    return { status: 'replayed', decision: fromStoredText(first.decision) };
  }
  if (proofKey !== null && claims.has(proofKey)) return { status: 'proof_replayed' };
  const earlier = retryKey === null ? undefined : claims.get(retryKey);
  if (earlier !== undefined) return repeat(state, row, earlier, first !== undefined);
  refuseTaken(leases, intent.lease.id);
  for (const key of [tokenKey, proofKey, retryKey]) {
    if (key !== null && !claims.has(key)) claims.set(key, claimOf(row));
  }
  leases.set(intent.lease.id, leaseFromRow(row.lease));
  state.appendEvents(row.events);
  return { status: 'committed' };
}

function repeat(state: State, row: IntentRow, earlier: Claim, tokenKnown: boolean): CommitResult {
  const lease = copy(state.leases.get(fromStoredText(earlier.lease)));
  if (!tokenKnown || lease === undefined) {
    return { status: 'replayed', decision: fromStoredText(earlier.decision) };
  }
  if (row.proofKey !== null) state.claims.set(row.proofKey, claimOf(row));
  return { status: 'repeated', lease };
}

function claimOf(row: IntentRow): Claim {
  const { holder, decision, expiresAtMs } = row;
  return { holder, decision, expiresAtMs, lease: String(row.lease[0]) };
}

function list(leases: ReadonlyMap<string, Lease>, filter: LeaseFilter): Lease[] {
  const { states, beforeId, resource, credentialProvider, principal, decision } = filter;
  return [...leases.values()]
    .filter((lease) => states === undefined || states.includes(lease.state))
    .filter((lease) => beforeId === undefined || lease.id < beforeId)
    .filter((lease) => resource === undefined || lease.resource === resource)
    .filter((lease) => credentialProvider === undefined || lease.credentialProvider === credentialProvider)
    .filter((lease) => principal === undefined || lease.principal === principal)
    .filter((lease) => decision === undefined || lease.decision === decision)
    .sort((one, other) => -compareIds(one, other))
    .slice(0, clampLimit(filter.limit))
    .map(copyLease);
}

function purge({ claims, leases }: State, nowMs: number): number {
  let count = 0;
  for (const [key, { expiresAtMs }] of claims) {
    if (expiresAtMs < nowMs && claims.delete(key)) count += 1;
  }
  for (const lease of leases.values()) {
    if (lease.revocable || !OPEN_STATES.includes(lease.state) || lease.expiresAtMs >= nowMs) continue;
    lease.state = 'expired';
    lease.endedAtMs = lease.expiresAtMs;
    count += 1;
  }
  return count;
}

function compareIds(one: Lease, other: Lease): number {
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}

function copy(lease: Lease | undefined): Lease | undefined {
  return lease && copyLease(lease);
}

function copyLease(lease: Lease): Lease {
  return leaseFromRow(leaseToRow(lease));
}
