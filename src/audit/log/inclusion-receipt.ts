import { parseHash, parseSize } from './checkpoint-text.ts';
import { parseSignedCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import type { NoteVerifier } from './note-key.ts';
import { verifyInclusion } from './proofs.ts';
import { confirmNote, formatSignedNote } from './signed-note.ts';

/** C2SP tlog-proof: that an entry stands in a log, for somebody who has nothing but the keys. */
export interface InclusionReceipt {
  readonly index: number;
  readonly proof: readonly Uint8Array[];
  readonly signed: SignedCheckpoint;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
/** A log of 2^53 entries is 53 levels deep. */
const PROOF_MAX = 63;
const RECEIPT_CHARS_MAX = 1_000_000;

export function formatReceipt({ index, proof, signed }: InclusionReceipt): string {
  const hashes = proof.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('');
  return `${FIRST_LINE}\nindex ${index}\n${hashes}\n${formatSignedNote(signed.note)}`;
}

/** Undefined when the text is no receipt. */
export function parseReceipt(text: string): InclusionReceipt | undefined {
  const split = text.indexOf('\n\n');
  if (split < 0 || text.length > RECEIPT_CHARS_MAX) return undefined;
  const [first, ...rest] = text.slice(0, split).split('\n');
  // The optional second line carries what a program adds; it is not part of what is proved.
  const lines = /^extra [A-Za-z0-9+/]*={0,2}$/.test(rest[0] ?? '') ? rest.slice(1) : rest;
  const [indexLine = '', ...hashLines] = lines;
  const index = indexLine.startsWith('index ') ? parseSize(indexLine.slice(6)) : undefined;
  const proof = hashLines.map(parseHash).filter((hash) => hash !== undefined);
  const signed = parseSignedCheckpoint(text.slice(split + 2));
  if (first !== FIRST_LINE || index === undefined || signed === undefined) return undefined;
  return proof.length === hashLines.length && proof.length <= PROOF_MAX
    ? { index, proof, signed }
    : undefined;
}

export type ReceiptFault =
  /** No signature of the log's key, or a wrong one. */
  | 'not_signed_by_log'
  | 'not_enough_witnesses'
  /** The entry does not stand at this place of that log. */
  | 'entry_not_included';

export interface ReceiptTrust {
  readonly log: NoteVerifier;
  readonly witnesses: readonly NoteVerifier[];
  /** How many of the witnesses must have cosigned. */
  readonly quorum: number;
}

/** What is wrong with a receipt for this entry; undefined when it holds. Needs nothing but the keys. */
export function findReceiptFault(
  receipt: InclusionReceipt,
  entry: Uint8Array,
  { log, witnesses, quorum }: ReceiptTrust,
): ReceiptFault | undefined {
  const { index, proof, signed } = receipt;
  const confirmed = confirmNote(signed.note, [log, ...witnesses]);
  const byLog = confirmed?.some(({ verifier }) => verifier === log) === true;
  if (!byLog || signed.checkpoint.origin !== log.name) return 'not_signed_by_log';
  const cosigned = confirmed.filter(({ verifier }) => verifier !== log).length;
  if (cosigned < quorum) return 'not_enough_witnesses';
  const { size, root } = signed.checkpoint;
  return verifyInclusion(entry, index, size, proof, root) ? undefined : 'entry_not_included';
}
