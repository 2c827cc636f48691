import { randomBytes } from 'node:crypto';
import type { Clock } from '#core/clock.ts';
import { formatCheckpoint } from './checkpoint.ts';
import type { RecordedEvent } from '../event.ts';
import { buildLogEntry, SALT_BYTES } from './log-entry.ts';
import { hashLeaf } from './merkle-hash.ts';
import type { NoteSigner } from './note-key.ts';
import type { EventSource, LogHead, LogStore, SealedBundle } from './ports.ts';
import { formatSignedNote, signNote } from './signed-note.ts';
import { joinEntries, splitEntries, splitHashes, TILE_WIDTH } from './tile.ts';
import { edgeTiles, TreeBuilder } from './tree-builder.ts';

export interface SealerOptions {
  readonly store: LogStore;
  readonly events: EventSource;
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

/** The last bundle, which goes on until it has 256 entries. */
interface OpenBundle {
  readonly number: number;
  readonly entries: Uint8Array[];
  readonly sequences: number[];
  readonly salts: Uint8Array[];
}

interface State {
  readonly head: LogHead;
  readonly tree: TreeBuilder;
  readonly bundle: OpenBundle;
}

function emptyBundle(number: number): OpenBundle {
  return { number, entries: [], sequences: [], salts: [] };
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

async function readOpenBundle(store: LogStore, size: number): Promise<OpenBundle> {
  const [number, width] = [Math.floor(size / TILE_WIDTH), size % TILE_WIDTH];
  if (width === 0) return emptyBundle(number);
  const stored = await store.bundle(number);
  const entries = stored && splitEntries(Buffer.from(stored.entries), stored.sequences.length);
  // Another server may have put more behind it since the head was read.
  if (stored === undefined || entries === undefined || entries.length < width)
    throw corrupt(`bundle ${number} is not there`);
  const own = entries.slice(0, width);
  const salts = own.map((_, index) => stored.salts.subarray(index * SALT_BYTES, (index + 1) * SALT_BYTES));
  return { number, entries: [...own], sequences: stored.sequences.slice(0, width), salts };
}

function closeBundle({ number, entries, sequences, salts }: OpenBundle): SealedBundle {
  return { number, entries: joinEntries(entries), sequences: [...sequences], salts: Buffer.concat(salts) };
}

/** Puts events behind the state; the bundles that changed come back. */
function addEvents(
  state: State,
  events: readonly RecordedEvent[],
): { bundle: OpenBundle; bundles: SealedBundle[] } {
  const random = randomBytes(SALT_BYTES * events.length);
  const bundles: SealedBundle[] = [];
  let { bundle } = state;
  events.forEach(({ sequence, ...event }, index) => {
    const salt = random.subarray(index * SALT_BYTES, (index + 1) * SALT_BYTES);
    const entry = buildLogEntry(event, salt);
    state.tree.append(hashLeaf(entry));
    bundle.entries.push(entry);
    bundle.sequences.push(sequence);
    bundle.salts.push(salt);
    if (bundle.entries.length < TILE_WIDTH) return;
    bundles.push(closeBundle(bundle));
    bundle = emptyBundle(bundle.number + 1);
  });
  if (bundle.entries.length > 0) bundles.push(closeBundle(bundle));
  return { bundle, bundles };
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
    return { head, tree, bundle: await readOpenBundle(store, head.size) };
  };
  const sign = (size: number, root: Uint8Array, nowMs: number) =>
    formatSignedNote(signNote(formatCheckpoint({ origin, size, root }), signers(), nowMs));

  return {
    async seal() {
      const current = state ?? (await load());
      // Until the step is durable, what it was made from is spoilt: a failure starts again from the store.
      state = undefined;
      const { head, tree } = current;
      const found = await events.list({ afterSequence: head.lastSequence, limit: batchMax });
      const last = found.at(-1);
      if (last === undefined) {
        state = current;
        return { outcome: 'idle' };
      }
      const { bundle, bundles } = addEvents(current, found);
      const nowMs = clock.nowMs();
      const grown: LogHead = {
        size: tree.size,
        lastSequence: last.sequence,
        checkpoint: sign(tree.size, tree.root(), nowMs),
        signedAtMs: nowMs,
        erasures: head.erasures,
      };
      const growth = { fromSize: head.size, head: grown, tiles: tree.takeTiles(), bundles };
      if (!(await store.grow(growth))) return { outcome: 'overtaken' };
      state = { head: grown, tree, bundle };
      return { outcome: 'sealed', entries: found.length, head: grown, more: found.length === batchMax };
    },
  };
}
