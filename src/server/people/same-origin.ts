import type { IncomingHttpHeaders } from 'node:http';
import { CONSOLE_REQUEST_HEADER } from '#api/session.ts';
import { RequestProblem } from '../request-problem.ts';

/**
 * Refuses what another site makes a browser send (CSRF). Three locks, each of which holds alone: the cookie is
 * `SameSite=Strict`; a field that no form can send and no other origin may add without being asked for (Fetch
 * §4.8); and what the browser itself says of where the request comes from.
 * @throws {RequestProblem} `csrf_refused`
 */
export function requireSameOrigin(headers: IncomingHttpHeaders, publicUrl: string): void {
  if (headers[CONSOLE_REQUEST_HEADER] !== '1') {
    throw refused(`A request with a cookie that changes something needs \`${CONSOLE_REQUEST_HEADER}: 1\`.`);
  }
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw refused('The browser says that another site asks.');
  if (origin !== undefined && !isOwnOrigin(origin, host, publicUrl)) {
    throw refused('The Origin header names another site.');
  }
  if (site === undefined && origin === undefined) {
    throw refused('The request says neither Origin nor Sec-Fetch-Site.');
  }
}

/** The public URL, or the very host that was asked: people also come by another name of the same machine. */
function isOwnOrigin(origin: string, host: string | undefined, publicUrl: string): boolean {
  const own = new URL(publicUrl);
  return origin === own.origin || (host !== undefined && origin === `${own.protocol}//${host}`);
}

function refused(detail: string): RequestProblem {
  return new RequestProblem('csrf_refused', detail);
}
