import { hash } from 'node:crypto';

/** Bytes of a SHA-256 digest. */
export const HASH_BYTES = 32;

const LEAF = 0;
const NODE = 1;

/** Of a log without entries (RFC 6962 §2.1). */
export const EMPTY_ROOT: Buffer = digest('');

/** By way of a text: a buffer that OpenSSL fills costs more than the hash of something this short. */
function digest(bytes: Uint8Array | string): Buffer {
  return Buffer.from(hash('sha256', bytes, 'latin1'), 'latin1');
}

/** RFC 6962 §2.1: what stands in front keeps an entry from passing for two hashes. A text stands for its UTF-8. */
export function hashLeaf(entry: Uint8Array | string): Buffer {
  if (typeof entry === 'string') return digest(`\0${entry}`);
  const bytes = Buffer.allocUnsafe(1 + entry.length);
  bytes[0] = LEAF;
  bytes.set(entry, 1);
  return digest(bytes);
}

export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(1 + left.length + right.length);
  bytes[0] = NODE;
  bytes.set(left, 1);
  bytes.set(right, 1 + left.length);
  return digest(bytes);
}

/** The largest power of two below `count`, which is at least 2. */
export function splitPoint(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}

/**
 * The root over subtrees that stand side by side: all complete and of one size, but for the last, which may be
 * smaller. One or more.
 */
export function hashOfRow(row: readonly Uint8Array[]): Uint8Array {
  const [first] = row;
  if (first === undefined) return EMPTY_ROOT;
  if (row.length === 1) return first;
  const half = splitPoint(row.length);
  return hashNode(hashOfRow(row.slice(0, half)), hashOfRow(row.slice(half)));
}
