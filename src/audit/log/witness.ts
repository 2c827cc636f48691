import type { Clock } from '#core/clock.ts';
import { EMPTY_ROOT } from './merkle-hash.ts';
import { formatVerifierKey, type NoteSigner, type NoteVerifier } from './note-key.ts';
import type { WitnessStore } from './ports.ts';
import { type TreeHead, verifyConsistency } from './proofs.ts';
import { confirmNote, formatSignedNote, signNote } from './signed-note.ts';
import { parseAddCheckpoint } from './witness-protocol.ts';

/** What C2SP tlog-witness answers, with the reason in words. */
export type WitnessAnswer =
  /** The lines of our cosignatures. */
  | { readonly status: 200; readonly body: string }
  /** The size of the log as we know it, so that the caller can prove from there. */
  | { readonly status: 409; readonly size: number }
  | { readonly status: 400 | 403 | 404 | 422; readonly body: string };

export interface WitnessOptions {
  readonly store: WitnessStore;
  /** A cosignature key. */
  readonly signer: NoteSigner;
  /** What signs beside it, of ML-DSA-44. Read for each request, too. */
  readonly postQuantum?: () => NoteSigner | undefined;
  /** The logs that are looked after, by their keys. Read for each request, as the configuration changes. */
  readonly logs: () => readonly NoteVerifier[];
  readonly clock: Clock;
}

export interface Witness {
  readonly signer: NoteSigner;
  /** As a vkey; undefined where it does not sign with one. */
  postQuantumKey(): string | undefined;
  addCheckpoint(body: string): Promise<WitnessAnswer>;
}

function refuse(status: 400 | 403 | 404 | 422, why: string): WitnessAnswer {
  return { status, body: `${why}\n` };
}

/**
 * Watches over the logs of others: it signs a checkpoint only when it has seen the proof that the log has grown from
 * the last one that it signed. Whoever shows two histories needs two sets of witnesses.
 */
export function createWitness({ store, signer, postQuantum, logs, clock }: WitnessOptions): Witness {
  const cosign = (text: string) => {
    const further = postQuantum?.();
    const signers = further === undefined ? [signer] : [signer, further];
    const { signatures } = signNote(text, signers, clock.nowMs());
    return formatSignedNote({ text: '\n', signatures }).slice(2);
  };
  return {
    signer,
    postQuantumKey() {
      const further = postQuantum?.();
      return further && formatVerifierKey(further);
    },
    async addCheckpoint(body) {
      const request = parseAddCheckpoint(body);
      if (request === undefined) return refuse(400, 'the body is not written as add-checkpoint has to be');
      const { oldSize, proof, signed } = request;
      const { origin, size, root } = signed.checkpoint;
      const keys = logs().filter(({ name }) => name === origin);
      if (keys.length === 0) return refuse(404, 'this witness does not look after this log');
      const confirmed = confirmNote(signed.note, keys);
      if (confirmed === undefined || confirmed.length === 0)
        return refuse(403, 'the checkpoint is not signed by the key of the log');
      if (oldSize > size) return refuse(400, 'the old size is larger than the new one');
      const last: TreeHead = (await store.lastWitnessed(origin)) ?? { size: 0, root: EMPTY_ROOT };
      if (oldSize !== last.size) return { status: 409, size: last.size };
      const grown = verifyConsistency(last, { size, root }, proof);
      if (!grown)
        return refuse(422, 'the proof does not show that the log has grown from its last checkpoint');
      // What is signed was durable before: after a crash nobody can be shown another continuation.
      if (!(await store.witness(origin, oldSize, { size, root }))) {
        return { status: 409, size: (await store.lastWitnessed(origin))?.size ?? 0 };
      }
      return { status: 200, body: cosign(signed.note.text) };
    },
  };
}
