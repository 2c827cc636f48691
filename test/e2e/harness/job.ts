import { type DpopKey, createDpopKey } from '#cli/client/dpop-key.ts';
import { type Denial, type Issued, parseDenial, parseIssued } from '#cli/client/exchange-answer.ts';
import { createHttpSend, type HttpAnswer } from '#cli/client/http-send.ts';
import { systemClock } from '#core/clock.ts';
import { githubActionsClaims } from '#identity/emulator/development-issuer.ts';
import type { TokenClaims } from '#identity/emulator/platform-claims.ts';
import type { Site } from './site.ts';

const send = createHttpSend({ env: {} });
const TIMEOUT_MS = 30_000;
const BODY_BYTES_MAX = 1_048_576;

export type Outcome =
  | { status: 200; issued: Issued; denial?: undefined; answer: HttpAnswer }
  | { status: number; issued?: undefined; denial: Denial; answer: HttpAnswer };

export interface ExchangeOptions {
  resource: string;
  token: string;
  /** Proves this key with a fresh proof. */
  key?: DpopKey;
  ttlSeconds?: number;
  /** Where to send it, when not to the server of the public URL. */
  serverUrl?: string;
}

export function newHolderKey(): DpopKey {
  return createDpopKey(systemClock);
}

/** A fresh token of the deploy job, as the platform would make it. */
export function deployToken(site: Site, overrides: TokenClaims = {}): string {
  return site.issuer.issueToken({ ...githubActionsClaims(), aud: site.url, ...overrides });
}

/** One exchange, sent once. @throws ClientError when there is no answer. */
export async function exchange(site: Site, options: ExchangeOptions): Promise<Outcome> {
  const { resource, token, key, ttlSeconds, serverUrl = site.url } = options;
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    audience: resource,
  });
  if (ttlSeconds !== undefined) form.set('requested_expires_in', String(ttlSeconds));
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  if (key !== undefined) headers['dpop'] = key.proofFor('POST', `${site.url}/oauth2/token`);
  const answer = await send({
    method: 'POST',
    url: `${serverUrl}/oauth2/token`,
    headers,
    body: form.toString(),
    timeoutMs: TIMEOUT_MS,
    bodyBytesMax: BODY_BYTES_MAX,
  });
  if (answer.status === 200) return { status: 200, issued: parseIssued(answer.body), answer };
  const denial = parseDenial(answer);
  if (denial === undefined) throw new Error(`no denial of ours: ${answer.status} ${answer.body}`);
  return { status: answer.status, denial, answer };
}

/** The values of a credential in plain, as a job has them. */
export function valuesOf(issued: Issued): Record<string, string> {
  return Object.fromEntries(Object.entries(issued.values).map(([name, value]) => [name, value.reveal()]));
}

export async function getJson(url: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await send({ method: 'GET', url, timeoutMs: TIMEOUT_MS, bodyBytesMax: BODY_BYTES_MAX });
  return { status: answer.status, body: JSON.parse(answer.body) as Record<string, unknown> };
}
