import { sign, verify } from 'node:crypto';
import { parseCheckpoint } from './checkpoint-text.ts';
import type { NoteAlgorithm, NoteSigner, NoteVerifier } from './note-key.ts';

const TIME_BYTES = 8;
const SIGNATURE_BYTES: Readonly<Record<NoteAlgorithm, number>> = {
  ed25519: 64,
  'ed25519-cosignature': 64,
  'ml-dsa-44-cosignature': 2_420,
};
/** C2SP tlog-cosignature: a timestamp must not be larger. */
const TIME_MAX = 2n ** 63n - 1n;
const NAME_BYTES_MAX = 255;
const SUBTREE_LABEL = Buffer.from('subtree/v1\n\0');

function unsigned(value: bigint): Buffer {
  const bytes = Buffer.alloc(TIME_BYTES);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

/** RFC 8446 §3.4: `opaque<1..2^8-1>`; undefined for what does not fit. */
function opaque(text: string): Buffer | undefined {
  const bytes = Buffer.from(text);
  return bytes.length > 0 && bytes.length <= NAME_BYTES_MAX
    ? Buffer.concat([Buffer.of(bytes.length), bytes])
    : undefined;
}

/** C2SP tlog-cosignature, `cosigned_message`. Unlike the others it has nothing of the lines behind the third. */
function subtreeMessage(text: string, name: string, timeSeconds: bigint): Buffer | undefined {
  const checkpoint = parseCheckpoint(text);
  const cosigner = opaque(name);
  const origin = checkpoint && opaque(checkpoint.origin);
  if (checkpoint === undefined || cosigner === undefined || origin === undefined) return undefined;
  const [start, end] = [unsigned(0n), unsigned(BigInt(checkpoint.size))];
  return Buffer.concat([SUBTREE_LABEL, cosigner, unsigned(timeSeconds), origin, start, end, checkpoint.root]);
}

/** What a key signs of a text; undefined when there is nothing of it that such a key could sign. */
function messageOf(text: string, { name, algorithm }: NoteVerifier, timeSeconds: bigint): Buffer | undefined {
  if (algorithm === 'ed25519') return Buffer.from(text);
  if (algorithm === 'ed25519-cosignature') return Buffer.from(`cosignature/v1\ntime ${timeSeconds}\n${text}`);
  return subtreeMessage(text, name, timeSeconds);
}

/**
 * The bytes behind the key's id in a signature line. A cosignature also says when (C2SP tlog-cosignature).
 *
 * @throws TypeError for a text that such a key cannot sign: ML-DSA-44 signs checkpoints alone
 */
export function signNoteText(text: string, signer: NoteSigner, timeMs: number): Buffer {
  const timeSeconds = BigInt(Math.floor(timeMs / 1_000));
  const message = messageOf(text, signer, timeSeconds);
  if (message === undefined)
    throw new TypeError(`The key ${signer.name} signs checkpoints, and this is none.`);
  const signature = sign(null, message, signer.privateKey);
  return signer.algorithm === 'ed25519' ? signature : Buffer.concat([unsigned(timeSeconds), signature]);
}

/** When it was signed (ms since the epoch; 0 for a signature without a time), or undefined when it is not valid. */
export function verifyNoteText(text: string, signature: Buffer, verifier: NoteVerifier): number | undefined {
  const timeBytes = verifier.algorithm === 'ed25519' ? 0 : TIME_BYTES;
  if (signature.length !== timeBytes + SIGNATURE_BYTES[verifier.algorithm]) return undefined;
  const timeSeconds = timeBytes === 0 ? 0n : signature.readBigUInt64BE();
  const message = timeSeconds > TIME_MAX ? undefined : messageOf(text, verifier, timeSeconds);
  if (message === undefined) return undefined;
  const valid = verify(null, message, verifier.publicKey, signature.subarray(timeBytes));
  return valid ? Number(timeSeconds) * 1_000 : undefined;
}
