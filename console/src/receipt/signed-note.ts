import { type Bytes, concat, fromBase64, toHex, utf8 } from './bytes.ts';
import { type VerifierKey, verifyEd25519 } from './verifier-key.ts';

export interface NoteSignature {
  readonly name: string;
  readonly id: string;
  readonly signature: Bytes;
}

/** C2SP signed-note. `text` ends with a line break. */
export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

const NOTE_CHARS_MAX = 1_000_000;
const SIGNATURES_MAX = 100;
const LINE = /^\u2014 ([^\s+]{1,255}) ([A-Za-z0-9+/]{6,100000}={0,2})$/u;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

function parseSignature(line: string): NoteSignature | undefined {
  const [, name = '', encoded = ''] = LINE.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (bytes === undefined || bytes.length < 5) return undefined;
  return { name, id: toHex(bytes.slice(0, 4)), signature: bytes.slice(4) };
}

/** Undefined when it is no note, or has no signature at all. Says nothing about the signatures being valid. */
export function parseSignedNote(note: string): SignedNote | undefined {
  if (note.length > NOTE_CHARS_MAX || !note.endsWith('\n')) return undefined;
  const split = note.lastIndexOf('\n\n');
  if (split < 0) return undefined;
  const text = note.slice(0, split + 1);
  const lines = note.slice(split + 2, -1).split('\n');
  // Control characters but the line break have no place in a note.
  if (/[^\P{Cc}\n]/u.test(text) || lines.length > SIGNATURES_MAX) return undefined;
  const signatures = lines.map(parseSignature).filter((each) => each !== undefined);
  return signatures.length === lines.length ? { text, signatures } : undefined;
}

/** What a key says about a note. `unchecked`: of an algorithm that browsers do not know. */
export type Confirmation =
  | { readonly state: 'signed'; readonly timeMs: number | undefined }
  | { readonly state: 'absent' | 'wrong' | 'unchecked' };

/** Whether a key signed the note. One wrong signature under the name of the key spoils it, whatever others say. */
export async function confirm(note: SignedNote, key: VerifierKey): Promise<Confirmation> {
  const own = note.signatures.filter(({ name, id }) => name === key.name && id === key.id);
  if (own.length === 0) return { state: 'absent' };
  if (key.algorithm === 'ml-dsa-44-cosignature') return { state: 'unchecked' };
  let timeMs: number | undefined;
  for (const { signature } of own) {
    const signed = signedBytes(note.text, signature, key);
    if (signed === undefined) return { state: 'wrong' };
    if (!(await verifyEd25519(key.publicKey, signed.signature, signed.bytes))) return { state: 'wrong' };
    ({ timeMs } = signed);
  }
  return { state: 'signed', timeMs };
}

/** A cosignature is over the time as well, which stands before it (C2SP tlog-cosignature). */
function signedBytes(text: string, signature: Bytes, { algorithm }: VerifierKey) {
  if (algorithm === 'ed25519')
    return signature.length === SIGNATURE_BYTES
      ? { bytes: utf8(text), signature, timeMs: undefined }
      : undefined;
  if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const seconds = new DataView(signature.buffer, signature.byteOffset, TIME_BYTES).getBigUint64(0);
  return {
    bytes: concat(utf8(`cosignature/v1\ntime ${seconds}\n`), utf8(text)),
    signature: signature.slice(TIME_BYTES),
    timeMs: Number(seconds) * 1_000,
  };
}
