import { messageOf } from '#core/errors.ts';
import { createHttpSend } from '#cli/client/http-send.ts';
import { createLeaseClient } from '#cli/client/lease-client.ts';
import type { RetryOptions } from '#cli/client/retry.ts';
import { readLeases, type SavedLease } from './lease-state.ts';
import type { Runner } from './runner.ts';

const REVOKE_MS_MAX = 10_000;

export interface ReleaseOptions {
  runner: Runner;
  retry: RetryOptions;
}

async function revoke({ runner, retry }: ReleaseOptions, saved: SavedLease): Promise<void> {
  const send = createHttpSend({ env: runner.env, caFile: saved.caFile });
  const leases = createLeaseClient({ server: saved.server, send, retry });
  try {
    await leases.revoke(saved.lease, REVOKE_MS_MAX);
    runner.info(`${saved.resource}: revoked (${saved.lease.id})`);
  } catch (error) {
    // The job did its work: a warning, not a failure. The server ends the lease at its expiry.
    runner.warn(`${saved.resource}: lease ${saved.lease.id} not revoked: ${messageOf(error)}`);
  }
}

/** The post step: revokes what the main step was given, whatever became of the job. */
export async function release(options: ReleaseOptions): Promise<void> {
  const saved = readLeases(options.runner);
  options.runner.mask(saved.map(({ lease }) => lease.token.reveal()));
  await Promise.all(saved.map((each) => revoke(options, each)));
}
