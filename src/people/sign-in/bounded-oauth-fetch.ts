import type { BoundedFetch, BoundedRequest } from '#core/bounded-fetch.ts';

const BODY_BYTES_MAX = 1_048_576;
const TIMEOUT_MS = 10_000;
const NULL_BODY = new Set([204, 205, 304]);

/** What oauth4webapi calls instead of the global `fetch`. */
export type OauthFetch = (
  url: string,
  options: {
    body?: unknown;
    headers: Readonly<Record<string, string>>;
    method: string;
    signal?: AbortSignal | undefined;
  },
) => Promise<Response>;

/** The provider is reached as everything else is: no redirects, no private addresses, bounded time and size. */
export function createOauthFetch(fetch: BoundedFetch): OauthFetch {
  return async (url, { body, headers, method, signal }) => {
    const answer = await fetch(url, {
      method: methodOf(method),
      headers,
      ...(body === undefined || body === null ? {} : { body: textOf(body) }),
      bodyBytesMax: BODY_BYTES_MAX,
      timeoutMs: TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    });
    return new Response(NULL_BODY.has(answer.status) ? null : answer.body, {
      status: answer.status,
      headers: { ...answer.headers },
    });
  };
}

function methodOf(method: string): NonNullable<BoundedRequest['method']> {
  if (method === 'GET' || method === 'POST') return method;
  throw new TypeError(`oauth4webapi asked for ${method}`);
}

/** Only forms are sent here. */
function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('oauth4webapi sent a body of another kind');
}
