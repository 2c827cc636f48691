import type { Broker } from '#broker/broker.ts';
import { type FreezeTarget, isUnderFreeze } from '#broker/freeze/freeze.ts';
import type { Lease } from '#broker/ports.ts';

const PAGE = 1_000;
const PAGES_MAX = 100;
const LIVE = ['pending', 'active', 'revoking'] as const;

/**
 * Ends what is live under a freeze; what a back-end does not answer for is tried again by the sweeper. `paths`: names
 * of the repository that was frozen by its id.
 */
export async function endLeasesUnder(
  target: FreezeTarget,
  broker: Pick<Broker, 'leases' | 'revokeLeases'>,
  person: string,
  paths: readonly string[],
): Promise<{ revoked: number; pending: number }> {
  if (target.kind === 'everything' || target.kind === 'resource') {
    const filter = target.kind === 'resource' ? { resource: target.name } : {};
    const { revoked, pending } = await broker.revokeLeases(filter, person);
    return { revoked, pending: pending.length };
  }
  const repositories = paths.map((name) => ({ kind: 'repository' as const, name }));
  return endOneByOne([target, ...repositories], broker, person);
}

/** A lease knows its workload by name only: `github/repo:…` and `acme/shop@refs/heads/main (production)`. */
async function endOneByOne(
  targets: readonly FreezeTarget[],
  broker: Pick<Broker, 'leases' | 'revokeLeases'>,
  person: string,
): Promise<{ revoked: number; pending: number }> {
  const principals = new Set<string>();
  let beforeId: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const leases = await broker.leases({
      states: LIVE,
      limit: PAGE,
      ...(beforeId === undefined ? {} : { beforeId }),
    });
    for (const lease of leases)
      if (targets.some((target) => isLeaseUnder(target, lease))) principals.add(lease.principal);
    beforeId = leases.at(-1)?.id;
    if (leases.length < PAGE || beforeId === undefined) break;
  }
  const ended = { revoked: 0, pending: 0 };
  for (const principal of principals) {
    const { revoked, pending } = await broker.revokeLeases({ principal }, person);
    ended.revoked += revoked;
    ended.pending += pending.length;
  }
  return ended;
}

function isLeaseUnder(target: FreezeTarget, { principal, workload, resource }: Lease): boolean {
  const provider = principal.slice(0, Math.max(0, principal.indexOf('/')));
  const path = /^[^@ ]+/.exec(workload)?.[0];
  const project = path === undefined ? {} : { project: { path } };
  return isUnderFreeze(target, { identity: { provider, ...project }, resource });
}
