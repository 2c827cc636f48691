import type { HttpSend } from '../../client/http-send.ts';

const TIMEOUT_MS = 10_000;

/** What a browser sends with every request of the console. */
export type BrowserHeaders = Readonly<Record<string, string>>;

async function follow(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (response.status === 303 && response.headers.has('location')) return response;
  throw new Error(`${new URL(url).pathname} answered ${response.status} and sends nobody on`);
}

function cookiesOf(response: Response): string {
  const pairs = response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '');
  return pairs.filter((pair) => !pair.endsWith('=')).join('; ');
}

/** Signs somebody in by the identity provider for people, step by step as a browser goes. */
export async function signInPerson(server: string, subject: string): Promise<BrowserHeaders> {
  const started = await follow(`${server}/auth/sign-in`, {});
  const agreed = await follow(started.headers.get('location') ?? '', {
    method: 'POST',
    body: new URLSearchParams({ subject }),
  });
  const cookie = cookiesOf(started);
  const finished = await follow(agreed.headers.get('location') ?? '', { headers: { cookie } });
  return { cookie: cookiesOf(finished), origin: server, 'vouchgate-request': '1' };
}

/** Sends every request as that browser does. */
export function sendAs(send: HttpSend, browser: BrowserHeaders): HttpSend {
  return (request) => send({ ...request, headers: { ...request.headers, ...browser } });
}
