import type { AuditEvent } from '#audit/event.ts';
import { messageOf } from '#core/errors.ts';
import type { Grant, Step } from './decide.ts';
import { type ExchangeFacts, leaseEvent } from './decision-events.ts';
import { denyInProgress, denyReplayedProof, denyReplayedToken, denyWithoutStore } from './denials.ts';
import { endLateLease } from './end-lease.ts';
import type { ExchangeDependencies } from './exchange-dependencies.ts';
import { type Released, settle, tryIssue } from './issue-credential.ts';
import { PENDING_GRACE_MS, repeatRequest } from './plan-lease.ts';
import type { CommitResult, Lease } from './ports.ts';

/** The token is known already: a stranger is refused; its proven holder gets the same lease once more. */
export async function repeatCredential(
  deps: ExchangeDependencies,
  grant: Grant,
  result: Exclude<CommitResult, { status: 'committed' }>,
  facts: ExchangeFacts,
): Promise<Step<Released>> {
  if (result.status === 'replayed') return { ok: false, denial: denyReplayedToken(result.decision) };
  if (result.status === 'proof_replayed') return { ok: false, denial: denyReplayedProof() };
  const { lease } = result;
  if (lease.state === 'pending') return { ok: false, denial: denyInProgress() };
  const isLive = lease.state === 'active' && lease.expiresAtMs > deps.clock.nowMs();
  // Another provider would not know this lease's handle: the configuration changed in between.
  if (!isLive || lease.credentialProvider !== grant.source.name) {
    return { ok: false, denial: denyReplayedToken(lease.decision) };
  }
  const actor = { kind: 'workload', id: grant.principal } as const;
  const event = leaseEvent('credential.reissued', lease, actor, deps.clock, { askedAs: facts.decision });
  return grant.source.kind.effect === 'none'
    ? repeatMinted(deps, grant, lease, event)
    : repeatFromBackend(deps, grant, lease, event);
}

async function repeatMinted(
  deps: ExchangeDependencies,
  grant: Grant,
  lease: Lease,
  event: AuditEvent,
): Promise<Step<Released>> {
  const issued = await tryIssue(deps, { grant, request: repeatRequest(grant, lease), lease });
  if (!issued.ok) return issued;
  // Released only when the lease is still active now: it may have been revoked while we were asking.
  const stillActive = await deps.store.transition(lease.id, ['active'], {}, [event]);
  if (!stillActive) return { ok: false, denial: denyReplayedToken(lease.decision) };
  return { ok: true, value: { lease, credential: issued.value } };
}

/**
 * The lease is pending again while the back-end works on it: should it be revoked meanwhile, what the back-end
 * makes anew is undone; of two retries at once, one waits; and a crash leaves it to the sweeper.
 */
async function repeatFromBackend(
  deps: ExchangeDependencies,
  grant: Grant,
  lease: Lease,
  event: AuditEvent,
): Promise<Step<Released>> {
  const actor = { kind: 'workload', id: grant.principal } as const;
  const dueAtMs = deps.clock.nowMs() + PENDING_GRACE_MS;
  const reopened = await deps.store.transition(lease.id, ['active'], { state: 'pending', dueAtMs }, []);
  if (!reopened) return { ok: false, denial: denyInProgress() };
  const onLate = (): void => void undoUnlessLive(deps, lease, actor);
  const issued = await tryIssue(deps, { grant, request: repeatRequest(grant, lease), lease, onLate });
  if (!issued.ok) {
    await takeBack(deps, lease);
    return issued;
  }
  const expiresAtMs = Math.min(issued.value.expiresAtMs, lease.expiresAtMs);
  const failed = await settle(deps, { ...lease, dueAtMs: lease.expiresAtMs }, event);
  if (failed === undefined) {
    return { ok: true, value: { lease, credential: { ...issued.value, expiresAtMs } } };
  }
  if (failed === 'store') return { ok: false, denial: denyWithoutStore() };
  await endLateLease(deps, lease, actor);
  return { ok: false, denial: denyReplayedToken(lease.decision) };
}

/** The retry failed; what was issued at first may still be in use, and ends when it would have. */
async function takeBack(deps: ExchangeDependencies, lease: Lease): Promise<void> {
  const change = { state: 'active', dueAtMs: lease.expiresAtMs } as const;
  try {
    await deps.store.transition(lease.id, ['pending'], change, []);
  } catch (error) {
    deps.log.error('credential.not_recorded', { lease: lease.id, error: messageOf(error) });
  }
}

async function undoUnlessLive(
  deps: ExchangeDependencies,
  lease: Lease,
  actor: AuditEvent['actor'],
): Promise<void> {
  const current = await deps.store.lease(lease.id).catch(() => undefined);
  if (current?.state !== 'active' && current?.state !== 'pending') await endLateLease(deps, lease, actor);
}
