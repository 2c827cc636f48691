import { hash } from 'node:crypto';

/** Bytes of a SHA-256 digest. */
export const HASH_BYTES = 32;

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);

/** Of a log without entries (RFC 6962 §2.1). */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

/** RFC 6962 §2.1: what stands in front keeps an entry from passing for two hashes. */
export function hashLeaf(entry: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([LEAF, entry]), 'buffer');
}

export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');
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
