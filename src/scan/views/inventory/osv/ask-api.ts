import { z } from 'zod';
import type { BoundedRequest, BoundedResponse } from '#core/bounded-fetch.ts';
import { FetchError } from '#core/fetch-error.ts';
import type { Network } from '../../../view.ts';
import type { Advisory } from '../advisory.ts';
import { type ReadAdvisories, readAdvisory } from './read-files.ts';

/** One package as OSV names it. No version goes along: which later version is free of all of it is asked, too. */
export interface PackageQuery {
  readonly ecosystem: string;
  readonly name: string;
}

export interface OsvAnswer extends ReadAdvisories {
  /** Packages that were asked for. */
  readonly packages: number;
  /** Why this is not all that OSV knows; undefined when it is. */
  readonly missing: string | undefined;
}

/** What the service takes in one request (google/osv.dev, `_MAX_BATCH_QUERY`). */
const QUERIES_MAX = 1_000;
const PACKAGES_MAX = 10_000;
const PAGES_MAX = 20;
const ADVISORIES_MAX = 3_000;
const LIST_BYTES_MAX = 32 * 1_048_576;
const ADVISORY_BYTES_MAX = 4 * 1_048_576;
/** Of all advisories together, which are kept. */
const BYTES_MAX = 200 * 1_048_576;
/** The service itself gives up on a batch after 35 seconds. */
const REQUEST_TIMEOUT_MS = 45_000;
const TOTAL_MS_MAX = 10 * 60_000;
const ATTEMPTS_MAX = 3;
const BACKOFF_MS = 1_000;
const WAIT_MS_MAX = 60_000;
/** As many as the agent opens connections to one host. */
const PARALLEL = 8;
/** Ids come from the service and go into an address. */
const ID = /^(?!\.)[A-Za-z0-9._-]{1,100}$/;

const BatchAnswer = z.object({
  results: z.array(
    z.object({
      vulns: z
        .array(z.object({ id: z.string().max(200) }))
        .max(20_000)
        .optional(),
      next_page_token: z.string().max(10_000).optional(),
    }),
  ),
});

/** What ends the questions; its message is for the reader. */
class Unanswered extends Error {}

const NEVER_AGAIN = new Set([
  'fetch_address_forbidden',
  'fetch_scheme_forbidden',
  'fetch_redirect_forbidden',
  'fetch_too_large',
]);

class OsvClient {
  readonly #baseUrl: string;
  readonly #network: Network;
  readonly #untilMs: number;
  #bytes = 0;

  constructor(baseUrl: string, network: Network) {
    this.#baseUrl = baseUrl.replace(/\/+$/, '');
    this.#network = network;
    this.#untilMs = network.clock.nowMs() + TOTAL_MS_MAX;
  }

  /** The answer, or how long to wait before another attempt; throws when no other attempt is worth it. */
  async #attempt(path: string, request: BoundedRequest): Promise<BoundedResponse | number> {
    try {
      const response = await this.#network.fetch(`${this.#baseUrl}${path}`, request);
      if (response.status !== 429 && response.status < 500) return response;
      const after = Number(response.headers['retry-after']);
      return Number.isFinite(after) && after > 0 ? Math.min(after * 1_000, WAIT_MS_MAX) : BACKOFF_MS;
    } catch (error) {
      if (!(error instanceof FetchError) || NEVER_AGAIN.has(error.code)) throw error;
      return BACKOFF_MS;
    }
  }

  async #send(path: string, request: BoundedRequest): Promise<BoundedResponse> {
    for (let attempt = 1; ; attempt += 1) {
      if (this.#network.clock.nowMs() > this.#untilMs)
        throw new Unanswered(`it took more than ${TOTAL_MS_MAX / 60_000} minutes`);
      const answer = await this.#attempt(path, request);
      if (typeof answer !== 'number') return answer;
      if (attempt >= ATTEMPTS_MAX) throw new Unanswered(`no usable answer in ${ATTEMPTS_MAX} attempts`);
      await this.#network.sleep(answer * attempt);
    }
  }

  async listIds(queries: readonly (PackageQuery & { readonly pageToken?: string })[]): Promise<{
    readonly ids: readonly string[];
    readonly rest: readonly (PackageQuery & { readonly pageToken: string })[];
  }> {
    const body = JSON.stringify({
      queries: queries.map(({ ecosystem, name, pageToken }) => ({
        package: { ecosystem, name },
        ...(pageToken === undefined ? {} : { page_token: pageToken }),
      })),
    });
    const { status, body: text } = await this.#send('/v1/querybatch', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      bodyBytesMax: LIST_BYTES_MAX,
      timeoutMs: REQUEST_TIMEOUT_MS,
    });
    if (status !== 200) throw new Unanswered(`it answered ${status} to the list of packages`);
    const results = parseJson(text, BatchAnswer)?.results;
    // Results stand in the order of the queries; of another number they belong to nothing.
    if (results?.length !== queries.length)
      throw new Unanswered('its answer is not what the interface describes');
    return {
      ids: results.flatMap(({ vulns = [] }) => vulns.map(({ id }) => id)),
      rest: results.flatMap(({ next_page_token: pageToken }, index) => {
        const query = queries[index];
        return query === undefined || pageToken === undefined || pageToken === ''
          ? []
          : [{ ecosystem: query.ecosystem, name: query.name, pageToken }];
      }),
    };
  }

  /** Undefined for what is no advisory. */
  async readAdvisory(id: string): Promise<Advisory | undefined> {
    const { status, body } = await this.#send(`/v1/vulns/${encodeURIComponent(id)}`, {
      bodyBytesMax: ADVISORY_BYTES_MAX,
      timeoutMs: REQUEST_TIMEOUT_MS,
    });
    // Withdrawn and deleted between the two questions.
    if (status === 404) return undefined;
    if (status !== 200) throw new Unanswered(`it answered ${status} to the advisory ${id}`);
    this.#bytes += body.length;
    if (this.#bytes > BYTES_MAX) throw new Unanswered('its advisories are more than is kept');
    const advisory = readAdvisory(() => body);
    return advisory?.id === id ? advisory : undefined;
  }
}

