import type { ServerResponse } from 'node:http';

/** A finished answer. Everything is small and complete, so it goes out with its length, in one write. */
export interface Answer {
  status: number;
  mediaType: string;
  body: string | Uint8Array;
  /** Name, value, name, value… */
  headers?: readonly string[];
  /** Default `no-store`: what we answer is about one caller at one moment. */
  cacheControl?: string;
  /** Default: nothing may load, run or frame. */
  contentSecurityPolicy?: string;
}

export type SendAnswer = (response: ServerResponse, answer: Answer, options?: { close: boolean }) => void;

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const HSTS_SECONDS = 31_536_000;

/** Header fields of every answer, also of those that are written before there is a request. */
export function securityHeaders(secure: boolean): readonly string[] {
  return [
    'X-Content-Type-Options',
    'nosniff',
    'Referrer-Policy',
    'no-referrer',
    'Cross-Origin-Resource-Policy',
    'same-origin',
    ...(secure ? ['Strict-Transport-Security', `max-age=${HSTS_SECONDS}`] : []),
  ];
}

/** All header fields of an answer, flat; `fixed` are {@link securityHeaders}. */
export function answerHeaders(
  answer: Answer,
  bodyBytes: number,
  fixed: readonly string[],
  close: boolean,
): string[] {
  const headers = [
    'Content-Length',
    String(bodyBytes),
    'Cache-Control',
    answer.cacheControl ?? 'no-store',
    'Content-Security-Policy',
    answer.contentSecurityPolicy ?? CONTENT_SECURITY_POLICY,
    ...fixed,
  ];
  // A 204 has no body, so it has neither a type nor a length (RFC 9110 §8.6).
  if (answer.status === 204) headers.splice(0, 2);
  else headers.push('Content-Type', answer.mediaType);
  if (answer.headers !== undefined) headers.push(...answer.headers);
  if (close) headers.push('Connection', 'close');
  return headers;
}

/** `closing` says whether the server is shutting down: then every answer ends its connection. */
export function createSender(options: { secure: boolean; closing: () => boolean }): SendAnswer {
  const fixed = securityHeaders(options.secure);
  return (response, answer, { close } = { close: false }) => {
    // The caller has gone, or was answered while the request was still arriving: nobody is there to be told.
    if (response.destroyed || response.headersSent) return;
    const { body } = answer;
    const bodyBytes = Buffer.byteLength(body);
    response.writeHead(answer.status, answerHeaders(answer, bodyBytes, fixed, close || options.closing()));
    // One byte per character: all ASCII, where Latin-1 is the same bytes and cheaper to write.
    if (answer.status === 204) response.end();
    else if (typeof body === 'string') response.end(body, bodyBytes === body.length ? 'latin1' : 'utf8');
    else response.end(body);
  };
}
