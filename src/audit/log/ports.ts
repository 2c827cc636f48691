import type { AuditEvent, RecordedEvent } from '../event.ts';
import type { TreeHead } from './proofs.ts';
import type { HashTile } from './tree-builder.ts';

/** Up to 256 entries of the log, with what is needed to open them. */
export interface SealedBundle {
  /** Entries `number * 256` and following. */
  readonly number: number;
  /** As C2SP tlog-tiles has it. */
  readonly entries: Uint8Array;
  /** One for each entry: where its event stands in the record. Ascending. */
  readonly sequences: readonly number[];
  /** 32 bytes for each entry. */
  readonly salts: Uint8Array;
}

export interface LogHead {
  readonly size: number;
  /** Of the last event that is in the log; 0 when there is none. */
  readonly lastSequence: number;
  /** The signed checkpoint of this size; undefined for a log that was never signed. */
  readonly checkpoint: string | undefined;
  /** When it was signed (ms since the epoch). */
  readonly signedAtMs: number;
  /** How often something was erased: what a sealer kept in memory before that must not be written again. */
  readonly erasures: number;
}

/** What one step of the sealer adds. All of it becomes durable at once, or nothing of it. */
export interface LogGrowth {
  /** The size and erasures that this step starts from: a log that has others by now is left as it is. */
  readonly fromSize: number;
  readonly head: LogHead;
  /** Full and unfinished tiles; an unfinished one replaces its shorter self. */
  readonly tiles: readonly HashTile[];
  readonly bundles: readonly SealedBundle[];
}

/** Where the log is kept. One row of the store says how large it is, so that it can never fork. */
export interface LogStore {
  head(): Promise<LogHead>;
  /**
   * Makes this server the one that seals until then (both ms since the epoch), unless another one is. Only spares the
   * others the work: that the log cannot fork is `grow`'s part, whatever the clocks say.
   */
  lead(server: string, nowMs: number, untilMs: number): Promise<boolean>;
  /** Compare and set on the size; false when another sealer was faster. Durable when the promise resolves. */
  grow(growth: LogGrowth): Promise<boolean>;
  /** The newest checkpoint that enough witnesses have signed; undefined before there was one. */
  witnessed(): Promise<string | undefined>;
  /** Keeps the larger of the two. */
  keepWitnessed(checkpoint: string, size: number): Promise<void>;
  /** Hashes of a tile, as many as there are; undefined when there is none or it was pruned. */
  tile(level: number, number: number): Promise<Uint8Array | undefined>;
  bundle(number: number): Promise<SealedBundle | undefined>;
  /** The bundle that an event of this sequence would be in. */
  bundleOfSequence(sequence: number): Promise<SealedBundle | undefined>;
}

/** Makes something personal unreadable for good, in the record and in the log at once. */
export interface ErasureStore {
  /** The event takes the place of what is recorded under its sequence, and the salts that of those of its bundle. */
  erase(change: { event: RecordedEvent; bundle: number; salts: Uint8Array }): Promise<void>;
}

/** How much of its beginning a log does not keep any more (C2SP tlog-tiles, pruning). */
export interface Retained {
  /** Entries before it are gone, and the events that they stood for; their hashes are not. A multiple of 256. */
  readonly minimumIndex: number;
  /** Up to where the record says that the log is pruned next. */
  readonly plannedIndex: number;
}

/** Whole bundles at the beginning of what is kept. */
export interface PruningStep {
  readonly fromIndex: number;
  readonly toIndex: number;
  /** The bundle that begins at each index. */
  readonly fromBundle: number;
  readonly toBundle: number;
  /** Of the last event that goes. */
  readonly lastSequence: number;
}

/** Removes the oldest entries with their events, after it was said in the record that this is done. */
export interface RetentionStore {
  retained(): Promise<Retained>;
  /**
   * Records the event and notes what it announces, both or neither. Compare and set: false when the log was pruned or
   * is about to be by another server.
   */
  planPruning(plan: { fromIndex: number; toIndex: number; event: AuditEvent }): Promise<boolean>;
  /**
   * Removes the bundles of a step, and the events up to the last of these. False when another server was faster, the
   * step was not announced, or the event that announces it is not in the log yet.
   */
  prune(step: PruningStep): Promise<boolean>;
}

/** What a witness has signed: the last head of each log that it looks after. */
export interface WitnessStore {
  lastWitnessed(origin: string): Promise<TreeHead | undefined>;
  /** Compare and set on the size (0 for a log that was not seen yet). Durable when the promise resolves. */
  witness(origin: string, fromSize: number, head: TreeHead): Promise<boolean>;
}

/** Events in the order in which they were recorded, only those before which none can appear any more. */
export interface EventSource {
  list(filter: { afterSequence: number; limit: number }): Promise<readonly RecordedEvent[]>;
}

/** An event as it is kept: what `JSON.stringify` makes of it. */
export interface EventText {
  readonly sequence: number;
  readonly text: string;
}

/** The same events in the same order, as texts: who only hashes them need not have objects made of them. */
export interface EventTextSource {
  texts(filter: { afterSequence: number; limit: number }): Promise<readonly EventText[]>;
}
