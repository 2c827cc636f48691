import { messageOf } from '#core/errors.ts';
import type { Clock } from '#core/clock.ts';
import type { Issued } from '../client/exchange-answer.ts';
import type { LeaseClient } from '../client/lease-client.ts';

const RENEW_AT = 2 / 3;
const PAUSE_MS_MIN = 1_000;
/** Timers hold 31 bits; a longer pause would fire at once. */
const PAUSE_MS_MAX = 2 ** 31 - 1;
const REVOKE_MS_MAX = 10_000;

export interface LeaseKeeper {
  /** Keeps the lease alive from now on, where it can be renewed, and revokes it at the end. */
  add(issued: Issued): void;
  /** Stops renewing and revokes everything, within 10 seconds; returns what could not be. Idempotent. */
  close(): Promise<readonly { resource: string; lease: string; why: string }[]>;
}

export interface LeaseKeeperOptions {
  leases: LeaseClient;
  clock: Clock;
  say: (line: string) => void;
}

/** Holds the leases of one run, so that none outlives it. */
export function createLeaseKeeper({ leases, clock, say }: LeaseKeeperOptions): LeaseKeeper {
  const held: Issued[] = [];
  const timers = new Map<string, NodeJS.Timeout>();
  let closing: ReturnType<LeaseKeeper['close']> | undefined;

  const schedule = (issued: Issued, expiresAtMs: number) => {
    const lifeMs = expiresAtMs - clock.nowMs();
    if (lifeMs <= 0 || closing !== undefined) return;
    const pauseMs = Math.min(Math.max(lifeMs * RENEW_AT, PAUSE_MS_MIN), PAUSE_MS_MAX);
    const timer = setTimeout(() => void renew(issued, expiresAtMs), pauseMs);
    // The child keeps us alive; a timer must not.
    timer.unref();
    timers.set(issued.lease.id, timer);
  };

  const renew = async (issued: Issued, expiresAtMs: number) => {
    try {
      const renewedUntilMs = await leases.renew(issued.lease);
      if (renewedUntilMs > expiresAtMs) return schedule(issued, renewedUntilMs);
      say(`${issued.resource}: cannot live longer than ${new Date(expiresAtMs).toISOString()}`);
    } catch (error) {
      say(`${issued.resource}: not renewed: ${messageOf(error)}`);
      // Two thirds of what is left, again and again, down to the last seconds.
      if (expiresAtMs - clock.nowMs() > 3 * PAUSE_MS_MIN) schedule(issued, expiresAtMs);
    }
  };

  const revokeAll = async () => {
    for (const timer of timers.values()) clearTimeout(timer);
    const revocable = held.filter(({ lease }) => lease.revocable);
    const results = await Promise.allSettled(
      revocable.map(async ({ lease, resource }) => {
        await leases.revoke(lease, REVOKE_MS_MAX);
        say(`${resource}: revoked`);
      }),
    );
    return results.flatMap((result, index) => {
      const issued = revocable[index];
      if (result.status === 'fulfilled' || issued === undefined) return [];
      return [{ resource: issued.resource, lease: issued.lease.id, why: messageOf(result.reason) }];
    });
  };

  return {
    add(issued) {
      held.push(issued);
      if (issued.lease.renewable) schedule(issued, issued.expiresAtMs);
    },
    close() {
      closing ??= withinTime(revokeAll(), held);
      return closing;
    },
  };
}

type Leftovers = readonly { resource: string; lease: string; why: string }[];

/** Retries included, the end of a job waits no longer; the server ends what is left at its expiry. */
async function withinTime(revoking: Promise<Leftovers>, held: readonly Issued[]): Promise<Leftovers> {
  const { promise, resolve } = Promise.withResolvers<Leftovers>();
  const timer = setTimeout(() => {
    const why = `no answer within ${REVOKE_MS_MAX / 1000} s`;
    resolve(
      held
        .filter(({ lease }) => lease.revocable)
        .map(({ resource, lease }) => ({ resource, lease: lease.id, why })),
    );
  }, REVOKE_MS_MAX);
  try {
    return await Promise.race([revoking, promise]);
  } finally {
    clearTimeout(timer);
  }
}
