import type { AuditActor } from '#audit/event.ts';
import type { EventStore } from '#audit/ports.ts';
import { messageOf } from '#core/errors.ts';
import { newId } from '#core/ids.ts';
import type { Handle } from '#credentials/provider.ts';
import { type EndLeaseDependencies, endLease, type LeaseEnding, OWNED_STATES } from './end-lease.ts';
import type { Lease } from './ports.ts';
import type { RuntimeCredentialProvider } from './runtime.ts';
import { withinTime } from './within-time.ts';

const PAGE = 100;
const PAGES_MAX = 50;
const PARALLEL = 4;
/** When a back-end answers nobody, its other leases wait this long, so that they do not keep those of others. */
const POSTPONE_MS = 30_000;
const ORPHAN_SWEEP_TIMEOUT_MS = 60_000;
const SWEEPER: AuditActor = { kind: 'server', id: 'sweeper' };

export interface SweepDependencies extends EndLeaseDependencies {
  events: EventStore;
}

/**
 * Ends every lease whose time has come: expired ones, ones that a crash left pending, revocations to retry.
 * Bounded, and reads by due time, so that a backlog of any size starts no slower (one page at a time).
 * Returns how many ended.
 */
export async function sweepDueLeases(deps: SweepDependencies): Promise<number> {
  let ended = 0;
  let hasFailed = false;
  const unreachable = new Set<string>();
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const due = await deps.store.dueLeases(deps.clock.nowMs(), PAGE);
    for (let start = 0; start < due.length; start += PARALLEL) {
      const group = due.slice(start, start + PARALLEL);
      const endings = await Promise.all(group.map((lease) => endIfDue(deps, lease.id, unreachable)));
      ended += endings.filter((ending) => ending === 'ended').length;
      hasFailed ||= endings.includes('failed');
    }
    // After a failure of the store, the same page would come again.
    if (due.length < PAGE || hasFailed) break;
  }
  await deps.store.purge(deps.clock.nowMs());
  return ended;
}

/** Looks again: since the page was read, another server may have ended the lease, or its holder renewed it. */
async function endIfDue(
  deps: SweepDependencies,
  id: string,
  unreachable: Set<string>,
): Promise<LeaseEnding | 'failed' | undefined> {
  try {
    const lease = await deps.store.lease(id);
    if (lease === undefined || !isDue(lease, deps.clock.nowMs())) return undefined;
    if (unreachable.has(lease.credentialProvider)) return await postpone(deps, lease);
    const ending = await endLease(deps, lease, SWEEPER);
    if (ending === 'unreachable') unreachable.add(lease.credentialProvider);
    return ending;
  } catch (error) {
    // One lease that cannot be written does not keep the others.
    deps.log.error('lease.sweep_failed', { lease: id, error: messageOf(error) });
    return 'failed';
  }
}

function isDue({ state, dueAtMs, expiresAtMs }: Lease, nowMs: number): boolean {
  if (dueAtMs > nowMs) return false;
  return state === 'pending' || state === 'revoking' || (state === 'active' && expiresAtMs <= nowMs);
}

async function postpone(deps: SweepDependencies, lease: Lease): Promise<undefined> {
  await deps.store.transition(lease.id, [lease.state], { dueAtMs: deps.clock.nowMs() + POSTPONE_MS }, []);
}

/** Removes what carries our mark in a back-end and belongs to no live lease: nothing should, so each is recorded. */
export async function sweepOrphans(deps: SweepDependencies): Promise<string[]> {
  const removed: string[] = [];
  for (const source of deps.runtimes.current()?.credentialProviders() ?? []) {
    removed.push(...(await sweepProvider(deps, source)));
  }
  return removed;
}

async function sweepProvider(deps: SweepDependencies, source: RuntimeCredentialProvider): Promise<string[]> {
  if (source.provider.sweepOrphans === undefined) return [];
  const isLive = async (handle: Handle): Promise<boolean> => {
    const { lease: id } = handle;
    // A mark that names no lease proves nothing: what cannot be told is left alone.
    if (typeof id !== 'string') return true;
    const lease = await deps.store.lease(id);
    return lease !== undefined && OWNED_STATES.includes(lease.state);
  };
  const sweep = source.provider.sweepOrphans.bind(source.provider);
  try {
    const names = await withinTime(ORPHAN_SWEEP_TIMEOUT_MS, (signal) => sweep(isLive, signal));
    if (names.length > 0) await recordOrphans(deps, source.name, names);
    return names;
  } catch (error) {
    deps.log.warn('orphans.sweep_failed', { credentialProvider: source.name, error: messageOf(error) });
    return [];
  }
}

async function recordOrphans(
  deps: SweepDependencies,
  credentialProvider: string,
  names: readonly string[],
): Promise<void> {
  deps.log.warn('orphans.removed', { credentialProvider, count: names.length });
  for (let start = 0; start < names.length; start += PAGE) {
    await deps.events.append([
      {
        id: newId('evt', deps.clock),
        timeMs: deps.clock.nowMs(),
        type: 'orphan.removed',
        actor: SWEEPER,
        body: { credentialProvider, names: names.slice(start, start + PAGE) },
      },
    ]);
  }
}
