import type { IncomingMessage } from 'node:http';
import { RequestProblem } from './request-problem.ts';

const DISCARD_BYTES_MAX = 1_048_576;
const DISCARD_MS_MAX = 500;
const EMPTY = Buffer.alloc(0);

/** Whether a body was announced (RFC 9112 §6.3); `complete` is not yet known when the header has arrived. */
export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

export function overloaded(): RequestProblem {
  return new RequestProblem('overloaded', 'Too many requests are under way.', {
    headers: { 'Retry-After': '1' },
  });
}

function tooLarge(bytesMax: number): RequestProblem {
  return new RequestProblem('body_too_large', `The body has more than ${bytesMax} bytes.`);
}

/**
 * The whole body. More than `bytesMax` rejects at once, without keeping any more of it. How long it may take is
 * the server's `requestTimeout`, which ends the connection.
 *
 * @throws {RequestProblem} `body_too_large`, `overloaded`, `request_malformed`
 */
export type ReadBody = (request: IncomingMessage, bytesMax: number) => Promise<Buffer>;

/**
 * Reads bodies within one budget for all of them: thousands of connections that each send almost a whole body
 * and then wait would otherwise hold as many times the largest one.
 */
export function createBodyReader(heldBytesMax: number): ReadBody {
  let heldBytes = 0;
  return (request, bytesMax) => {
    if (Number(request.headers['content-length'] ?? 0) > bytesMax) return Promise.reject(tooLarge(bytesMax));
    return new Promise((resolve, reject) => {
      let chunks: Buffer[] = [];
      let size = 0;
      const drop = () => {
        heldBytes -= size;
        size = 0;
        chunks = [];
      };
      const fail = (problem: RequestProblem) => {
        request.off('data', keep);
        drop();
        reject(problem);
      };
      const keep = (chunk: Buffer) => {
        size += chunk.length;
        heldBytes += chunk.length;
        if (size > bytesMax) fail(tooLarge(bytesMax));
        else if (heldBytes > heldBytesMax) fail(overloaded());
        else chunks.push(chunk);
      };
      const broken = () => {
        // `close` comes after a whole request as well.
        if (request.complete) return;
        fail(new RequestProblem('request_malformed', 'The request ended before its body did.'));
      };
      request.on('data', keep);
      request.on('end', () => {
        resolve(chunks.length === 1 ? (chunks[0] ?? EMPTY) : Buffer.concat(chunks, size));
        drop();
      });
      request.on('error', broken);
      request.on('close', broken);
    });
  };
}

/**
 * Reads on and throws away, within bounds, what the caller is still sending. Closing a socket with unread data
 * resets it, and the caller would never see the answer that says what was wrong.
 */
export function discardBody(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed || !hasBody(request)) return Promise.resolve();
  return new Promise((resolve) => {
    let size = 0;
    const timer = setTimeout(resolve, DISCARD_MS_MAX);
    const finish = () => {
      clearTimeout(timer);
      resolve();
    };
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > DISCARD_BYTES_MAX) finish();
    });
    request.on('end', finish);
    request.on('close', finish);
    request.resume();
  });
}
