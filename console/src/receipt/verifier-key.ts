import { type Bytes, concat, fromBase64, sha256, toHex, utf8 } from './bytes.ts';

/** Algorithms of C2SP signed-note and tlog-cosignature, by their byte; a browser checks only the first two. */
const ALGORITHMS = new Map([
  [0x01, 'ed25519'],
  [0x04, 'ed25519-cosignature'],
  [0x06, 'ml-dsa-44-cosignature'],
] as const);
type Algorithm = 'ed25519' | 'ed25519-cosignature' | 'ml-dsa-44-cosignature';

const ED25519_BYTES = 32;

/** A key that a note is checked with, from its text form, the vkey `name+id+base64`. */
export interface VerifierKey {
  readonly text: string;
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly id: string;
  readonly algorithm: Algorithm;
  readonly publicKey: Bytes;
  /** SHA-256 over the public key, hexadecimal: for comparing it by eye with what the operator publishes. */
  readonly fingerprint: string;
}

/** Undefined for what is no vkey, and where the id does not fit the key: then somebody changed one of them. */
export async function parseVerifierKey(text: string): Promise<VerifierKey | undefined> {
  const [, name = '', id = '', encoded = ''] =
    /^([^\s+]{1,255})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,10000})$/u.exec(text.trim()) ?? [];
  const bytes = fromBase64(encoded);
  const algorithm = ALGORITHMS.get((bytes?.[0] ?? 0) as 1 | 4 | 6);
  if (bytes === undefined || algorithm === undefined) return undefined;
  const publicKey = bytes.slice(1);
  if (algorithm !== 'ml-dsa-44-cosignature' && publicKey.length !== ED25519_BYTES) return undefined;
  // C2SP signed-note: the id is the first four bytes of SHA-256 over name, line break, algorithm and key.
  const digest = await sha256(concat(utf8(`${name}\n`), bytes));
  if (toHex(digest).slice(0, 8) !== id) return undefined;
  const fingerprint = toHex(await sha256(publicKey));
  return { text: text.trim(), name, id, algorithm, publicKey, fingerprint };
}

/** Whether this browser knows Ed25519: Chrome from 137, Firefox from 129, Safari from 17. */
export async function knowsEd25519(): Promise<boolean> {
  // The generator of the curve (RFC 8032 §5.1): a valid public key.
  const point = Uint8Array.from({ length: ED25519_BYTES }, (_, at) => (at === 0 ? 0x58 : 0x66));
  try {
    await crypto.subtle.importKey('raw', point, 'Ed25519', false, ['verify']);
    return true;
  } catch {
    return false;
  }
}

export async function verifyEd25519(publicKey: Bytes, signature: Bytes, signed: Bytes): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', key, signature, signed);
}
