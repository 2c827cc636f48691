import type { Secret } from '#core/secret.ts';
import type { TokenRequest } from '#api/token-exchange.ts';
import { ClientError } from './client-error.ts';
import type { DpopKey } from './dpop-key.ts';
import type { HttpAnswer, HttpSend } from './http-send.ts';
import { parseDenial, parseIssued, type Denial, type Issued } from './exchange-answer.ts';
import { withRetries, type RetryOptions } from './retry.ts';

/** The path and words of RFC 8693 §2.1, said again here: the schemas of `#api` would load zod on every job's way. */
const TOKEN_PATH = '/oauth2/token';
const GRANT_TYPE: TokenRequest['grant_type'] = 'urn:ietf:params:oauth:grant-type:token-exchange';
const SUBJECT_TOKEN_TYPE: TokenRequest['subject_token_type'] = 'urn:ietf:params:oauth:token-type:jwt';
const ANSWER_BYTES_MAX = 1024 * 1024;
const TIMEOUT_MS = 30_000;

export type ExchangeOutcome = { outcome: 'issued'; issued: Issued } | { outcome: 'denied'; denial: Denial };

export interface Exchanger {
  /**
   * Asks for one credential. A denial is a value; an error means that there was no usable answer. Sent
   * again only where the answer says that this helps: each time with a fresh proof of the same key, which
   * the server answers as it did the first time, or with the first success.
   */
  exchange(request: {
    token: Secret;
    resource: string;
    ttlSeconds?: number | undefined;
  }): Promise<ExchangeOutcome>;
}

export interface ExchangerOptions {
  /** Base URL as `parseServerUrl` gives it. */
  server: string;
  send: HttpSend;
  key: DpopKey;
  retry: RetryOptions;
}

function isWorthRetrying(answer: HttpAnswer): boolean {
  if (answer.status === 200) return false;
  // A gateway's own page (no JSON of ours) is a passing trouble for 502, 503 and 504 only.
  const denial = parseDenial(answer);
  return denial === undefined ? answer.status >= 502 && answer.status <= 504 : denial.retryable;
}

function readAnswer(answer: HttpAnswer): ExchangeOutcome {
  if (answer.status === 200) return { outcome: 'issued', issued: parseIssued(answer.body) };
  const denial = parseDenial(answer);
  if (denial !== undefined) return { outcome: 'denied', denial };
  throw new ClientError(
    answer.status >= 500 ? 'server_unavailable' : 'server_answer_invalid',
    `the token endpoint answered ${answer.status}, and not in the words of Vouchgate`,
    { remedy: 'Check the address, and what stands between: a proxy or gateway may have answered.' },
  );
}

/** One exchanger per process and server; its key binds all the leases together. */
export function createExchanger(options: ExchangerOptions): Exchanger {
  const url = `${options.server}${TOKEN_PATH}`;
  return {
    async exchange({ token, resource, ttlSeconds }) {
      const form = new URLSearchParams({
        grant_type: GRANT_TYPE,
        subject_token: token.reveal(),
        subject_token_type: SUBJECT_TOKEN_TYPE,
        audience: resource,
      });
      if (ttlSeconds !== undefined) form.set('requested_expires_in', String(ttlSeconds));
      const body = form.toString();
      const answer = await withRetries(
        () =>
          options.send({
            method: 'POST',
            url,
            headers: {
              'content-type': 'application/x-www-form-urlencoded',
              dpop: options.key.proofFor('POST', url),
            },
            body,
            timeoutMs: TIMEOUT_MS,
            bodyBytesMax: ANSWER_BYTES_MAX,
          }),
        isWorthRetrying,
        options.retry,
      );
      return readAnswer(answer);
    },
  };
}
