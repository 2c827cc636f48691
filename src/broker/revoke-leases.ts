import type { AuditActor } from '#audit/event.ts';
import type { Broker } from './broker.ts';
import {
  type EndLeaseDependencies,
  endLease,
  type LeaseEnding,
  leaveToSweeper,
  OWNED_STATES,
} from './end-lease.ts';
import type { Lease, LeaseFilter } from './ports.ts';

const PAGE = 500;
const PARALLEL = 8;
/** A person waits for the answer, and clients give up after 30 s: what is left then is only marked. */
const ASKING_MS = 15_000;

/**
 * Ends all leases that match. Each is marked durably; back-ends are asked for as long as a person would wait
 * and while they answer, and the sweeper does the rest. A lease is looked at once, from the newest on: what is
 * issued meanwhile is for a policy to stop.
 */
export async function revokeLeases(
  deps: EndLeaseDependencies,
  filter: Omit<LeaseFilter, 'limit' | 'beforeId'>,
  actor: AuditActor,
): ReturnType<Broker['revokeLeases']> {
  const states = OWNED_STATES.filter((state) => filter.states?.includes(state) ?? true);
  const pending: string[] = [];
  let revoked = 0;
  if (states.length === 0) return { revoked, pending };
  const end = createBulkEnd(deps, actor);
  let last: string | undefined;
  for (;;) {
    const beforeId = last === undefined ? {} : { beforeId: last };
    const page = await deps.store.leases({ ...filter, states, ...beforeId, limit: PAGE });
    for (let start = 0; start < page.length; start += PARALLEL) {
      const group = page.slice(start, start + PARALLEL);
      const endings = await Promise.all(group.map(async (lease) => ({ lease, ending: await end(lease) })));
      for (const { lease, ending } of endings) {
        if (ending === 'ended') revoked += 1;
        else pending.push(lease.id);
      }
    }
    if (page.length < PAGE) return { revoked, pending };
    last = page.at(-1)?.id;
  }
}

function createBulkEnd(
  deps: EndLeaseDependencies,
  actor: AuditActor,
): (lease: Lease) => Promise<LeaseEnding> {
  const askUntilMs = deps.clock.nowMs() + ASKING_MS;
  const unreachable = new Set<string>();
  return async (lease) => {
    const isTooLate = deps.clock.nowMs() >= askUntilMs || unreachable.has(lease.credentialProvider);
    if (lease.revocable && isTooLate) return (await leaveToSweeper(deps, lease)) ? 'pending' : 'ended';
    const ending = await endLease(deps, lease, actor);
    if (ending === 'unreachable') unreachable.add(lease.credentialProvider);
    return ending;
  };
}
