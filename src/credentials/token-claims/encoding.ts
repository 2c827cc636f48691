import { hash } from 'node:crypto';

const DIGEST_CHARS = 32;
const UNESCAPED_IN_SUBJECT = /^[A-Za-z0-9._-]+$/;

/** Each byte of UTF-8 that is not allowed becomes `mark` and two hex digits. Different texts stay different. */
function escapeBytes(value: string, allowed: RegExp, mark: string): string {
  let text = '';
  for (const byte of Buffer.from(value)) {
    const character = String.fromCharCode(byte);
    text += allowed.test(character) ? character : mark + byte.toString(16).toUpperCase().padStart(2, '0');
  }
  return text;
}

/**
 * For subjects: no separator, wildcard or space survives, so that a branch named `main:environment:production`
 * cannot pass for an environment, nor `*` for a pattern in a trust policy.
 */
export function encodeForSubject(value: string): string {
  return UNESCAPED_IN_SUBJECT.test(value) ? value : escapeBytes(value, /[A-Za-z0-9._-]/, '%');
}

/**
 * For AWS session names and source identities, `[\w+=,.@-]`: `%` is not among them, so escapes begin with `=`,
 * and `=` is escaped itself. `+` marks a shortened text, see {@link shorten}.
 */
export function encodeForAwsName(value: string): string {
  return escapeBytes(value, /[\w,.@-]/, '=');
}

/** For values of AWS session tags, which allow a little more than names. */
export function encodeForAwsTag(value: string): string {
  return escapeBytes(value, /[\w .:/@-]/, '=');
}

/**
 * The text, or where it has more than `bytesMax` bytes its beginning and a digest of all of it. `mark` must be a
 * character that the encoding never lets through, else somebody could choose a name that equals the shortened
 * text of another.
 */
export function shorten(text: string, bytesMax: number, mark: '~' | '+'): string {
  if (Buffer.byteLength(text) <= bytesMax) return text;
  const digest = hash('sha256', text, 'hex').slice(0, DIGEST_CHARS);
  return `${text.slice(0, bytesMax - DIGEST_CHARS - 1)}${mark}${digest}`;
}
