import { randomBytes } from 'node:crypto';
import type { Clock } from '#core/clock.ts';
import { formatCheckpoint } from './checkpoint-text.ts';
import { BundleBuilder } from './bundle-builder.ts';
import { buildLogEntry, SALT_BYTES } from './log-entry.ts';
import { hashLeaf } from './merkle-hash.ts';
import type { NoteSigner } from './note-key.ts';
import type { EventText, EventTextSource, LogHead, LogStore, SealedBundle } from './ports.ts';
import { formatSignedNote, signNote } from './signed-note.ts';
import { joinEntries, splitEntries, splitHashes, TILE_WIDTH } from './tile.ts';
import { edgeTiles, type HashTile, TreeBuilder } from './tree-builder.ts';

export interface SealerOptions {
  readonly store: LogStore;
  readonly events: EventTextSource;
  /** Name of the log: its address without the scheme. */
  readonly origin: string;
  /** Read for each step, as keys change. */
  readonly signers: () => readonly NoteSigner[];
  readonly clock: Clock;
  /** Events in one step. */
  readonly batchMax?: number;
}

export type SealResult =
  /** `more`: there are further events. */
  | { readonly outcome: 'sealed'; readonly entries: number; readonly head: LogHead; readonly more: boolean }
  | { readonly outcome: 'idle' }
  /** Another server sealed meanwhile. */
  | { readonly outcome: 'overtaken' };

export interface Sealer {
  /** One step: what was recorded since the last one becomes part of the log, under a new checkpoint. */
  seal(): Promise<SealResult>;
}

const BATCH_MAX = 1_000;

/** What the log goes on from. */
interface State {
  readonly head: LogHead;
  readonly tree: TreeBuilder;
  readonly bundles: BundleBuilder;
  /** The next step, where it was prepared while this one was written. */
  readonly ahead: Step | undefined;
}

/** What a step adds, before it is signed. */
interface Step {
  readonly size: number;
  readonly root: Uint8Array;
  readonly lastSequence: number;
  readonly tiles: readonly HashTile[];
  readonly bundles: readonly SealedBundle[];
  readonly entries: number;
  /** The events of the step behind it, which are read while this one is made; undefined when there are none yet. */
  readonly following: Promise<readonly EventText[]> | undefined;
}

function corrupt(what: string): Error {
  return new Error(`the log cannot be continued: ${what}`);
}

async function readEdge(store: LogStore, size: number) {
  return Promise.all(
    edgeTiles(size).map(async ({ level, number, width }) => {
      if (width === 0) return [];
      const bytes = await store.tile(level, number);
      const hashes = bytes === undefined ? undefined : splitHashes(Buffer.from(bytes), bytes.length / 32);
      if (hashes === undefined || hashes.length < width)
        throw corrupt(`tile ${level}/${number} is not there`);
      return hashes.slice(0, width);
    }),
  );
}

async function readOpenBundle(store: LogStore, size: number): Promise<SealedBundle> {
  const [number, width] = [Math.floor(size / TILE_WIDTH), size % TILE_WIDTH];
  if (width === 0) return { number, entries: Buffer.of(), sequences: [], salts: Buffer.of() };
  const stored = await store.bundle(number);
  const entries = stored && splitEntries(Buffer.from(stored.entries), stored.sequences.length);
  // Another server may have put more behind it since the head was read.
  if (stored === undefined || entries === undefined || entries.length < width)
    throw corrupt(`bundle ${number} is not there`);
  return {
    number,
    entries: joinEntries(entries.slice(0, width)),
    sequences: stored.sequences.slice(0, width),
    salts: stored.salts.subarray(0, width * SALT_BYTES),
  };
}

/** Puts events behind the tree and the last bundle; what changed comes back. */
function addEvents(
  { tree, bundles }: State,
  events: readonly EventText[],
): Omit<Step, 'following' | 'lastSequence'> {
  const random = randomBytes(SALT_BYTES * events.length);
  events.forEach(({ sequence, text }, index) => {
    const salt = random.subarray(index * SALT_BYTES, (index + 1) * SALT_BYTES);
    const entry = buildLogEntry(text, salt);
    tree.append(hashLeaf(entry));
    bundles.append(entry, sequence, salt);
  });
  return {
    size: tree.size,
    root: tree.root(),
    tiles: tree.takeTiles(),
    bundles: bundles.takeBundles(),
    entries: events.length,
  };
}

/**
 * Puts recorded events into the log, in their order. Several servers may do so: the store lets one step through, and
 * what the others have made of the same events is thrown away unseen, so that there is never a second checkpoint of
 * one size.
 */
export function createSealer(options: SealerOptions): Sealer {
  const { store, events, origin, signers, clock, batchMax = BATCH_MAX } = options;
  let state: State | undefined;
  const load = async (): Promise<State> => {
    const head = await store.head();
    const tree = new TreeBuilder(head.size, await readEdge(store, head.size));
    return {
      head,
      tree,
      bundles: new BundleBuilder(await readOpenBundle(store, head.size)),
      ahead: undefined,
    };
  };
  const read = (afterSequence: number) => {
    const found = events.texts({ afterSequence, limit: batchMax });
    // Whoever waits for it is told; until then a failure is nobody's.
    found.catch(() => {});
    return found;
  };
  const prepare = async (from: State, reading: Promise<readonly EventText[]>): Promise<Step | undefined> => {
    const found = await reading;
    const lastSequence = found.at(-1)?.sequence;
    if (lastSequence === undefined) return undefined;
    const following = found.length === batchMax ? read(lastSequence) : undefined;
    return { ...addEvents(from, found), lastSequence, following };
  };
  const sign = ({ size, root, lastSequence }: Step, { erasures }: LogHead): LogHead => {
    const nowMs = clock.nowMs();
    const note = signNote(formatCheckpoint({ origin, size, root }), signers(), nowMs);
    return { size, lastSequence, checkpoint: formatSignedNote(note), signedAtMs: nowMs, erasures };
  };

  return {
    async seal() {
      const current = state ?? (await load());
      // Until the step is durable, what it was made from is spoilt: a failure starts again from the store.
      state = undefined;
      const step = current.ahead ?? (await prepare(current, read(current.head.lastSequence)));
      if (step === undefined) {
        state = current;
        return { outcome: 'idle' };
      }
      const { tiles, bundles, entries, following } = step;
      const head = sign(step, current.head);
      const growing = store.grow({ fromSize: current.head.size, head, tiles, bundles });
      // The store writes meanwhile. What is made here is shown to nobody before it, in its turn, is durable.
      const preparing = following === undefined ? undefined : prepare(current, following);
      const [grown, ahead] = await Promise.all([growing, preparing]);
      if (!grown) return { outcome: 'overtaken' };
      state = { ...current, head, ahead };
      return { outcome: 'sealed', entries, head, more: following !== undefined };
    },
  };
}
