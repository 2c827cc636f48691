import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { RequestProblem } from './request-problem.ts';
import { headerText } from './request-headers.ts';

const unzip = promisify(gunzip);

/**
 * A body that may be gzipped. A small one can grow without bound, so it may not become larger than one that was
 * never packed.
 *
 * @throws {RequestProblem} `body_too_large`, `media_type_unsupported`, `request_malformed`
 */
export async function unpackBody(request: IncomingMessage, body: Buffer, bytesMax: number): Promise<Buffer> {
  const coding = headerText(request, 'content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (coding === 'identity') return body;
  if (coding !== 'gzip') {
    throw new RequestProblem('media_type_unsupported', 'The body is packed in a way other than gzip.', {
      remedy: 'Send it as it is, or with Content-Encoding: gzip.',
    });
  }
  try {
    return await unzip(body, { maxOutputLength: bytesMax });
  } catch (cause) {
    const tooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw tooLarge
      ? new RequestProblem('body_too_large', `The body unpacks to more than ${bytesMax} bytes.`, { cause })
      : new RequestProblem('request_malformed', 'The body is not gzip.', { cause });
  }
}
