import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { messageOf } from '#core/errors.ts';

export const FILE_BYTES_MAX = 10 * 1_048_576;
/** As git does: a NUL in the first bytes makes a file binary. */
const SNIFFED_BYTES = 8_000;
const CHUNK_BYTES = 1_048_576;

export type ReadBytes =
  | { readonly kind: 'text'; readonly bytes: Buffer }
  /** Nothing that a person wrote. */
  | { readonly kind: 'binary' }
  | { readonly kind: 'skipped'; readonly message: string };

/** Text as UTF-8, whatever it was written in; undefined when it is no text. */
export function textBytes(bytes: Buffer): Buffer | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return Buffer.from(bytes.toString('utf16le', 2));
  const nul = bytes.indexOf(0);
  return nul !== -1 && nul < SNIFFED_BYTES ? undefined : bytes;
}

/** Reads one file after the other into the same memory: what it returned is overwritten by the next call. */
export class ByteReader {
  #buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);

  read(file: string): ReadBytes {
    let descriptor: number | undefined;
    try {
      // No link that was put there meanwhile, and no waiting for a pipe.
      descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      const stats = fstatSync(descriptor);
      if (!stats.isFile()) return { kind: 'binary' };
      if (stats.size > FILE_BYTES_MAX) return this.#tooLarge(descriptor, stats.size);
      return this.#readAll(descriptor, stats.size);
    } catch (error) {
      return { kind: 'skipped', message: `this file cannot be read (${messageOf(error)})` };
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  /** Nobody minds that a film was not searched for passwords. */
  #tooLarge(descriptor: number, size: number): ReadBytes {
    const count = readSync(descriptor, this.#buffer, 0, SNIFFED_BYTES, 0);
    if (textBytes(this.#buffer.subarray(0, count)) === undefined) return { kind: 'binary' };
    const megabytes = Math.round(size / 1_048_576);
    return {
      kind: 'skipped',
      message: `${megabytes} MB, more than ${FILE_BYTES_MAX / 1_048_576}, so it was not searched for secrets`,
    };
  }

  #readAll(descriptor: number, size: number): ReadBytes {
    if (size > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(size + CHUNK_BYTES);
    let length = 0;
    while (length < size) {
      const count = readSync(descriptor, this.#buffer, length, size - length, null);
      if (count === 0) break;
      length += count;
      if (length === count && this.#isBinary(count)) return { kind: 'binary' };
    }
    const bytes = textBytes(this.#buffer.subarray(0, length));
    return bytes === undefined ? { kind: 'binary' } : { kind: 'text', bytes };
  }

  #isBinary(count: number): boolean {
    return textBytes(this.#buffer.subarray(0, Math.min(count, SNIFFED_BYTES))) === undefined;
  }
}
