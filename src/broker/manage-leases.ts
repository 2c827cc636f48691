import type { EventStore } from '#audit/ports.ts';
import type { AuditActor } from '#audit/event.ts';
import type { LeaseTokens } from '#credentials/lease-tokens.ts';
import type { Broker, LeaseAuthority } from './broker.ts';
import { type EndLeaseDependencies, endLease, OWNED_STATES } from './end-lease.ts';
import type { FreezeGuard } from './freeze/freeze-guard.ts';
import type { Lease } from './ports.ts';
import { type LeaseRefusal, refuseLease, renewLease } from './renew-lease.ts';
import { revokeLeases } from './revoke-leases.ts';

export interface ManageLeasesDependencies extends EndLeaseDependencies {
  events: EventStore;
  leaseTokens: LeaseTokens;
  freezes: FreezeGuard;
}

export function createLeaseManager(
  deps: ManageLeasesDependencies,
): Pick<Broker, 'lease' | 'leases' | 'renewLease' | 'revokeLease' | 'revokeLeases'> {
  return {
    lease: (id) => deps.store.lease(id),
    leases: (filter) => deps.store.leases(filter),

    async renewLease(id, authority) {
      const found = await authorise(deps, id, authority);
      return found.ok ? renewLease(deps, found.lease, actorOf(authority, found.lease)) : found;
    },

    async revokeLease(id, authority) {
      const found = await authorise(deps, id, authority);
      if (!found.ok) return found;
      const { lease } = found;
      if (!OWNED_STATES.includes(lease.state)) return { ok: true, lease };
      await endLease(deps, lease, actorOf(authority, lease));
      return { ok: true, lease: (await deps.store.lease(id)) ?? lease };
    },

    revokeLeases: (filter, person) => revokeLeases(deps, filter, { kind: 'person', id: person }),
  };
}

/** An unknown lease and a wrong token are told apart for people only, so that ids cannot be probed. */
async function authorise(
  deps: ManageLeasesDependencies,
  id: string,
  authority: LeaseAuthority,
): Promise<{ ok: true; lease: Lease } | LeaseRefusal> {
  if ('leaseToken' in authority && !deps.leaseTokens.matches(id, authority.leaseToken)) {
    return refuseLease(
      'lease_token_invalid',
      'The lease token does not belong to this lease.',
      'Send the `lease.token` of the answer that gave the credential.',
    );
  }
  const lease = await deps.store.lease(id);
  if (lease === undefined) {
    return refuseLease('lease_unknown', `There is no lease ${id}.`, '`vouchgate leases` lists them.');
  }
  return { ok: true, lease };
}

function actorOf(authority: LeaseAuthority, lease: Lease): AuditActor {
  return 'person' in authority
    ? { kind: 'person', id: authority.person }
    : { kind: 'workload', id: lease.principal };
}
