import { lookup as systemLookup } from 'node:dns';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { Clock } from './clock.ts';
import { FetchError } from './fetch-error.ts';
import {
  checkTarget,
  createAgent,
  createProxyAgent,
  guardLookup,
  type ResolveAll,
  trustAlso,
} from './guarded-agent.ts';
import type { Logger } from './log.ts';

export { FetchError };

export interface BoundedRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** Cap on the response's body, after decoding; more is `fetch_too_large`. */
  bodyBytesMax: number;
  /** Cap on the whole exchange: connect, headers and body. */
  timeoutMs: number;
  signal?: AbortSignal;
}

export interface BoundedResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** The only way to the network for everything that takes a URL from configuration or from a token. */
export type BoundedFetch = (url: string, request: BoundedRequest) => Promise<BoundedResponse>;

export interface FetchTrust {
  /**
   * Hosts (`idp.internal`, or only one port of it: `idp.internal:8443`) that may resolve to private addresses
   * and may be spoken to over plain http. Compared exactly.
   */
  allowPrivateHosts?: readonly string[];
  /** CA certificates in PEM that are trusted beside the system's. */
  caPem?: string;
}

export interface BoundedFetchOptions {
  clock: Clock;
  log: Logger;
  trust?: FetchTrust;
  /**
   * HTTP proxy for everything but the hosts of `allowPrivateHosts`, which are reached directly. The proxy
   * resolves names itself: only literal addresses and `localhost` can then be refused here, and keeping names
   * from resolving to private addresses is the proxy's task.
   */
  proxyUrl?: string;
  /** Resolves names; for tests. */
  lookup?: ResolveAll;
}

/**
 * Makes the fetch. Names are resolved and judged at connect time, and the connection goes to the very address
 * that was judged: a name that resolves differently the second time (DNS rebinding) gains nothing.
 */
export function createBoundedFetch(options: BoundedFetchOptions): {
  fetch: BoundedFetch;
  close(): Promise<void>;
} {
  const { clock, log, trust = {}, proxyUrl } = options;
  const privateHosts = new Set((trust.allowPrivateHosts ?? []).map((host) => host.toLowerCase()));
  const secureContext = trust.caPem === undefined ? undefined : trustAlso(trust.caPem);
  const direct = createAgent(secureContext, undefined);
  const outward =
    proxyUrl === undefined
      ? createAgent(secureContext, guardLookup(options.lookup ?? systemLookup))
      : createProxyAgent(proxyUrl, secureContext);

  const fetch: BoundedFetch = async (text, request) => {
    const url = parseUrl(text);
    const startedAtMs = clock.nowMs();
    const timeout = AbortSignal.timeout(request.timeoutMs);
    try {
      const isPrivate = privateHosts.has(url.hostname) || privateHosts.has(hostAndPort(url));
      checkScheme(url);
      if (!isPrivate) checkTarget(url);
      const response = await exchange(url, request, isPrivate ? direct : outward, timeout);
      const durationMs = clock.nowMs() - startedAtMs;
      log.debug('fetch.completed', { url: locationOf(url), status: response.status, durationMs });
      return response;
    } catch (cause) {
      throw fetchErrorOf(cause, url, request, timeout);
    }
  };
  return {
    fetch,
    async close() {
      await Promise.all([direct.destroy(), outward.destroy()]);
    },
  };
}

async function exchange(
  url: URL,
  request: BoundedRequest,
  dispatcher: Dispatcher,
  timeout: AbortSignal,
): Promise<BoundedResponse> {
  const { method = 'GET', headers = {}, body, bodyBytesMax, signal } = request;
  const response = await dispatcher.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers: { 'user-agent': 'vouchgate', 'accept-encoding': 'identity', ...headers },
    body: body ?? null,
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  });
  const status = response.statusCode;
  if (status >= 300 && status < 400 && status !== 304) {
    discard(response.body);
    // A redirect would carry the request, and its secrets, to a host that nobody judged.
    throw new FetchError('fetch_redirect_forbidden', `It answered ${status}, a redirect.`);
  }
  const flat = flattenHeaders(response.headers);
  return {
    status,
    headers: flat,
    body: await readBody(response.body, flat['content-encoding'], bodyBytesMax),
  };
}

function flattenHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const flat: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

async function readBody(body: Readable, encoding: string | undefined, bytesMax: number): Promise<string> {
  const decoded = decode(body, encoding?.trim().toLowerCase());
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of decoded as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    // Leaving the loop destroys the stream, and with it the connection.
    if (bytes > bytesMax) throw new FetchError('fetch_too_large', `Its body is over ${bytesMax} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** We ask for no encoding; who sends one nevertheless is decoded, and counted by what comes out. */
function decode(body: Readable, encoding: string | undefined): Readable {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return body;
  const decoder = decoderFor(encoding);
  if (decoder === undefined) {
    discard(body);
    throw new FetchError('fetch_failed', 'Its content encoding is not known.');
  }
  // An error of either side destroys the decoder, and whoever reads from it is told.
  return pipeline(body, decoder, () => {});
}

/** undici reports an abandoned body as an error of its stream, which nobody heard would end the process. */
function discard(body: Readable): void {
  body.on('error', () => {}).destroy();
}

function decoderFor(encoding: string): Transform | undefined {
  switch (encoding) {
    case 'gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'deflate':
      return createInflate();
    default:
      return undefined;
  }
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new FetchError('fetch_scheme_forbidden', 'This is not a URL.');
  return url;
}

function checkScheme(url: URL): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new FetchError('fetch_scheme_forbidden', `The scheme ${url.protocol} is not allowed.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new FetchError('fetch_scheme_forbidden', 'A URL must not carry a user or a password.');
  }
}

function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port}`;
}

function locationOf(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function fetchErrorOf(cause: unknown, url: URL, request: BoundedRequest, timeout: AbortSignal): FetchError {
  const location = locationOf(url);
  const own = ownErrorIn(cause);
  if (own !== undefined) {
    const remedy = own.remedy === undefined ? {} : { remedy: own.remedy };
    return new FetchError(own.code, own.message, { location, cause, ...remedy });
  }
  if (timeout.aborted && request.signal?.aborted !== true) {
    return new FetchError('fetch_timeout', `No full answer within ${request.timeoutMs} ms.`, {
      location,
      cause,
    });
  }
  const reason = reasonOf(cause);
  return new FetchError('fetch_failed', `The request to ${url.host} failed (${reason}).`, {
    location,
    cause,
  });
}

/** The stable name that Node and undici give a failure (`ECONNREFUSED`, `CERT_HAS_EXPIRED`); never the message. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}

/** Ours may come back as the cause of undici's. */
function ownErrorIn(error: unknown): FetchError | undefined {
  for (let depth = 0, current = error; depth < 5 && current instanceof Error; depth += 1) {
    if (current instanceof FetchError) return current;
    current = current.cause;
  }
  return undefined;
}
