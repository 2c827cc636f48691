import type { Lease, LeaseState } from '#broker/ports.ts';
import type { Handle } from '#credentials/provider.ts';
import { toStoredText } from './stored-text.ts';
import {
  integer,
  integerOrNull,
  readChoice,
  readInteger,
  readJsonText,
  readOptionalInteger,
  readOptionalText,
  readText,
  type SqlValue,
  textOrNull,
} from './sql-value.ts';

export const LEASE_COLUMNS = [
  'id',
  'decision',
  'state',
  'resource',
  'credential_provider',
  'principal',
  'workload',
  'holder',
  'handle',
  'revocable',
  'created_at_ms',
  'expires_at_ms',
  'expires_at_ms_max',
  'ended_at_ms',
  'due_at_ms',
  'attempts',
  'last_error',
] as const;

export const LEASE_STATES: readonly LeaseState[] = [
  'pending',
  'active',
  'revoking',
  'revoked',
  'expired',
  'failed',
  'irrevocable',
];

/** States in which something is still to be done about a lease. */
export const OPEN_STATES: readonly LeaseState[] = ['pending', 'active', 'revoking'];

export function leaseToRow(lease: Lease): SqlValue[] {
  return [
    toStoredText(lease.id),
    toStoredText(lease.decision),
    lease.state,
    toStoredText(lease.resource),
    toStoredText(lease.credentialProvider),
    toStoredText(lease.principal),
    toStoredText(lease.workload),
    textOrNull(lease.holder),
    JSON.stringify(lease.handle),
    lease.revocable ? 1 : 0,
    integer(lease.createdAtMs, 'createdAtMs'),
    integer(lease.expiresAtMs, 'expiresAtMs'),
    integer(lease.expiresAtMsMax, 'expiresAtMsMax'),
    integerOrNull(lease.endedAtMs, 'endedAtMs'),
    integer(lease.dueAtMs, 'dueAtMs'),
    integer(lease.attempts, 'attempts'),
    textOrNull(lease.lastError),
  ];
}

/** The inverse of {@link leaseToRow}. */
export function leaseFromRow(row: readonly SqlValue[]): Lease {
  const handle: Handle = JSON.parse(readJsonText(row[8]));
  return {
    id: readText(row[0]),
    decision: readText(row[1]),
    state: readChoice(row[2], LEASE_STATES),
    resource: readText(row[3]),
    credentialProvider: readText(row[4]),
    principal: readText(row[5]),
    workload: readText(row[6]),
    holder: readOptionalText(row[7]),
    handle,
    revocable: row[9] === 1,
    createdAtMs: readInteger(row[10]),
    expiresAtMs: readInteger(row[11]),
    expiresAtMsMax: readInteger(row[12]),
    endedAtMs: readOptionalInteger(row[13]),
    dueAtMs: readInteger(row[14]),
    attempts: readInteger(row[15]),
    lastError: readOptionalText(row[16]),
  };
}
