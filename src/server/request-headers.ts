import type { IncomingMessage } from 'node:http';

/**
 * Whether a header field came more than once. `headers` does not tell: of Authorization it keeps the first and
 * drops the rest, so that we and a proxy before us could each believe another one.
 */
export function isRepeated(request: IncomingMessage, name: string): boolean {
  let count = 0;
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const field = request.rawHeaders[index] ?? '';
    if (field.length === name.length && field.toLowerCase() === name) count += 1;
  }
  return count > 1;
}

/** Whether the body went through a content coding; we undo none, as a small one can grow without bound. */
export function isEncoded(request: IncomingMessage): boolean {
  const coding = request.headers['content-encoding'];
  return coding !== undefined && coding.trim().toLowerCase() !== 'identity';
}

/** A header field that is one text; `undefined` when it is not there. */
export function headerText(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
