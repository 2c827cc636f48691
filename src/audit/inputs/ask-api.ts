import type { BoundedFetch, BoundedResponse } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import { InputError } from './input-error.ts';

const TIMEOUT_MS = 20_000;
const BODY_BYTES_MAX = 16 * 1024 * 1024;
const WAIT_SECONDS_MAX = 3_600;

/** How long a source wants to be left alone (RFC 9110 §10.2.3, and the headers of GitHub and GitLab). */
export function waitSecondsOf(
  { headers }: Pick<BoundedResponse, 'headers'>,
  clock: Clock,
): number | undefined {
  const nowSeconds = clock.nowMs() / 1_000;
  const after = headers['retry-after'];
  const seconds = Number(after ?? Number.NaN);
  const atDate = Number.isNaN(seconds) ? Date.parse(after ?? '') / 1_000 - nowSeconds : seconds;
  const spent = (headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining']) === '0';
  const resetsAt = Number(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'] ?? Number.NaN);
  const wait = Number.isNaN(atDate) ? (spent ? resetsAt - nowSeconds : Number.NaN) : atDate;
  if (Number.isNaN(wait)) return undefined;
  return Math.min(Math.max(1, Math.ceil(wait)), WAIT_SECONDS_MAX);
}

/**
 * One page of an API that answers with a list in JSON.
 *
 * @throws {InputError} `input_unavailable` with the time to wait, `input_refused`, `input_unreadable`
 */
export async function askForList(
  { fetch, clock }: { fetch: BoundedFetch; clock: Clock },
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<{ list: readonly unknown[]; response: BoundedResponse }> {
  const response = await fetch(url, { headers, signal, bodyBytesMax: BODY_BYTES_MAX, timeoutMs: TIMEOUT_MS });
  const { status } = response;
  const waitSeconds = waitSecondsOf(response, clock);
  const limited = status === 429 || (status === 403 && waitSeconds !== undefined);
  if (limited || status >= 500) {
    throw new InputError('input_unavailable', `It answered ${status}.`, { waitSeconds: waitSeconds ?? 60 });
  }
  if (status !== 200) {
    throw new InputError('input_refused', `It answered ${status}.`, {
      remedy: 'Check that the token is valid, and may read the audit log.',
    });
  }
  return { list: parseList(response.body), response };
}

function parseList(body: string): readonly unknown[] {
  let list: unknown;
  try {
    list = JSON.parse(body);
  } catch (cause) {
    throw new InputError('input_unreadable', 'Its answer is not JSON.', { cause });
  }
  if (Array.isArray(list)) return list;
  throw new InputError('input_unreadable', 'Its answer is not a list.');
}

/** The address behind `rel="next"` (RFC 8288), when it is of the same origin: a token must not follow a stranger. */
export function nextLink(header: string | undefined, base: string): string | undefined {
  for (const part of (header ?? '').slice(0, 8_192).split(',')) {
    const match = /^\s*<([^<>]{1,4000})>\s*;(.{0,500})$/.exec(part);
    if (match === null || !/\brel="?next"?/.test(match[2] ?? '')) continue;
    const url = URL.parse(match[1] ?? '', base);
    if (url !== null && url.origin === new URL(base).origin) return url.href;
  }
  return undefined;
}

/** A listing that was begun at another address, before the configuration was changed, must not get the token of this one. */
export function refuseStranger(url: string, base: string): void {
  if (new URL(url).origin === new URL(base).origin) return;
  throw new InputError('input_refused', 'It stopped in a listing of another server.', {
    remedy: 'Give the input another name: it then begins anew.',
  });
}
