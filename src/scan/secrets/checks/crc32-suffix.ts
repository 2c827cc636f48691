import { crc32 } from 'node:zlib';
import type { Verdict } from './check.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SUFFIX_CHARS = 6;

/** The last six characters of a token of GitHub or npm, for what stands between its prefix and them. */
export function crc32Suffix(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let digit = 0; digit < SUFFIX_CHARS; digit += 1) {
    text = (BASE62[rest % 62] ?? '') + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/**
 * Tokens of GitHub (since 2021-04) and npm (since 2021-09) end with the CRC-32 of their random part in base62, so that
 * made-up ones can be told without asking anybody.
 */
export function hasCrc32Suffix(value: string): Verdict {
  const body = value.slice(value.indexOf('_') + 1, -SUFFIX_CHARS);
  return crc32Suffix(body) === value.slice(-SUFFIX_CHARS) ? 'holds' : 'refuted';
}
