import { createPublicKey, hash, type KeyObject } from 'node:crypto';

/** Algorithms of C2SP signed-note and tlog-cosignature that are understood here, by their byte. */
export const NOTE_ALGORITHMS = {
  ed25519: 0x01,
  'ed25519-cosignature': 0x04,
  'ml-dsa-44-cosignature': 0x06,
} as const;
export type NoteAlgorithm = keyof typeof NOTE_ALGORITHMS;

const ID_BYTES = 4;

/** A public key in DER (SubjectPublicKeyInfo) is these bytes and the key itself. */
interface KeyForm {
  readonly name: string;
  readonly head: Buffer;
  readonly bytes: number;
}

/** RFC 8410 §4. */
const ED25519: KeyForm = {
  name: 'an Ed25519 key',
  head: Buffer.from('302a300506032b6570032100', 'hex'),
  bytes: 32,
};
/** RFC 9881 §4. */
const ML_DSA_44: KeyForm = {
  name: 'an ML-DSA-44 key',
  head: Buffer.from('30820532300b06096086480165030403110382052100', 'hex'),
  bytes: 1_312,
};
const FORMS: Readonly<Record<NoteAlgorithm, KeyForm>> = {
  ed25519: ED25519,
  'ed25519-cosignature': ED25519,
  'ml-dsa-44-cosignature': ML_DSA_44,
};

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

function rawKeyOf(publicKey: KeyObject, algorithm: NoteAlgorithm): Buffer {
  const { name, head, bytes } = FORMS[algorithm];
  const der = publicKey.export({ format: 'der', type: 'spki' });
  if (der.length === head.length + bytes && der.subarray(0, head.length).equals(head))
    return der.subarray(head.length);
  throw new TypeError(`The key is not ${name}.`);
}

/** Undefined for bytes that are no such key, and where this runtime does not know the algorithm. */
function publicKeyOf(raw: Uint8Array, algorithm: NoteAlgorithm): KeyObject | undefined {
  const { head, bytes } = FORMS[algorithm];
  if (raw.length !== bytes) return undefined;
  try {
    return createPublicKey({ key: Buffer.concat([head, raw]), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

function computeKeyId(name: string, algorithm: NoteAlgorithm, raw: Uint8Array): string {
  const type = Buffer.of(0x0a, NOTE_ALGORITHMS[algorithm]);
  return hash('sha256', Buffer.concat([Buffer.from(name), type, raw])).slice(0, ID_BYTES * 2);
}

/** @throws TypeError when the key is not one of the algorithm or the name cannot stand in a note */
export function createNoteSigner(name: string, algorithm: NoteAlgorithm, privateKey: KeyObject): NoteSigner {
  if (!isKeyName(name)) throw new TypeError(`A key cannot have the name ${JSON.stringify(name)}.`);
  const publicKey = createPublicKey(privateKey);
  const id = computeKeyId(name, algorithm, rawKeyOf(publicKey, algorithm));
  return { name, algorithm, id, publicKey, privateKey };
}

/** `name+id+key`: what others need to check our signatures. */
export function formatVerifierKey({ name, algorithm, id, publicKey }: NoteVerifier): string {
  const key = Buffer.concat([Buffer.of(NOTE_ALGORITHMS[algorithm]), rawKeyOf(publicKey, algorithm)]);
  return `${name}+${id}+${key.toString('base64')}`;
}

/** Undefined when it is not a vkey, its id does not fit its key, or its algorithm is not known here. */
export function parseVerifierKey(text: string): NoteVerifier | undefined {
  const [, name = '', id = '', encoded = ''] =
    /^([^\s+]{1,255})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,10000})$/u.exec(text) ?? [];
  const key = Buffer.from(encoded, 'base64');
  if (key.toString('base64') !== encoded) return undefined;
  const algorithms: readonly NoteAlgorithm[] = ['ed25519', 'ed25519-cosignature', 'ml-dsa-44-cosignature'];
  const algorithm = algorithms.find((each) => NOTE_ALGORITHMS[each] === key[0]);
  const raw = key.subarray(1);
  if (algorithm === undefined || computeKeyId(name, algorithm, raw) !== id) return undefined;
  const publicKey = publicKeyOf(raw, algorithm);
  return publicKey && { name, algorithm, id, publicKey };
}
