import type { LeaseGrant } from './exchange-answer.ts';
import { ClientError } from './client-error.ts';
import type { HttpAnswer, HttpSend } from './http-send.ts';
import { parseRecord, requiredTimeMs } from './json-fields.ts';
import { toProblemError } from './problem.ts';
import { withRetries, type RetryOptions } from './retry.ts';

const ANSWER_BYTES_MAX = 64 * 1024;

/** What the holder of a lease may do with it, by the token that came with the credential. */
export interface LeaseClient {
  /** Resolves to the new end, in milliseconds since the epoch. */
  renew(lease: Pick<LeaseGrant, 'id' | 'token'>): Promise<number>;
  /** Idempotent: a lease that has ended already is a success. */
  revoke(lease: Pick<LeaseGrant, 'id' | 'token'>, timeoutMs: number): Promise<void>;
}

export interface LeaseClientOptions {
  server: string;
  send: HttpSend;
  retry: RetryOptions;
}

function isPassing(answer: HttpAnswer): boolean {
  return answer.status === 429 || answer.status >= 502;
}

export function createLeaseClient({ server, send, retry }: LeaseClientOptions): LeaseClient {
  const post = async (
    lease: Pick<LeaseGrant, 'id' | 'token'>,
    verb: 'renew' | 'revoke',
    timeoutMs: number,
  ): Promise<HttpAnswer> => {
    const answer = await withRetries(
      () =>
        send({
          method: 'POST',
          url: `${server}/v1/leases/${encodeURIComponent(lease.id)}/${verb}`,
          headers: { authorization: `Bearer ${lease.token.reveal()}` },
          timeoutMs,
          bodyBytesMax: ANSWER_BYTES_MAX,
        }),
      isPassing,
      retry,
    );
    if (answer.status === 200 || answer.status === 204) return answer;
    throw toProblemError(answer);
  };
  return {
    async renew(lease) {
      const answer = await post(lease, 'renew', 15_000);
      return requiredTimeMs(parseRecord(answer.body), 'expiresAt');
    },
    async revoke(lease, timeoutMs) {
      try {
        await post(lease, 'revoke', timeoutMs);
      } catch (error) {
        // Ended before we asked: what we wanted.
        if (!(error instanceof ClientError) || error.serverCode !== 'lease_ended') throw error;
      }
    },
  };
}
