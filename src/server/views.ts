import type { Event } from '#api/event.ts';
import type { Fact } from '#api/fact.ts';
import type { Lease as LeaseView, LeaseState } from '#api/lease.ts';
import type { Refusal } from '#api/subject.ts';
import type { RecordedEvent } from '#audit/event.ts';
import type { Lease } from '#broker/ports.ts';
import type { Fact as FactOfRefusal, TokenRefusal } from '#identity/refusal.ts';

// The last moment that a Date can hold (ECMA-262 §21.4.1.1); beyond it toISOString throws.
const MOMENT_MS_MAX = 8_640_000_000_000_000;

export function momentOf(timeMs: number): string {
  return new Date(Math.min(timeMs, MOMENT_MS_MAX)).toISOString();
}

export function momentOrNull(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : momentOf(timeMs);
}

export function factsOf(facts: readonly FactOfRefusal[]): Fact[] {
  return facts.map(({ name, expected, received }) => ({ name, expected, received: received ?? null }));
}

export function refusalOf(refusal: TokenRefusal): Refusal {
  const { code, message, facts, remedy, retryable } = refusal;
  return { code, message, facts: factsOf(facts), remedy, retryable };
}

/**
 * The state that people are shown. What needs no revocation ends by itself, and its row is only tidied up
 * later: once its time has passed it is expired.
 */
export function stateOf(lease: Lease, nowMs: number): LeaseState {
  return lease.state === 'active' && !lease.revocable && lease.expiresAtMs <= nowMs ? 'expired' : lease.state;
}

export function leaseView(lease: Lease, nowMs: number): LeaseView {
  return {
    id: lease.id,
    decision: lease.decision,
    state: stateOf(lease, nowMs),
    resource: lease.resource,
    credentialProvider: lease.credentialProvider,
    principal: lease.principal,
    workload: lease.workload,
    holder: lease.holder ?? null,
    handle: { ...lease.handle },
    revocable: lease.revocable,
    createdAt: momentOf(lease.createdAtMs),
    expiresAt: momentOf(lease.expiresAtMs),
    expiresAtMax: momentOf(lease.expiresAtMsMax),
    endedAt: momentOrNull(lease.endedAtMs),
    attempts: lease.attempts,
    lastError: lease.lastError ?? null,
  };
}

export function eventView(event: RecordedEvent): Event {
  const { timeMs, ...rest } = event;
  return { ...rest, time: momentOf(timeMs) };
}