function parseJson<Value>(text: string, schema: z.ZodType<Value>): Value | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Unanswered) return error.message;
  if (error instanceof FetchError) return `${error.code}: ${error.message}`;
  throw error;
}

/** Names only, in batches; the ids are what was learnt until somebody stopped answering. */
async function listAll(
  client: OsvClient,
  packages: readonly PackageQuery[],
): Promise<{ readonly ids: ReadonlySet<string>; readonly missing: string | undefined }> {
  const ids = new Set<string>();
  try {
    for (let at = 0; at < packages.length; at += QUERIES_MAX) {
      let queries: Parameters<OsvClient['listIds']>[0] = packages.slice(at, at + QUERIES_MAX);
      for (let page = 0; queries.length > 0; page += 1) {
        if (page >= PAGES_MAX) return { ids, missing: 'a package has more advisories than are read' };
        const answer = await client.listIds(queries);
        for (const id of answer.ids.filter((each) => ID.test(each))) ids.add(id);
        queries = answer.rest;
      }
    }
  } catch (error) {
    return { ids, missing: reasonOf(error) };
  }
  return { ids, missing: undefined };
}

/** A few at a time; the first that nobody answers ends it. */
async function readAll(
  client: OsvClient,
  ids: readonly string[],
): Promise<{ readonly found: readonly Advisory[]; readonly missing: string | undefined }> {
  const found: Advisory[] = [];
  const waiting = [...ids];
  let missing: string | undefined;
  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined && missing === undefined; id = waiting.shift()) {
      try {
        const advisory = await client.readAdvisory(id);
        if (advisory !== undefined) found.push(advisory);
      } catch (error) {
        missing = reasonOf(error);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return { found, missing };
}

/**
 * Asks a service with OSV’s interface (`POST /v1/querybatch`, then `GET /v1/vulns/ID`) for all advisories about
 * packages. Never throws for a service that does not answer: `missing` says so, and what it says is then not all.
 */
export async function askOsv(
  baseUrl: string,
  packages: readonly PackageQuery[],
  network: Network,
): Promise<OsvAnswer> {
  const asked = packages.slice(0, PACKAGES_MAX);
  const client = new OsvClient(baseUrl, network);
  const listed = await listAll(client, asked);
  const ids = [...listed.ids].slice(0, ADVISORIES_MAX);
  const { found, missing } = await readAll(client, ids);
  const tooMany =
    ids.length < listed.ids.size || asked.length < packages.length
      ? 'there are more packages or advisories than are asked for'
      : undefined;
  return {
    // The order in which answers come in says nothing.
    advisories: found.toSorted((left, right) => (left.id < right.id ? -1 : 1)),
    unreadable: missing === undefined ? ids.length - found.length : 0,
    packages: asked.length,
    missing: listed.missing ?? missing ?? tooMany,
  };
}
