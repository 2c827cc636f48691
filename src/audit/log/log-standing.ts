import type { EventStore } from '../ports.ts';
import { parseSignedCheckpoint } from './checkpoint.ts';
import type { RemoteWitness } from './cosign-log.ts';
import { formatVerifierKey } from './note-key.ts';
import type { LogStore } from './ports.ts';
import { confirmNote } from './signed-note.ts';

/** A witness of the configuration, and the newest checkpoint that is kept with its signature. */
export interface WitnessStanding {
  readonly name: string;
  readonly key: string;
  readonly url: string;
  readonly cosigned: { readonly size: number; readonly timeMs: number } | undefined;
}

/** How far the log is behind the record, and who has signed it. */
export interface LogStanding {
  readonly size: number;
  /** Base64; undefined before the first checkpoint. */
  readonly root: string | undefined;
  readonly signedAtMs: number | undefined;
  /** Sequences of the last event in the log, and in the record. */
  readonly sealedThrough: number;
  readonly recordedThrough: number;
  /** When the first event was recorded that is not in the log yet; undefined when all are. */
  readonly waitingSinceMs: number | undefined;
  /** How many witnesses make a checkpoint a witnessed one. */
  readonly quorum: number;
  /** Size of the newest that enough have signed. */
  readonly witnessedSize: number | undefined;
  readonly witnesses: readonly WitnessStanding[];
}

export async function readLogStanding(deps: {
  readonly store: Pick<LogStore, 'head' | 'witnessed'>;
  readonly events: Pick<EventStore, 'list'>;
  readonly witnesses: readonly RemoteWitness[];
  readonly quorum: number;
}): Promise<LogStanding> {
  const { store, events, witnesses, quorum } = deps;
  const head = await store.head();
  const [[newest], [waiting], witnessed] = await Promise.all([
    events.list({ limit: 1 }),
    events.list({ afterSequence: head.lastSequence, limit: 1 }),
    store.witnessed(),
  ]);
  const signed = parseSignedCheckpoint(head.checkpoint ?? '');
  const cosigned = parseSignedCheckpoint(witnessed ?? '');
  return {
    size: head.size,
    root: signed === undefined ? undefined : Buffer.from(signed.checkpoint.root).toString('base64'),
    signedAtMs: signed === undefined ? undefined : head.signedAtMs,
    sealedThrough: head.lastSequence,
    recordedThrough: Math.max(newest?.sequence ?? 0, head.lastSequence),
    waitingSinceMs: waiting?.timeMs,
    quorum,
    witnessedSize: cosigned?.checkpoint.size,
    witnesses: witnesses.map(({ key, url }) => {
      const [confirmation] = (cosigned && confirmNote(cosigned.note, [key])) ?? [];
      return {
        name: key.name,
        key: formatVerifierKey(key),
        url,
        cosigned:
          cosigned === undefined || confirmation === undefined
            ? undefined
            : { size: cosigned.checkpoint.size, timeMs: confirmation.timeMs },
      };
    }),
  };
}
