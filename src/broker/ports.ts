import type { AuditEvent } from '#audit/event.ts';
import type { Handle } from '#credentials/provider.ts';

/**
 * pending: intent is durable, the back-end may or may not have acted · active: the credential may be in use ·
 * revoking: being undone · revoked, expired: undone · failed: never came to be · irrevocable: could not be
 * undone after all attempts, a person must.
 */
export type LeaseState = 'pending' | 'active' | 'revoking' | 'revoked' | 'expired' | 'failed' | 'irrevocable';

export interface Lease {
  id: string;
  decision: string;
  state: LeaseState;
  resource: string;
  /** Name of the credential provider in the configuration. */
  credentialProvider: string;
  /** Cedar principal id of the workload. */
  principal: string;
  /** What a list shows of the workload: `acme/shop@refs/heads/main`. */
  workload: string;
  /** JWK thumbprint (RFC 7638) of the key that the holder proved; undefined for a bearer lease. */
  holder: string | undefined;
  handle: Handle;
  /** True when ending it needs the back-end. */
  revocable: boolean;
  createdAtMs: number;
  expiresAtMs: number;
  /** Renewal cannot go past this. */
  expiresAtMsMax: number;
  endedAtMs: number | undefined;
  /** When the sweeper looks at it next: end of a pending lease's grace, its expiry, or the next attempt. */
  dueAtMs: number;
  attempts: number;
  lastError: string | undefined;
}

/** Everything that makes one credential's issuing durable, in one transaction. */
export interface Intent {
  /** One-time keys: the token, which its proven holder may bring again, and the DPoP proof, which nobody may. */
  replay: {
    tokenKey: string;
    proofKey: string | undefined;
    holder: string | undefined;
    decision: string;
    expiresAtMs: number;
  };
  lease: Lease;
  /** Same token, same holder, same resource: the retry finds the first lease. Undefined without a holder. */
  retryKey: string | undefined;
  events: readonly AuditEvent[];
}

export type CommitResult =
  | { status: 'committed' }
  /** The token was used before, and not by this holder; `decision` is that of its first use. */
  | { status: 'replayed'; decision: string }
  /** The DPoP proof was used before: nothing was written, though the token may be new. */
  | { status: 'proof_replayed' }
  /** The same holder asks again for the same: only the new proof was claimed, nothing else was written. */
  | { status: 'repeated'; lease: Lease };

export interface LeaseFilter {
  states?: readonly LeaseState[];
  resource?: string;
  credentialProvider?: string;
  principal?: string;
  decision?: string;
  /** Ids before this one (newest first). */
  beforeId?: string;
  /** At most 1,000. */
  limit: number;
}

export interface LeaseChange {
  state?: LeaseState;
  expiresAtMs?: number;
  endedAtMs?: number;
  dueAtMs?: number;
  attempts?: number;
  lastError?: string | undefined;
}

/**
 * The durable state of the broker. Every promise of a write resolves only when the write would survive a
 * power cut; when it cannot be made durable the promise rejects with {@link StoreError} and nothing of it
 * was kept. Implementations commit many calls in one transaction; each call stands or falls alone.
 */
export interface BrokerStore {
  commit(intent: Intent): Promise<CommitResult>;
  /** Compare and set: applies `change` and records `events` when the lease is in one of `from`; else returns false. */
  transition(
    leaseId: string,
    from: readonly LeaseState[],
    change: LeaseChange,
    events: readonly AuditEvent[],
  ): Promise<boolean>;
  lease(id: string): Promise<Lease | undefined>;
  leases(filter: LeaseFilter): Promise<Lease[]>;
  /** Revocable leases whose `dueAtMs` has passed, oldest first, in state pending, active or revoking. */
  dueLeases(nowMs: number, limit: number): Promise<Lease[]>;
  /** Forgets replay keys and ends unrevocable leases that expired before; returns how many rows went. */
  purge(nowMs: number): Promise<number>;
}
