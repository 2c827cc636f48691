import { messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import { parseSignedCheckpoint } from './checkpoint.ts';
import type { NoteVerifier } from './note-key.ts';
import type { LogStore } from './ports.ts';
import { proveConsistency, TreeReader, type TileReader } from './proofs.ts';
import { confirmNote, formatSignedNote, type NoteSignature, parseSignedNote } from './signed-note.ts';
import { formatAddCheckpoint } from './witness-protocol.ts';

export interface RemoteWitness {
  readonly key: NoteVerifier;
  /** Its submission prefix: `add-checkpoint` lies below. */
  readonly url: string;
}

export interface WitnessReply {
  readonly status: number;
  readonly body: string;
}

export interface CosignOptions {
  readonly store: LogStore;
  readonly readTile: TileReader;
  readonly witnesses: () => readonly RemoteWitness[];
  /** How many of them make a checkpoint a witnessed one. */
  readonly quorum: () => number;
  readonly post: (url: string, body: string) => Promise<WitnessReply>;
  readonly log: Logger;
}

/** Times that a witness may say that it knows another size, before it is left alone until the next round. */
const ATTEMPTS_MAX = 3;

/**
 * Shows the newest checkpoint to the witnesses, and keeps it when enough of them have signed. Nothing waits for it: a
 * witness that is away only makes receipts point to a checkpoint that is older, or without its signature.
 */
export function createCosigning(options: CosignOptions): () => Promise<void> {
  const { store, log } = options;
  /** By the id of the key: what the witness knows of the log, as it told us. */
  const sizes = new Map<string, number>();
  let doneSize = 0;

  const ask = async (
    witness: RemoteWitness,
    note: string,
    size: number,
  ): Promise<NoteSignature | undefined> => {
    const tree = new TreeReader(size, options.readTile);
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const oldSize = sizes.get(witness.key.id) ?? 0;
      if (oldSize > size) return undefined;
      const body = formatAddCheckpoint(oldSize, await proveConsistency(tree, oldSize), note);
      const reply = await options.post(`${witness.url.replace(/\/$/, '')}/add-checkpoint`, body);
      if (reply.status === 200) {
        sizes.set(witness.key.id, size);
        return readCosignature(witness.key, note, reply.body);
      }
      if (reply.status !== 409) {
        throw new Error(`${reply.status}: ${reply.body.slice(0, 200)}`);
      }
      sizes.set(witness.key.id, Number(/^\d{1,15}/.exec(reply.body)?.[0] ?? 0));
    }
    return undefined;
  };

  return async () => {
    const witnesses = options.witnesses();
    const { checkpoint } = await store.head();
    const signed = parseSignedCheckpoint(checkpoint ?? '');
    if (witnesses.length === 0 || signed === undefined || signed.checkpoint.size <= doneSize) return;
    const { size } = signed.checkpoint;
    const note = formatSignedNote(signed.note);
    const asked = await Promise.allSettled(witnesses.map((witness) => ask(witness, note, size)));
    for (const [index, result] of asked.entries()) {
      if (result.status === 'rejected')
        log.warn('log.witness_failed', {
          witness: witnesses[index]?.key.name,
          error: messageOf(result.reason),
        });
    }
    const cosignatures = asked.flatMap((result) =>
      result.status === 'fulfilled' && result.value !== undefined ? [result.value] : [],
    );
    if (cosignatures.length < options.quorum()) return;
    const { text, signatures } = signed.note;
    await store.keepWitnessed(formatSignedNote({ text, signatures: [...signatures, ...cosignatures] }), size);
    doneSize = size;
  };
}

/** The cosignature among the lines of an answer, when it is the witness's and holds. */
function readCosignature(key: NoteVerifier, note: string, lines: string): NoteSignature | undefined {
  const own = parseSignedNote(note);
  const answered = own && parseSignedNote(`${own.text}\n${lines}`);
  const [confirmation] = (answered && confirmNote(answered, [key])) ?? [];
  // A cosignature that says nothing about when is none (C2SP tlog-witness).
  if (answered === undefined || confirmation === undefined || confirmation.timeMs === 0) return undefined;
  return answered.signatures.find(({ name, id }) => name === key.name && id === key.id);
}
