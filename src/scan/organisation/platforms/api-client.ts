import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { BoundedFetch, BoundedResponse } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import { messageOf } from '#core/errors.ts';
import type { Secret } from '#core/secret.ts';
import { OrganisationError } from '../organisation-error.ts';

export interface ApiOptions {
  readonly fetch: BoundedFetch;
  readonly clock: Clock;
  /** Waits so many milliseconds. */
  readonly sleep: (durationMs: number) => Promise<void>;
  /** Without `/` at its end. */
  readonly baseUrl: string;
  /** How the platform wants its token and its version. */
  readonly headers: (token: string) => Readonly<Record<string, string>>;
  readonly token: Secret;
  /** Answers with an entity tag are kept there; none of them holds a secret's value. */
  readonly cacheFolder: string | undefined;
}

/** What the platform said; `refused` is a right that the token lacks, or a feature that is not there. */
export type ApiAnswer =
  | { readonly kind: 'found'; readonly value: unknown; readonly next: string | undefined }
  | { readonly kind: 'refused'; readonly status: number };

const BODY_BYTES_MAX = 32 * 1_048_576;
const TIMEOUT_MS = 60_000;
const ATTEMPTS_MAX = 6;
/** GitHub’s primary limit starts anew each hour. */
const WAIT_MS_MAX = 65 * 60_000;
const BACKOFF_MS = 1_000;
const PAGES_MAX = 500;

const Kept = z.object({ etag: z.string(), body: z.string(), next: z.string().optional() });

/** The next page; only of the same server, since the token goes along (RFC 8288 §3). */
function nextPage(link: string | undefined, baseUrl: string): string | undefined {
  for (const part of (link ?? '').slice(0, 10_000).split(',')) {
    const [target = '', ...parameters] = part.split(';');
    const url = /^\s*<([^<>]+)>\s*$/.exec(target)?.[1];
    if (url === undefined || !parameters.some((each) => each.trim() === 'rel="next"')) continue;
    return URL.parse(url)?.origin === new URL(baseUrl).origin ? url : undefined;
  }
  return undefined;
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new OrganisationError(
      'platform_answer_invalid',
      'the platform answered something that is no JSON',
      { cause },
    );
  }
}

/** How long to wait before the same request may be sent again; undefined when it may not. */
function limitWaitMs({ status, headers }: BoundedResponse, nowMs: number): number | undefined {
  if (status !== 429 && status !== 403) return undefined;
  const after = Number(headers['retry-after']);
  if (Number.isFinite(after) && after > 0) return after * 1000;
  const remaining = headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining'];
  const reset = Number(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset']);
  if (remaining === '0' && Number.isFinite(reset)) return Math.max(BACKOFF_MS, reset * 1000 - nowMs);
  return status === 429 ? 60_000 : undefined;
}

/** Reads from a platform's REST interface: bounded, patient where it says that it was asked too often. */
export class ApiClient {
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
    if (options.cacheFolder !== undefined) mkdirSync(options.cacheFolder, { recursive: true });
  }

  #cacheFile(url: string): string | undefined {
    const { cacheFolder } = this.#options;
    if (cacheFolder === undefined) return undefined;
    return path.join(cacheFolder, `${createHash('sha256').update(url).digest('hex')}.json`);
  }

  #readKept(file: string | undefined): z.infer<typeof Kept> | undefined {
    if (file === undefined) return undefined;
    try {
      return Kept.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
    } catch {
      // Nothing kept, or half of it: the platform is asked for all of it.
      return undefined;
    }
  }

  async #send(url: string, etag: string | undefined): Promise<BoundedResponse> {
    const { fetch, token, headers } = this.#options;
    const conditional = etag === undefined ? {} : { 'if-none-match': etag };
    return await fetch(url, {
      headers: { ...headers(token.reveal()), ...conditional },
      bodyBytesMax: BODY_BYTES_MAX,
      timeoutMs: TIMEOUT_MS,
    });
  }

  async #sendPatiently(url: string, etag: string | undefined): Promise<BoundedResponse> {
    const { clock, sleep } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.#send(url, etag).catch((cause: unknown) => {
        if (attempt >= 3) {
          throw new OrganisationError(
            'platform_unavailable',
            `the platform did not answer: ${messageOf(cause)}`,
            { cause },
          );
        }
        return undefined;
      });
      const broken = response === undefined || response.status >= 500;
      const waitMs = broken ? BACKOFF_MS * 2 ** attempt : limitWaitMs(response, clock.nowMs());
      if (response !== undefined && (waitMs === undefined || (broken && attempt >= 3))) return response;
      if (attempt >= ATTEMPTS_MAX || (waitMs ?? 0) > WAIT_MS_MAX) {
        throw new OrganisationError('platform_unavailable', 'the platform allows no more requests for now', {
          remedy: 'Start the scan again later: what is done is kept in the output folder.',
        });
      }
      await sleep(waitMs ?? BACKOFF_MS);
    }
  }

  /** `secret` keeps the answer off the disk. Throws when the token is not accepted, or nobody answers. */
  async get(pathOrUrl: string, { secret = false } = {}): Promise<ApiAnswer> {
    const url = pathOrUrl.startsWith('/') ? `${this.#options.baseUrl}${pathOrUrl}` : pathOrUrl;
    const file = secret ? undefined : this.#cacheFile(url);
    const kept = this.#readKept(file);
    const response = await this.#sendPatiently(url, kept?.etag);
    const { status, headers, body } = response;
    if (status === 304 && kept !== undefined)
      return { kind: 'found', value: parseBody(kept.body), next: kept.next };
    if (status === 401) {
      throw new OrganisationError('platform_refused', 'the platform does not accept the token', {
        remedy: 'Set GITHUB_TOKEN or GITLAB_TOKEN to a token that may read the repositories.',
      });
    }
    if (status !== 200) return { kind: 'refused', status };
    const next = nextPage(headers['link'], this.#options.baseUrl);
    const value = parseBody(body);
    const { etag } = headers;
    if (file !== undefined && etag !== undefined) {
      writeFileSync(`${file}.part`, JSON.stringify({ etag, body, next }));
      renameSync(`${file}.part`, file);
    }
    return { kind: 'found', value, next };
  }

  /** All pages of a list; `pick` takes the list out of an answer. Undefined when the first one is refused. */
  async list(
    first: string,
    pick: (value: unknown) => readonly unknown[],
    options = { secret: false },
  ): Promise<unknown[] | undefined> {
    const all: unknown[] = [];
    let at: string | undefined = first;
    for (let page = 0; at !== undefined && page < PAGES_MAX; page += 1) {
      const answer: ApiAnswer = await this.get(at, options);
      if (answer.kind === 'refused') return page === 0 ? undefined : all;
      all.push(...pick(answer.value));
      at = answer.next;
    }
    return all;
  }
}
