import type { BoundedFetch, BoundedRequest, BoundedResponse } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import { FetchError } from '#core/fetch-error.ts';
import type { Secret } from '#core/secret.ts';
import type { SinkTrouble } from './sink.ts';

const MESSAGE_CHARS_MAX = 300;
const TIMEOUT_MS = 30_000;
const ANSWER_BYTES_MAX = 1_000_000;
const SECRET_CHARS_MIN = 4;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** What a receiver says, for people: short, printable, and without what we showed it. */
export function quoteAnswer(text: string, secrets: readonly Secret[]): string {
  let shown = text.slice(0, 10_000);
  for (const secret of secrets) {
    const value = secret.reveal();
    if (value.length >= SECRET_CHARS_MIN) shown = shown.replaceAll(value, '[redacted]');
  }
  return shown
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, MESSAGE_CHARS_MAX)
    .toWellFormed();
}

/** `Retry-After` (RFC 9110 §10.2.3) in ms: seconds or a date. Undefined when there is none that makes sense. */
export function readRetryAfter(headers: BoundedResponse['headers'], clock: Clock): number | undefined {
  const text = headers['retry-after']?.trim();
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  // Date.parse alone takes nearly anything for a date, `-5` for one.
  const atMs = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - clock.nowMs());
}

function kindOf(status: number): SinkTrouble['kind'] {
  if (status === 400 || status === 413 || status === 422) return 'split';
  if (status === 408 || status === 425 || status === 429 || status >= 500) return 'retry';
  return 'refused';
}

/** Undefined for 2xx. What a status means where the receiver has no words of its own. */
export function troubleOf(
  answer: BoundedResponse,
  clock: Clock,
  secrets: readonly Secret[],
): SinkTrouble | undefined {
  if (answer.status >= 200 && answer.status < 300) return undefined;
  const said = quoteAnswer(answer.body, secrets);
  return {
    kind: kindOf(answer.status),
    code: `http_${answer.status}`,
    message: `It answered ${answer.status}${said === '' ? '' : `: ${said}`}`,
    retryAfterMs: readRetryAfter(answer.headers, clock),
  };
}

/** What the network does is worth another try; what our own guard refuses is a matter of the configuration. */
export function troubleOfFetch(error: unknown): SinkTrouble {
  if (!(error instanceof FetchError)) throw error;
  const passes = error.code === 'fetch_failed' || error.code === 'fetch_timeout';
  return { kind: passes ? 'retry' : 'refused', code: error.code, message: error.message };
}

export type Exchange = { readonly answer: BoundedResponse } | { readonly trouble: SinkTrouble };

/** One request within the limits of a sink; a failure of the network is a value. */
export async function exchange(
  fetch: BoundedFetch,
  url: string,
  request: Omit<BoundedRequest, 'timeoutMs' | 'bodyBytesMax'> & { bodyBytesMax?: number; timeoutMs?: number },
): Promise<Exchange> {
  try {
    return {
      answer: await fetch(url, { timeoutMs: TIMEOUT_MS, bodyBytesMax: ANSWER_BYTES_MAX, ...request }),
    };
  } catch (error) {
    return { trouble: troubleOfFetch(error) };
  }
}

const CHECK_TIMEOUT_MS = 10_000;
const UNAUTHORIZED = 401;

/** For `check` of a sink: whatever it says to a request for nothing, it is there; with `headers` it must know us, too. */
export async function findReceiver(
  fetch: BoundedFetch,
  url: string,
  { headers, signal }: { headers?: Readonly<Record<string, string>>; signal: AbortSignal },
): Promise<readonly string[]> {
  const done = await exchange(fetch, url, {
    timeoutMs: CHECK_TIMEOUT_MS,
    signal,
    ...(headers === undefined ? {} : { headers }),
  });
  if ('trouble' in done) return done.trouble.code === 'fetch_too_large' ? [] : [done.trouble.message];
  const { status } = done.answer;
  if (status >= 500) return [`It answers with status ${status}.`];
  return status === UNAUTHORIZED && headers !== undefined ? ['It does not let us in (status 401).'] : [];
}

/** JSON of an answer as an object; undefined for anything else. */
export function parseAnswer(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
