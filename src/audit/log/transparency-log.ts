import type { AuditEvent, RecordedEvent } from '../event.ts';
import { parseSignedCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { formatReceipt } from './inclusion-receipt.ts';
import { type EntryOpening, eraseEvent, eraseSalt, openEntry, SALT_BYTES } from './log-entry.ts';
import { HASH_BYTES } from './merkle-hash.ts';
import { formatVerifierKey, type NoteVerifier } from './note-key.ts';
import type { ErasureStore, EventSource, LogStore } from './ports.ts';
import { proveInclusion, TreeReader } from './proofs.ts';
import { createTileReader } from './read-tile.ts';
import { joinEntries, parseTilePath, splitEntries, TILE_WIDTH } from './tile.ts';

/** That an event stands in the log, in a form that needs nothing of the server any more. */
export interface EventReceipt {
  readonly index: number;
  /** The bytes of the leaf, as text. */
  readonly entry: string;
  readonly opening: EntryOpening;
  /** C2SP tlog-proof. */
  readonly proof: string;
}

/** What of the log is kept. */
export interface LogRetention {
  /** Entries before it were removed. */
  readonly minimumIndex: number;
  readonly seconds: number | undefined;
}

/** The log as others read it. */
export interface TransparencyLog {
  readonly origin: string;
  /** What receipts and checkpoints are checked with. */
  readonly verifierKey: string;
  /** The key of ML-DSA-44, where checkpoints are signed with it, too. */
  postQuantumKey(): string | undefined;
  /** The newest signed checkpoint; undefined before the first entry. */
  checkpoint(): Promise<string | undefined>;
  /** When the newest checkpoint was signed (ms since the epoch). */
  signedAtMs(): Promise<number | undefined>;
  /** From where on entries are kept, and how long at least; undefined: for ever. */
  retention(): Promise<LogRetention>;
  /** By its path below the log (C2SP tlog-tiles); undefined when the log has no such tile. */
  tile(path: string): Promise<Uint8Array | undefined>;
  /**
   * What the entries of a bundle stand for, in their order; null for an event that is not in the record any more.
   * Undefined when the log has no such bundle.
   */
  openingsOf(number: number): Promise<readonly (EntryOpening | null)[] | undefined>;
  /**
   * Erases what is personal in an event, in the record and in the log; its entry goes on proving the rest. False while
   * the event is not in the log yet.
   */
  erase(event: RecordedEvent): Promise<boolean>;
  /** Undefined while the event is not in the log yet. */
  receiptOf(event: RecordedEvent): Promise<EventReceipt | undefined>;
}

export interface TransparencyLogOptions {
  readonly store: LogStore & ErasureStore;
  readonly events: EventSource;
  readonly key: NoteVerifier;
  /** What checkpoints are signed with beside it. Read each time, as the configuration changes. */
  readonly postQuantumKey?: () => NoteVerifier | undefined;
  /** The newest checkpoint with the signatures of witnesses, when there is one. */
  readonly witnessed?: () => Promise<SignedCheckpoint | undefined>;
  /** What is kept; everything, for ever, by default. */
  readonly retention?: () => Promise<LogRetention>;
}

/** The event as it was recorded: where it stands in the record is no part of it. */
function eventOf(recorded: RecordedEvent): AuditEvent {
  const { sequence, ...event } = recorded;
  return sequence > 0 ? event : recorded;
}

export function createTransparencyLog(options: TransparencyLogOptions): TransparencyLog {
  const { store, key } = options;

  const readBundle = async (number: number, width: number): Promise<Uint8Array | undefined> => {
    const bundle = await store.bundle(number);
    const entries = bundle && splitEntries(Buffer.from(bundle.entries), bundle.sequences.length);
    if (entries === undefined || entries.length < width) return undefined;
    return joinEntries(entries.slice(0, width));
  };

  const readTile = async (level: number, number: number, width: number): Promise<Uint8Array | undefined> => {
    const hashes = await store.tile(level, number);
    return hashes === undefined || hashes.length < width * HASH_BYTES
      ? undefined
      : hashes.subarray(0, width * HASH_BYTES);
  };

  /** A witnessed checkpoint where it is large enough already, else the newest. */
  const checkpointFor = async (index: number): Promise<SignedCheckpoint | undefined> => {
    const witnessed = await options.witnessed?.();
    if (witnessed !== undefined && index < witnessed.checkpoint.size) return witnessed;
    const signed = parseSignedCheckpoint((await store.head()).checkpoint ?? '');
    return signed !== undefined && index < signed.checkpoint.size ? signed : undefined;
  };

  return {
    origin: key.name,
    verifierKey: formatVerifierKey(key),
    postQuantumKey() {
      const further = options.postQuantumKey?.();
      return further && formatVerifierKey(further);
    },
    checkpoint: async () => (await store.head()).checkpoint,
    retention: async () => (await options.retention?.()) ?? { minimumIndex: 0, seconds: undefined },
    async signedAtMs() {
      const { checkpoint, signedAtMs } = await store.head();
      return checkpoint === undefined ? undefined : signedAtMs;
    },
    async tile(path) {
      const address = parseTilePath(path);
      if (address === undefined) return undefined;
      const { level, number, width } = address;
      return level === 'entries' ? readBundle(number, width) : readTile(level, number, width);
    },
    async openingsOf(number) {
      const bundle = await store.bundle(number);
      const [first] = bundle?.sequences ?? [];
      if (bundle === undefined || first === undefined) return undefined;
      const last = bundle.sequences.at(-1) ?? first;
      const events = new Map<number, RecordedEvent>();
      for (let after = first - 1; after < last; ) {
        const found = await options.events.list({ afterSequence: after, limit: TILE_WIDTH });
        for (const event of found) events.set(event.sequence, event);
        after = found.at(-1)?.sequence ?? last;
      }
      return bundle.sequences.map((sequence, at) => {
        const event = events.get(sequence);
        if (event === undefined) return null;
        return openEntry(eventOf(event), bundle.salts.subarray(at * SALT_BYTES, (at + 1) * SALT_BYTES));
      });
    },
    async erase(event) {
      const bundle = await store.bundleOfSequence(event.sequence);
      const at = bundle?.sequences.indexOf(event.sequence) ?? -1;
      if (bundle === undefined || at < 0) return false;
      const salts = Buffer.from(bundle.salts);
      const [from, to] = [at * SALT_BYTES, (at + 1) * SALT_BYTES];
      eraseSalt(salts.subarray(from, to)).copy(salts, from);
      const erased = { ...eraseEvent(eventOf(event)), sequence: event.sequence };
      await store.erase({ event: erased, bundle: bundle.number, salts });
      return true;
    },
    async receiptOf(event) {
      const bundle = await store.bundleOfSequence(event.sequence);
      const at = bundle?.sequences.indexOf(event.sequence) ?? -1;
      if (bundle === undefined || at < 0) return undefined;
      const entry = splitEntries(Buffer.from(bundle.entries), bundle.sequences.length)?.[at];
      const index = bundle.number * TILE_WIDTH + at;
      const signed = await checkpointFor(index);
      if (entry === undefined || signed === undefined) return undefined;
      const tree = new TreeReader(signed.checkpoint.size, createTileReader(store));
      const salt = bundle.salts.subarray(at * SALT_BYTES, (at + 1) * SALT_BYTES);
      return {
        index,
        entry: entry.toString('utf8'),
        opening: openEntry(eventOf(event), salt),
        proof: formatReceipt({ index, proof: await proveInclusion(tree, index), signed }),
      };
    },
  };
}
