import type { AuditActor } from '#audit/event.ts';
import type { Clock } from '#core/clock.ts';
import { messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import { leaseEvent } from './decision-events.ts';
import type { BrokerStore, Lease, LeaseState } from './ports.ts';
import type { RuntimeSource } from './runtime.ts';
import { isUnreachable, withinTime } from './within-time.ts';

const REVOKE_TIMEOUT_MS = 20_000;
const ATTEMPTS_MAX = 20;
const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MAX_MS = 900_000;
const ERROR_CHARS_MAX = 300;

/** States of a lease that something may still be out there for. */
export const OWNED_STATES: readonly LeaseState[] = ['pending', 'active', 'revoking', 'irrevocable'];
const ANY_STATE: readonly LeaseState[] = [...OWNED_STATES, 'revoked', 'expired', 'failed'];

export interface EndLeaseDependencies {
  runtimes: RuntimeSource;
  store: BrokerStore;
  clock: Clock;
  log: Logger;
}

/** `unreachable` is pending, too, and says that the back-end answers nobody at the moment. */
export type LeaseEnding = 'ended' | 'pending' | 'unreachable' | 'irrevocable';

interface Failure {
  message: string;
  unreachable: boolean;
}

/**
 * Undoes a lease: claims it durably (`revoking`), asks the back-end, records the end. A crash between two
 * steps leaves it `revoking` with a due time, and the sweeper goes on from there. Idempotent.
 */
export async function endLease(
  deps: EndLeaseDependencies,
  lease: Lease,
  actor: AuditActor,
): Promise<LeaseEnding> {
  if (!lease.revocable) return endUnrevocable(deps, lease, actor);
  return endFrom(OWNED_STATES, deps, lease, actor);
}

/**
 * Undoes what a back-end made after its lease may have ended: whatever the lease says by now, it is opened
 * again, so that what came too late has an owner until it is gone.
 */
export async function endLateLease(
  deps: EndLeaseDependencies,
  lease: Lease,
  actor: AuditActor,
): Promise<void> {
  if (!lease.revocable) return;
  try {
    await endFrom(ANY_STATE, deps, lease, actor);
  } catch (error) {
    // The store fails. Where the lease is open the sweeper undoes it later; where it is not, nobody else will.
    deps.log.error('lease.late_end_failed', { lease: lease.id, error: messageOf(error) });
    const failure = await askBackend(deps, lease);
    if (failure !== undefined)
      deps.log.error('credential.orphaned', { lease: lease.id, error: failure.message });
  }
}

/** Durably says that a lease is to be undone, and leaves the asking to the sweeper. */
export function leaveToSweeper(deps: EndLeaseDependencies, lease: Lease): Promise<boolean> {
  const change = { state: 'revoking', dueAtMs: deps.clock.nowMs() } as const;
  return deps.store.transition(lease.id, OWNED_STATES, change, []);
}

async function endFrom(
  from: readonly LeaseState[],
  deps: EndLeaseDependencies,
  lease: Lease,
  actor: AuditActor,
): Promise<LeaseEnding> {
  const attempts = lease.attempts + 1;
  const dueAtMs = deps.clock.nowMs() + REVOKE_TIMEOUT_MS + backoffMs(attempts);
  const claimed = await deps.store.transition(lease.id, from, { state: 'revoking', attempts, dueAtMs }, []);
  if (!claimed) return 'ended';
  const failure = await askBackend(deps, lease);
  const tried = { ...lease, attempts };
  if (failure === undefined) return recordEnd(deps, tried, actor);
  return recordFailure(deps, tried, actor, failure, from === ANY_STATE ? ANY_STATE : ['revoking']);
}

/** What cannot be undone is only marked: the credential itself lives on until its own expiry, and we say so. */
async function endUnrevocable(
  deps: EndLeaseDependencies,
  lease: Lease,
  actor: AuditActor,
): Promise<LeaseEnding> {
  const endedAtMs = deps.clock.nowMs();
  const event = leaseEvent('lease.revoked', lease, actor, deps.clock, {
    validUntilMs: lease.expiresAtMs,
    note: 'This kind of credential cannot be recalled; it ends by itself.',
  });
  // From `pending`, too: then it is not released, for settling it finds it ended.
  await deps.store.transition(lease.id, ['pending', 'active'], { state: 'revoked', endedAtMs }, [event]);
  return 'ended';
}

async function askBackend(deps: EndLeaseDependencies, lease: Lease): Promise<Failure | undefined> {
  const provider = deps.runtimes.current()?.credentialProvider(lease.credentialProvider)?.provider;
  if (provider?.revoke === undefined) {
    const message = `The credential provider ${lease.credentialProvider} is not configured any more.`;
    return { message, unreachable: false };
  }
  const revoke = provider.revoke.bind(provider);
  try {
    await withinTime(REVOKE_TIMEOUT_MS, (signal) => revoke(lease.handle, signal));
    return undefined;
  } catch (error) {
    return { message: messageOf(error).slice(0, ERROR_CHARS_MAX), unreachable: isUnreachable(error) };
  }
}

async function recordEnd(deps: EndLeaseDependencies, lease: Lease, actor: AuditActor): Promise<LeaseEnding> {
  const endedAtMs = deps.clock.nowMs();
  const expired = endedAtMs >= lease.expiresAtMs;
  const state: LeaseState = expired ? 'expired' : 'revoked';
  const type = expired ? 'lease.expired' : 'lease.revoked';
  const event = leaseEvent(type, lease, actor, deps.clock, { attempts: lease.attempts });
  await deps.store.transition(lease.id, ['revoking'], { state, endedAtMs, lastError: undefined }, [event]);
  return 'ended';
}

async function recordFailure(
  deps: EndLeaseDependencies,
  lease: Lease,
  actor: AuditActor,
  { message: lastError, unreachable }: Failure,
  from: readonly LeaseState[],
): Promise<LeaseEnding> {
  const { attempts } = lease;
  const exhausted = attempts >= ATTEMPTS_MAX;
  const type = exhausted ? 'lease.irrevocable' : 'lease.revocation_failed';
  const event = leaseEvent(type, lease, actor, deps.clock, { attempts, error: lastError });
  deps.log[exhausted ? 'error' : 'warn'](type, { lease: lease.id, attempts, error: lastError });
  const dueAtMs = deps.clock.nowMs() + backoffMs(attempts);
  const recorded = await deps.store.transition(
    lease.id,
    from,
    exhausted ? { state: 'irrevocable', lastError } : { state: 'revoking', dueAtMs, lastError },
    [event],
  );
  if (!recorded) return 'ended';
  if (exhausted) return 'irrevocable';
  return unreachable ? 'unreachable' : 'pending';
}

function backoffMs(attempts: number): number {
  return Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempts - 1, 20));
}
