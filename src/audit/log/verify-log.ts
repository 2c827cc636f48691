import type { AuditEventType } from '../event.ts';
import { parseSignedCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { parseLogEntry } from './log-entry.ts';
import { hashLeaf, HASH_BYTES } from './merkle-hash.ts';
import type { NoteVerifier } from './note-key.ts';
import { proveConsistency, TreeReader, verifyConsistency } from './proofs.ts';
import { confirmNote } from './signed-note.ts';
import { formatTilePath, joinHashes, splitEntries, splitHashes, TILE_WIDTH } from './tile.ts';
import { edgeTiles, type HashTile, TreeBuilder } from './tree-builder.ts';

/** The kind of event that announces a pruning. */
const PRUNED: AuditEventType = 'log.pruned';

/** Reads what stands under a path of the log; undefined when there is nothing. */
export type LogFetch = (path: string) => Promise<Buffer | undefined>;

export type LogFaultCode =
  | 'checkpoint_unreadable'
  | 'checkpoint_not_signed'
  | 'checkpoint_of_another_log'
  | 'entries_missing'
  | 'entries_unreadable'
  | 'tile_missing'
  | 'tile_differs'
  | 'root_differs'
  /** The log does not hold what it once did: its history was changed, or there are two of it. */
  | 'history_differs'
  | 'log_shrank'
  /** It is said that entries were removed, and the log has no word of it. */
  | 'pruning_not_recorded';

export interface LogFault {
  readonly code: LogFaultCode;
  /** For people: what, and where. */
  readonly message: string;
}

/** What was checked, or the first thing that is wrong. */
export type LogVerdict =
  | {
      readonly ok: true;
      readonly signed: SignedCheckpoint;
      /** Entries before it were not looked at, only their hashes. */
      readonly minimumIndex: number;
    }
  | { readonly ok: false; readonly fault: LogFault };

export interface VerifyOptions {
  readonly fetch: LogFetch;
  readonly key: NoteVerifier;
  /** A checkpoint that was seen earlier: the log has to be its continuation. */
  readonly earlier?: SignedCheckpoint | undefined;
  /**
   * Entries before it are said not to be kept any more (C2SP tlog-tiles, pruning); a multiple of 256. Their hashes must
   * be there and lead to the root like those of the others, and that entries were removed must stand in the log.
   */
  readonly minimumIndex?: number | undefined;
  /** Called with every entry that is kept, in order. */
  readonly onEntry?: (entry: Buffer, index: number) => void;
  readonly onProgress?: (done: number, all: number) => void;
}

class LogFaultError extends Error {
  readonly fault: LogFault;
  constructor(code: LogFaultCode, message: string) {
    super(message);
    this.fault = { code, message };
  }
}

/** The checkpoint, when it is one of this log and signed by its key. */
function readCheckpoint(text: string | undefined, key: NoteVerifier): SignedCheckpoint {
  const signed = text === undefined ? undefined : parseSignedCheckpoint(text);
  if (signed === undefined)
    throw new LogFaultError('checkpoint_unreadable', 'there is no readable checkpoint');
  if (signed.checkpoint.origin !== key.name)
    throw new LogFaultError(
      'checkpoint_of_another_log',
      `the checkpoint is of ${JSON.stringify(signed.checkpoint.origin)}, not of ${JSON.stringify(key.name)}`,
    );
  if (confirmNote(signed.note, [key])?.length !== 1)
    throw new LogFaultError('checkpoint_not_signed', 'the checkpoint is not signed by the key of the log');
  return signed;
}

async function readEntries(
  { fetch }: VerifyOptions,
  number: number,
  width: number,
): Promise<readonly Buffer[]> {
  const path = formatTilePath({ level: 'entries', number, width });
  const bytes = await fetch(path);
  if (bytes === undefined) throw new LogFaultError('entries_missing', `${path} is missing`);
  const entries = splitEntries(bytes, width);
  if (entries === undefined)
    throw new LogFaultError('entries_unreadable', `${path} does not hold ${width} entries`);
  return entries;
}

/** Every tile that the log offers must be the one that follows from its entries. */
async function compareTile({ fetch }: VerifyOptions, { address, hashes }: HashTile): Promise<void> {
  const path = formatTilePath(address);
  const bytes = await fetch(path);
  if (bytes === undefined) throw new LogFaultError('tile_missing', `${path} is missing`);
  if (!bytes.equals(joinHashes(hashes)))
    throw new LogFaultError('tile_differs', `${path} does not follow from the entries below it`);
}

/** The hashes of entries that are gone, which are all that is left of them. */
async function readPruned({ fetch }: VerifyOptions, number: number): Promise<readonly Buffer[]> {
  const path = formatTilePath({ level: 0, number, width: TILE_WIDTH });
  const hashes = splitHashes((await fetch(path)) ?? Buffer.of(), TILE_WIDTH);
  if (hashes === undefined) throw new LogFaultError('tile_missing', `${path} is missing`);
  return hashes;
}

async function rebuild(options: VerifyOptions, size: number): Promise<Uint8Array> {
  const { minimumIndex = 0 } = options;
  const tree = new TreeBuilder();
  let pruningRecorded = minimumIndex === 0;
  for (const { number, width } of bundlesOf(size)) {
    const first = number * TILE_WIDTH;
    if (first + TILE_WIDTH <= minimumIndex) {
      for (const hash of await readPruned(options, number)) tree.append(hash);
    } else {
      const entries = await readEntries(options, number, width);
      for (const [at, entry] of entries.entries()) {
        options.onEntry?.(entry, first + at);
        tree.append(hashLeaf(entry));
        pruningRecorded ||= parseLogEntry(entry)?.type === PRUNED;
      }
    }
    const last = tree.size === size;
    for (const tile of tree.takeTiles()) {
      if (last || tile.address.width === TILE_WIDTH) await compareTile(options, tile);
    }
    options.onProgress?.(tree.size, size);
  }
  if (!pruningRecorded)
    throw new LogFaultError(
      'pruning_not_recorded',
      `the ${minimumIndex} oldest entries are gone, and the log does not say that they were removed`,
    );
  return tree.root();
}

function bundlesOf(size: number): readonly { number: number; width: number }[] {
  const [last] = edgeTiles(size);
  const full = Math.floor(size / TILE_WIDTH);
  const bundles = Array.from({ length: full }, (_, number) => ({ number, width: TILE_WIDTH }));
  return last === undefined || last.width === 0 ? bundles : [...bundles, { number: full, width: last.width }];
}

async function requireContinuation(options: VerifyOptions, earlier: SignedCheckpoint, now: SignedCheckpoint) {
  const [older, newer] = [earlier.checkpoint, now.checkpoint];
  if (older.size > newer.size)
    throw new LogFaultError('log_shrank', `the log had ${older.size} entries and has ${newer.size} now`);
  const tree = new TreeReader(newer.size, async (level, number, width) => {
    const bytes = await options.fetch(formatTilePath({ level, number, width }));
    const hashes = bytes?.length === width * HASH_BYTES ? splitHashes(bytes, width) : undefined;
    if (hashes === undefined)
      throw new LogFaultError('tile_missing', `tile ${level}/${number} of ${width} is missing`);
    return hashes;
  });
  if (verifyConsistency(older, newer, await proveConsistency(tree, older.size))) return;
  throw new LogFaultError(
    'history_differs',
    `what the log holds now is no continuation of the ${older.size} entries that it had`,
  );
}

/**
 * Checks a whole log from its published files: the signature, every entry, every tile, the root, and that it goes on
 * from an earlier checkpoint. Trusts nothing but the key. Rejects only when `fetch` does.
 */
export async function verifyLog(options: VerifyOptions): Promise<LogVerdict> {
  try {
    const text = (await options.fetch('checkpoint'))?.toString('utf8');
    const signed = readCheckpoint(text, options.key);
    if (options.earlier !== undefined) await requireContinuation(options, options.earlier, signed);
    const root = await rebuild(options, signed.checkpoint.size);
    if (Buffer.compare(root, signed.checkpoint.root) !== 0)
      throw new LogFaultError('root_differs', 'the entries do not come to the root that was signed');
    return { ok: true, signed, minimumIndex: options.minimumIndex ?? 0 };
  } catch (error) {
    if (error instanceof LogFaultError) return { ok: false, fault: error.fault };
    throw error;
  }
}
