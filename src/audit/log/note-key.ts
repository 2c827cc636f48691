import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';

/** Algorithms of C2SP signed-note and tlog-cosignature that are understood here, by their byte. */
export const NOTE_ALGORITHMS = { ed25519: 0x01, 'ed25519-cosignature': 0x04 } as const;
export type NoteAlgorithm = keyof typeof NOTE_ALGORITHMS;

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const TIME_BYTES = 8;
const ID_BYTES = 4;

/** A key that signatures of a note are checked with; its text form is a vkey. */
export interface NoteVerifier {
  readonly name: string;
  readonly algorithm: NoteAlgorithm;
  /** Eight hexadecimal digits. */
  readonly id: string;
  readonly publicKey: KeyObject;
}

export interface NoteSigner extends NoteVerifier {
  readonly privateKey: KeyObject;
}

/** C2SP signed-note: not empty, without white space and without `+`. */
export function isKeyName(name: string): boolean {
  return /^[^\s+]{1,255}$/u.test(name);
}

function rawKeyOf(publicKey: KeyObject): Buffer {
  const { crv, x } = publicKey.export({ format: 'jwk' });
  if (crv !== 'Ed25519' || x === undefined) throw new TypeError('The key is not an Ed25519 key.');
  return Buffer.from(x, 'base64url');
}

function computeKeyId(name: string, algorithm: NoteAlgorithm, raw: Uint8Array): string {
  const type = Buffer.of(0x0a, NOTE_ALGORITHMS[algorithm]);
  return hash('sha256', Buffer.concat([Buffer.from(name), type, raw])).slice(0, ID_BYTES * 2);
}

/** @throws TypeError when the key is not an Ed25519 key or the name cannot stand in a note */
export function createNoteSigner(name: string, algorithm: NoteAlgorithm, privateKey: KeyObject): NoteSigner {
  if (!isKeyName(name)) throw new TypeError(`A key cannot have the name ${JSON.stringify(name)}.`);
  const publicKey = createPublicKey(privateKey);
  return { name, algorithm, id: computeKeyId(name, algorithm, rawKeyOf(publicKey)), publicKey, privateKey };
}

/** `name+id+key`: what others need to check our signatures. */
export function formatVerifierKey({ name, algorithm, id, publicKey }: NoteVerifier): string {
  const key = Buffer.concat([Buffer.of(NOTE_ALGORITHMS[algorithm]), rawKeyOf(publicKey)]);
  return `${name}+${id}+${key.toString('base64')}`;
}

/** Undefined when it is not a vkey, its id does not fit its key, or its algorithm is not known here. */
export function parseVerifierKey(text: string): NoteVerifier | undefined {
  const [, name = '', id = '', encoded = ''] =
    /^([^\s+]{1,255})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,10000})$/u.exec(text) ?? [];
  const key = Buffer.from(encoded, 'base64');
  if (key.toString('base64') !== encoded || key.length !== KEY_BYTES + 1) return undefined;
  const algorithms: readonly NoteAlgorithm[] = ['ed25519', 'ed25519-cosignature'];
  const algorithm = algorithms.find((each) => NOTE_ALGORITHMS[each] === key[0]);
  const raw = key.subarray(1);
  if (algorithm === undefined || computeKeyId(name, algorithm, raw) !== id) return undefined;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') };
  return { name, algorithm, id, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) };
}

function cosignedText(text: string, timeSeconds: bigint | number): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${timeSeconds}\n${text}`);
}

/** The bytes behind the key's id in a signature line. A cosignature also says when (C2SP tlog-cosignature). */
export function signNoteText(text: string, signer: NoteSigner, timeMs: number): Buffer {
  if (signer.algorithm === 'ed25519') return sign(null, Buffer.from(text), signer.privateKey);
  const timeSeconds = Math.floor(timeMs / 1_000);
  const time = Buffer.alloc(TIME_BYTES);
  time.writeBigUInt64BE(BigInt(timeSeconds));
  return Buffer.concat([time, sign(null, cosignedText(text, timeSeconds), signer.privateKey)]);
}

/** When it was signed (ms since the epoch; 0 for a signature without a time), or undefined when it is not valid. */
export function verifyNoteText(text: string, signature: Buffer, verifier: NoteVerifier): number | undefined {
  const { algorithm, publicKey } = verifier;
  if (algorithm === 'ed25519') {
    const valid =
      signature.length === SIGNATURE_BYTES && verify(null, Buffer.from(text), publicKey, signature);
    return valid ? 0 : undefined;
  }
  if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const timeSeconds = signature.readBigUInt64BE();
  const signed = cosignedText(text, timeSeconds);
  if (!verify(null, signed, publicKey, signature.subarray(TIME_BYTES))) return undefined;
  return Number(timeSeconds) * 1_000;
}
