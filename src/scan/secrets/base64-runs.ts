/** A text that stands in base64 in another. */
export interface DecodedRun {
  /** Of what is encoded, in bytes of the file. */
  readonly start: number;
  readonly end: number;
  readonly bytes: Buffer;
}

const STRIDE = 24;
/** Shorter ones hold no key that a rule knows. */
const CHARS_MIN = 32;
const CHARS_MAX = 87_384;
const RUNS_MAX = 200;
/** So much is decoded first: what begins like an image or a hash is left alone. */
const PROBE_CHARS = 32;

const LETTERS = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const LETTER = Uint8Array.from({ length: 256 }, (_, byte) => (LETTERS.includes(byte) ? 1 : 0));

function isText(bytes: Buffer): boolean {
  for (const byte of bytes) {
    if ((byte < 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) || byte > 0x7e) return false;
  }
  return bytes.length > 0;
}

/** Base64 of random letters mixes them; a path or a long word does not. */
function decode(bytes: Buffer, start: number, end: number): Buffer | undefined {
  const probe = bytes.toString('latin1', start, Math.min(end, start + PROBE_CHARS));
  if (!/[A-Z]/.test(probe) || !/[a-z]/.test(probe) || !/[0-9+/]/.test(probe)) return undefined;
  if (!isText(Buffer.from(probe, 'base64'))) return undefined;
  const decoded = Buffer.from(bytes.toString('latin1', start, end), 'base64');
  return isText(decoded) ? decoded : undefined;
}

/**
 * Texts in base64, as in the manifest of a Kubernetes secret. One byte of {@link STRIDE} is looked at, as no run that
 * matters fits between two of them.
 */
export function findBase64Runs(bytes: Buffer): DecodedRun[] {
  const runs: DecodedRun[] = [];
  for (let at = STRIDE; at < bytes.length && runs.length < RUNS_MAX; at += STRIDE) {
    if (LETTER[bytes[at] ?? 0] !== 1) continue;
    let start = at;
    while (start > 0 && at - start < CHARS_MAX && LETTER[bytes[start - 1] ?? 0] === 1) start -= 1;
    let end = at + 1;
    while (end < bytes.length && end - start < CHARS_MAX && LETTER[bytes[end] ?? 0] === 1) end += 1;
    at = Math.max(at, end);
    if (end - start < CHARS_MIN) continue;
    const decoded = decode(bytes, start, end);
    if (decoded !== undefined) runs.push({ start, end, bytes: decoded });
  }
  return runs;
}
