import type { Secret } from '#core/secret.ts';
import type { CommandStreams, GlobalOptions } from '../command.ts';
import { createDpopKey } from '../client/dpop-key.ts';
import { createExchanger, type ExchangeOutcome } from '../client/exchange.ts';
import { createHttpSend } from '../client/http-send.ts';
import { createLeaseClient, type LeaseClient } from '../client/lease-client.ts';
import { retryDefaults, type RetryOptions } from '../client/retry.ts';
import { parseServerUrl } from '../client/server-url.ts';
import { detectTokenSource } from '../platform/detect-platform.ts';
import type { TokenSource } from '../platform/platform.ts';

/** Options of every command that speaks as the job. */
export const jobOptions = {
  audience: {
    value: 'audience',
    description: 'audience of the token (default: $VOUCHGATE_AUDIENCE, else the server address)',
  },
  'token-file': { value: 'file', description: "read the job's OIDC token from a file" },
  'token-stdin': { description: "read the job's OIDC token from standard input" },
} as const;

export interface JobOptions {
  readonly audience: string | undefined;
  readonly 'token-file': string | undefined;
  readonly 'token-stdin': boolean;
}

/** This process as a job: its tokens, its key, and the server. */
export interface JobSession {
  readonly server: string;
  readonly source: TokenSource;
  readonly leases: LeaseClient;
  /** Tokens that were used, so that no child gets one. */
  readonly usedTokens: readonly Secret[];
  token(): Promise<Secret>;
  /** A token (a fresh one where the platform can), exchanged for one credential. */
  obtain(resource: string, ttlSeconds: number | undefined): Promise<ExchangeOutcome>;
}

export function openJobSession(
  caller: CommandStreams & { global: GlobalOptions; options: JobOptions },
  retry: RetryOptions = retryDefaults,
): JobSession {
  const { env, stdin, clock, global, options } = caller;
  const server = parseServerUrl(global.server);
  const send = createHttpSend({ env, caFile: global.caFile });
  const source = detectTokenSource({
    env,
    stdin,
    tokenFile: options['token-file'],
    tokenStdin: options['token-stdin'],
    send,
    retry,
  });
  // Never taken from the server's own metadata: a server that can name the audience can ask jobs for
  // tokens that other services accept.
  const configured = options.audience ?? env['VOUCHGATE_AUDIENCE'];
  const audience = configured === undefined || configured === '' ? server : configured;
  const exchanger = createExchanger({ server, send, key: createDpopKey(clock), retry });
  const usedTokens: Secret[] = [];
  const token = async () => {
    const fresh = await source.token(audience);
    usedTokens.push(fresh);
    return fresh;
  };
  return {
    server,
    source,
    leases: createLeaseClient({ server, send, retry: { ...retry, attemptsMax: 3 } }),
    usedTokens,
    token,
    obtain: async (resource, ttlSeconds) =>
      exchanger.exchange({ token: await token(), resource, ttlSeconds }),
  };
}
