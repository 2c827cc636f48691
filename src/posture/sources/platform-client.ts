import { z } from 'zod';
import type { BoundedFetch, BoundedResponse } from '#core/bounded-fetch.ts';
import { messageOf } from '#core/errors.ts';
import type { Secret } from '#core/secret.ts';
import { BoundedCache } from '../bounded-cache.ts';
import { DefinitionSourceError } from '../definition-source.ts';

export interface PlatformOptions {
  /** Base of the REST API, without a slash at its end. */
  readonly url: string;
  /** Read for each request, so that a changed one is used; undefined: none. */
  readonly token: (() => Promise<Secret>) | undefined;
  readonly fetch: BoundedFetch;
}

const BODY_BYTES_MAX = 32 * 1_048_576;
const TIMEOUT_MS = 10_000;
const AT_ONCE_MAX = 8;
const BLOBS_KEPT_MAX = 2_000;
const BLOB_CHARS_KEPT_MAX = 100_000;

/** Reads from a platform's REST API; patience is for others: a job waits for the answer. */
export class PlatformClient {
  readonly #options: PlatformOptions;
  readonly #headers: (token: string | undefined) => Readonly<Record<string, string>>;
  /** Contents by git's name of them: they never change. */
  readonly #blobs = new BoundedCache<string>(BLOBS_KEPT_MAX);

  constructor(
    options: PlatformOptions,
    headers: (token: string | undefined) => Readonly<Record<string, string>>,
  ) {
    this.#options = options;
    this.#headers = headers;
  }

  /** Undefined when the platform has no such thing, or does not show it to this token. */
  async get<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T | undefined> {
    const response = await this.#send(path, signal);
    if (response === undefined) return undefined;
    const parsed = schema.safeParse(parseJson(response.body));
    if (parsed.success) return parsed.data;
    throw new DefinitionSourceError(
      'definition_source_refused',
      'the platform answered what nobody understands',
    );
  }

  async #send(path: string, signal: AbortSignal): Promise<BoundedResponse | undefined> {
    const { url, token, fetch } = this.#options;
    const secret = token === undefined ? undefined : (await token()).reveal();
    let response: BoundedResponse;
    try {
      response = await fetch(`${url}${path}`, {
        headers: this.#headers(secret),
        bodyBytesMax: BODY_BYTES_MAX,
        timeoutMs: TIMEOUT_MS,
        signal,
      });
    } catch (cause) {
      const error = new Error(messageOf(cause));
      throw new DefinitionSourceError('definition_source_unavailable', 'the platform did not answer', {
        cause: error,
      });
    }
    const { status } = response;
    if (status === 200) return response;
    if (status === 404 || status === 409) return undefined;
    const cause = new Error(`status ${status}`);
    if (status === 401 || (status === 403 && response.headers['x-ratelimit-remaining'] !== '0')) {
      throw new DefinitionSourceError('definition_source_refused', 'the platform does not accept our token', {
        cause,
      });
    }
    throw new DefinitionSourceError(
      'definition_source_unavailable',
      'the platform did not answer as expected',
      {
        cause,
      },
    );
  }

  /** A content by its name; read once. */
  async blob(objectId: string, read: () => Promise<string | undefined>): Promise<string | undefined> {
    const known = this.#blobs.get(objectId);
    if (known !== undefined) return known;
    const text = await read();
    if (text !== undefined && text.length <= BLOB_CHARS_KEPT_MAX) this.#blobs.set(objectId, text);
    return text;
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Runs a task for each item, a few at a time, with the results in the order of the items. */
export async function mapSome<Item, Result>(
  items: readonly Item[],
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE_MAX, items.length) }, work));
  return results;
}

/** A blob as both platforms give it; a size beyond the limit is not even asked for. */
export const BlobAnswer = z.object({ content: z.string(), encoding: z.string() });

export function textOf({ content, encoding }: z.infer<typeof BlobAnswer>): string {
  return Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8').toString('utf8');
}
