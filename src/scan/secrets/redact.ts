import { createHmac, hash } from 'node:crypto';
import { maskSecrets } from '../mask-secrets.ts';

const SHOWN_CHARS = 4;
/** Of a shorter secret nothing is shown: four of its letters would be half of it. */
const SHOWN_FROM_CHARS = 12;
const EXCERPT_CHARS_MAX = 400;
const DIGEST_FROM_CHARS = 20;

/** The part of a secret that may be shown. */
function shownPart(value: string): string {
  return value.length < SHOWN_FROM_CHARS ? '' : value.slice(0, SHOWN_CHARS);
}

/** A secret as people may see it: `ghp_…`, or `…`. */
export function redact(value: string): string {
  return value.startsWith('-----BEGIN') ? '…' : `${shownPart(value)}…`;
}

/** Equal for equal secrets, and of no use to anybody without the key. */
export function keyedHash(key: Buffer, value: string): string {
  return createHmac('sha256', key).update(value).digest('hex').slice(0, 32);
}

/**
 * A few bits that tell one long random secret from another in a fingerprint, which has to be the same on every
 * machine. Twenty bits of a secret of more than a hundred identify nothing; a short one gets none.
 */
export function shortDigest(value: string): string {
  return value.length < DIGEST_FROM_CHARS ? '' : hash('sha256', value, 'hex').slice(0, 5);
}

export interface MaskedSpan {
  /** Offsets in the text that the line was taken from. */
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** One line as a report may show it; of the same length, so that marks still point to the right place. */
export function maskLine(line: string, lineStart: number, spans: readonly MaskedSpan[]): string {
  let masked = line.slice(0, EXCERPT_CHARS_MAX);
  for (const { start, end, value } of spans) {
    const from = Math.max(0, start - lineStart);
    const to = Math.min(masked.length, end - lineStart);
    if (from >= to) continue;
    const shown = start >= lineStart ? Math.min(shownPart(value).length, to - from) : 0;
    masked = masked.slice(0, from + shown) + '*'.repeat(to - from - shown) + masked.slice(to);
  }
  for (const { value } of spans)
    if (value.length > 3) masked = masked.replaceAll(value, '*'.repeat(value.length));
  return maskSecrets(masked);
}
