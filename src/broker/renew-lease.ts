import type { AuditActor } from '#audit/event.ts';
import type { EventStore } from '#audit/ports.ts';
import { messageOf } from '#core/errors.ts';
import type { CredentialProvider } from '#credentials/provider.ts';
import { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { LeaseAnswer } from './broker.ts';
import { leaseEvent } from './decision-events.ts';
import type { EndLeaseDependencies } from './end-lease.ts';
import { denyFrozen } from './freeze/deny-frozen.ts';
import type { FreezeGuard } from './freeze/freeze-guard.ts';
import type { Lease } from './ports.ts';
import { readRecordedPosture } from './recorded-posture.ts';
import type { BrokerRuntime, RuntimeResource } from './runtime.ts';
import { withinTime } from './within-time.ts';

const RENEW_TIMEOUT_MS = 15_000;

export type LeaseRefusal = Extract<LeaseAnswer, { ok: false }>;

export function refuseLease(code: LeaseRefusal['code'], message: string, remedy: string): LeaseRefusal {
  return { ok: false, code, message, remedy };
}

export interface RenewDependencies extends EndLeaseDependencies {
  events: EventStore;
  freezes: FreezeGuard;
}

/** A longer life for the same credential, if the policies in force allow it still. */
export async function renewLease(
  deps: RenewDependencies,
  lease: Lease,
  actor: AuditActor,
): Promise<LeaseAnswer> {
  const runtime = deps.runtimes.current();
  const source = runtime?.credentialProvider(lease.credentialProvider);
  const resource = runtime?.resourceByName(lease.resource);
  const nowMs = deps.clock.nowMs();
  if (lease.state !== 'active' || lease.expiresAtMs <= nowMs) {
    const state = lease.state === 'active' ? 'expired' : lease.state;
    return refuseLease('lease_ended', `The lease is ${state}.`, 'Ask for a new credential.');
  }
  if (source?.kind.renewable !== true || runtime === undefined || resource === undefined) {
    return refuseLease(
      'lease_not_renewable',
      'This kind of credential cannot be renewed.',
      'Ask for a new credential with a fresh token.',
    );
  }
  const expiresAtMs = Math.min(nowMs + resource.ttlSeconds * 1_000, lease.expiresAtMsMax);
  if (expiresAtMs <= lease.expiresAtMs) {
    return refuseLease(
      'lease_expired_maximum',
      'The lease has reached its longest life.',
      'Ask for a new credential; `ttlMax` of the resource sets the limit.',
    );
  }
  const refusal = await refuseRenewal(deps, runtime, resource, lease);
  if (refusal !== undefined) return refusal;
  return extend(deps, { ...lease, expiresAtMs, dueAtMs: expiresAtMs }, actor, source.provider);
}

async function refuseRenewal(
  deps: RenewDependencies,
  runtime: BrokerRuntime,
  resource: RuntimeResource,
  lease: Lease,
): Promise<LeaseRefusal | undefined> {
  const [event] = await deps.events.list({
    decision: lease.decision,
    types: ['decision.allowed', 'decision.issued'],
    limit: 1,
  });
  const recorded = WorkloadIdentity.safeParse(event?.body['identity']);
  if (!recorded.success) return deniedNow();
  const freeze = deps.freezes.check({ identity: recorded.data, resource: resource.name });
  if (freeze.state === 'frozen') {
    const { message, remedy } = denyFrozen(freeze.freeze);
    return refuseLease('frozen', message, remedy);
  }
  if (freeze.state === 'unknown') {
    const message = 'What is frozen is not known, so nothing is renewed.';
    return refuseLease('store_unavailable', message, 'Try again shortly, before it expires.');
  }
  return isStillAllowed(deps, runtime, resource, lease, recorded.data, event?.body ?? {})
    ? undefined
    : deniedNow();
}

function deniedNow(): LeaseRefusal {
  return refuseLease(
    'access_denied',
    'The policies in force do not allow a renewal.',
    '`vouchgate policy simulate` shows which fact differs now.',
  );
}

/**
 * Decided anew with the facts as they were recorded, so that a changed policy ends the access at the next
 * renewal. `renew` may be permitted on its own; whoever may have it issued may also keep it, unless a policy
 * forbids the renewal.
 */
function isStillAllowed(
  deps: RenewDependencies,
  { policy }: BrokerRuntime,
  resource: RuntimeResource,
  lease: Lease,
  identity: WorkloadIdentity,
  recorded: Readonly<Record<string, unknown>>,
): boolean {
  const { sourceIp, posture } = recorded;
  const nowMs = deps.clock.nowMs();
  const context = {
    nowMs,
    posture: readRecordedPosture(posture, nowMs),
    sourceIp: typeof sourceIp === 'string' ? sourceIp : undefined,
    keyBound: lease.holder !== undefined,
  };
  const request = { identity, resource, context };
  const renewal = policy.decide({ ...request, action: 'renew' });
  if (renewal.outcome === 'allow') return true;
  if (renewal.reason !== 'no_permit') return false;
  return policy.decide({ ...request, action: 'issue' }).outcome === 'allow';
}

/** The longer life is durable and recorded before the back-end grants it: a crash between leaves the sweeper late, never blind. */
async function extend(
  deps: RenewDependencies,
  renewed: Lease,
  actor: AuditActor,
  provider: CredentialProvider,
): Promise<LeaseAnswer> {
  const { id, handle, expiresAtMs, dueAtMs } = renewed;
  const event = leaseEvent('lease.renewed', renewed, actor, deps.clock, { expiresAtMs });
  if (!(await deps.store.transition(id, ['active'], { expiresAtMs, dueAtMs }, [event]))) return ended();
  try {
    await withinTime(RENEW_TIMEOUT_MS, async (signal) => provider.renew?.(handle, expiresAtMs, signal));
  } catch (error) {
    deps.log.warn('lease.renewal_failed', { lease: id, error: messageOf(error) });
    await recordFailure(deps, renewed, actor);
    return refuseLease(
      'backend_unavailable',
      'The back-end did not renew the credential.',
      'Try again before it expires, or ask for a new one.',
    );
  }
  // It may have been revoked while we were asking: then what was renewed is gone.
  const now = await deps.store.lease(id);
  return now?.state === 'active' || now?.state === 'pending' ? { ok: true, lease: now } : ended();
}

function ended(): LeaseRefusal {
  return refuseLease('lease_ended', 'The lease has ended.', 'Ask for a new credential.');
}

async function recordFailure(deps: RenewDependencies, lease: Lease, actor: AuditActor): Promise<void> {
  try {
    await deps.events.append([leaseEvent('lease.renewal_failed', lease, actor, deps.clock)]);
  } catch (error) {
    deps.log.error('lease.renewal_failure_not_recorded', { lease: lease.id, error: messageOf(error) });
  }
}
