import type { RuleMatch } from '../compiled-rule.ts';
import type { SecretTier } from '../rule.ts';
import { isPlausibleValue } from './plausible-value.ts';

const USER_BYTES_MAX = 80;
const PASSWORD_BYTES_MAX = 200;
const COLON = 0x3a;
const AT = 0x40;
/** What ends the part of a URL in which a user may stand: blanks, quotes, `/`, `<`, `>`, `#`, `?`, `\`. */
const ENDS = new Set(Buffer.from(' \t\r\n"\'`/<>#?\\),;|'));

function findByte(bytes: Buffer, from: number, wanted: number, bytesMax: number): number {
  const to = Math.min(bytes.length, from + bytesMax);
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === wanted) return at;
    if (ENDS.has(byte)) return -1;
  }
  return -1;
}

/** Most URLs have no user: the bytes behind `://` say so. */
export function leadsToCredentials(bytes: Buffer, _start: number, end: number): boolean {
  const colon = findByte(bytes, end, COLON, USER_BYTES_MAX);
  return colon !== -1 && findByte(bytes, colon + 1, AT, PASSWORD_BYTES_MAX) > colon + 1;
}

/** Hosts that nobody else reaches; what their databases are called with is in every manual. */
const LOCAL =
  /@(?:localhost|127\.|0\.0\.0\.0|\[::1\]|host\.docker\.internal|example\.|[\w.-]{1,100}\.(?:example|test|invalid|local)\b)/i;

/** RFC 3986 §3.2.1: `user:password@host`. */
export function judgeUrl({ text, value }: RuleMatch): SecretTier | undefined {
  if (LOCAL.test(text)) return undefined;
  const user = /:\/\/([^:]{0,80}):/.exec(text)?.[1] ?? '';
  if (value === user) return undefined;
  return isPlausibleValue(value) ? 'generic' : undefined;
}
