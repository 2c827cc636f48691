import type { Clock } from '#core/clock.ts';
import { Secret } from '#core/secret.ts';
import type { DevelopmentIssuer } from '#identity/emulator/development-issuer.ts';
import {
  FORM_MEDIA_TYPE,
  SUBJECT_TOKEN_TYPES,
  TOKEN_EXCHANGE_GRANT,
  TOKEN_PATH,
} from '#api/token-exchange.ts';
import type { ExchangeOutcome } from '../../client/exchange.ts';
import { type LeaseGrant, parseDenial, parseIssued } from '../../client/exchange-answer.ts';
import type { HttpSend } from '../../client/http-send.ts';
import { createLeaseClient } from '../../client/lease-client.ts';
import { retryDefaults } from '../../client/retry.ts';
import { claimsOf } from './job-claims.ts';
import type { PlannedJob } from './plan.ts';
import type { CommitHashes } from './write-history.ts';

const STALE_BY_SECONDS = 2 * 3_600;
const TIMEOUT_MS = 30_000;
const ANSWER_BYTES_MAX = 1_048_576;

/** How the jobs of the company fared: `issued`, and why those were refused that were. */
export type Tally = Map<string, number>;

export interface CompanyJobs {
  readonly tally: Tally;
  ask(job: PlannedJob): Promise<void>;
  /** Somebody sends the token of the job once more. */
  replay(job: PlannedJob): Promise<void>;
  renew(job: PlannedJob): Promise<void>;
  end(job: PlannedJob): Promise<void>;
}

interface Held {
  readonly token: Secret;
  readonly lease: LeaseGrant | undefined;
}

/** Jobs as the platforms would run them: each gets its token from its issuer, and asks once. */
export function createCompanyJobs(options: {
  server: string;
  send: HttpSend;
  issuers: Readonly<Record<'github' | 'gitlab', DevelopmentIssuer>>;
  hashes: CommitHashes;
  clock: Clock;
}): CompanyJobs {
  const { server, send, issuers, hashes, clock } = options;
  const retry = { ...retryDefaults, attemptsMax: 2 };
  const leaseClient = createLeaseClient({ server, send, retry });
  const tally: Tally = new Map();
  /** What each job holds, once it is answered. */
  const held = new Map<PlannedJob, Promise<Held>>();

  const count = (result: ExchangeOutcome): void => {
    const name = result.outcome === 'issued' ? 'issued' : result.denial.reason;
    tally.set(name, (tally.get(name) ?? 0) + 1);
  };
  const tokenOf = (job: PlannedJob): Secret => {
    const claims = claimsOf(job, hashes.get(job.commit) ?? '', clock);
    const times = job.flaw === 'stale' ? earlier(claims) : {};
    const aud = job.flaw === 'for-somebody-else' ? 'https://vault.acme.example' : server;
    return new Secret(issuers[job.repository.platform].issueToken({ ...claims, ...times, aud }));
  };
  return {
    tally,
    async ask(job) {
      const token = tokenOf(job);
      const answer = exchange(send, server, token, job.resource).then((result) => {
        count(result);
        return { token, lease: result.outcome === 'issued' ? result.issued.lease : undefined };
      });
      held.set(job, answer);
      await answer;
    },
    async replay(job) {
      const token = (await held.get(job))?.token;
      if (token !== undefined) count(await exchange(send, server, token, job.resource));
    },
    async renew(job) {
      const lease = (await held.get(job))?.lease;
      if (lease?.renewable === true) await leaseClient.renew(lease);
    },
    async end(job) {
      const lease = (await held.get(job))?.lease;
      held.delete(job);
      if (lease?.revocable === true) await leaseClient.revoke(lease, TIMEOUT_MS);
    },
  };
}

function earlier(claims: Readonly<Record<string, unknown>>): Record<string, number> {
  const shifted = ['iat', 'nbf', 'exp'].map(
    (name) => [name, Number(claims[name]) - STALE_BY_SECONDS] as const,
  );
  return Object.fromEntries(shifted);
}

/** As a job does whose platform has no way to prove a key. */
async function exchange(
  send: HttpSend,
  server: string,
  token: Secret,
  resource: string,
): Promise<ExchangeOutcome> {
  const form = new URLSearchParams({
    grant_type: TOKEN_EXCHANGE_GRANT,
    subject_token: token.reveal(),
    subject_token_type: SUBJECT_TOKEN_TYPES[0],
    audience: resource,
  });
  const answer = await send({
    method: 'POST',
    url: `${server}${TOKEN_PATH}`,
    headers: { 'content-type': FORM_MEDIA_TYPE },
    body: form.toString(),
    timeoutMs: TIMEOUT_MS,
    bodyBytesMax: ANSWER_BYTES_MAX,
  });
  if (answer.status === 200) return { outcome: 'issued', issued: parseIssued(answer.body) };
  const denial = parseDenial(answer);
  if (denial !== undefined) return { outcome: 'denied', denial };
  throw new Error(`the token endpoint answered ${answer.status}`);
}
