import type { AuditEvent } from '#audit/event.ts';
import type { Intent, Lease } from '#broker/ports.ts';
import { newId } from '#core/ids.ts';
import type { StoredSession } from '#people/ports.ts';
import type { Storage } from '../storage.ts';

/** What a dialect gives to the contract suite: a store of its own for each test. */
export interface StorageHarness {
  storage: Storage;
  /** Closes the store and opens it again; undefined when it lasts only as long as it is open. */
  reopen: (() => Promise<Storage>) | undefined;
  dispose(): Promise<void>;
}

export type OpenHarness = () => Promise<StorageHarness>;

export const START_MS = 1_700_000_000_000;

let ticks = 0;
/** Each look is a millisecond later, so that ids made one after another also sort so. */
const tickingClock = {
  nowMs: () => {
    ticks += 1;
    return START_MS + ticks;
  },
};

export function makeEvent(overrides: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: newId('evt', tickingClock),
    timeMs: START_MS,
    type: 'decision.issued',
    actor: { kind: 'workload', id: 'github/1/2' },
    body: { note: 'made for a test' },
    ...overrides,
  };
}

export function makeLease(overrides: Partial<Lease> = {}): Lease {
  return {
    id: newId('lse', tickingClock),
    decision: newId('dec', tickingClock),
    state: 'active',
    resource: 'shop-db',
    credentialProvider: 'main-postgres',
    principal: 'github/1/2',
    workload: 'acme/shop@refs/heads/main',
    holder: undefined,
    handle: { role: 'vg_shop', attempts: 2, shared: false },
    revocable: true,
    createdAtMs: START_MS,
    expiresAtMs: START_MS + 900_000,
    expiresAtMsMax: START_MS + 3_600_000,
    endedAtMs: undefined,
    dueAtMs: START_MS + 900_000,
    attempts: 0,
    lastError: undefined,
    ...overrides,
  };
}

export interface IntentOverrides {
  token?: string;
  proof?: string;
  holder?: string;
  /** What of the token's holder this asks for; without it the intent has no retry key. */
  retry?: string;
  expiresAtMs?: number;
  lease?: Partial<Lease>;
  events?: readonly AuditEvent[];
}

export function makeIntent(overrides: IntentOverrides = {}): Intent {
  const {
    token = newId('key', tickingClock),
    proof,
    holder,
    retry,
    expiresAtMs = START_MS + 600_000,
  } = overrides;
  const lease = makeLease({ holder, ...overrides.lease });
  return {
    replay: { tokenKey: token, proofKey: proof, holder, decision: lease.decision, expiresAtMs },
    retryKey: retry,
    lease,
    events: overrides.events ?? [makeEvent({ decision: lease.decision, lease: lease.id })],
  };
}

export function makeSession(overrides: Partial<StoredSession> = {}): StoredSession {
  return {
    id: newId('ses', tickingClock),
    tokenHash: newId('key', tickingClock),
    subject: 'admin',
    name: undefined,
    signedInBy: 'link',
    issuer: undefined,
    groups: [],
    browser: false,
    client: undefined,
    sourceIp: undefined,
    createdAtMs: START_MS,
    expiresAtMs: START_MS + 3_600_000,
    lastUsedAtMs: START_MS,
    revokedAtMs: undefined,
    ...overrides,
  };
}
