import { parseSignedCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { formatReceipt } from './inclusion-receipt.ts';
import { proveInclusion, TreeReader } from './proofs.ts';
import { formatTilePath, splitEntries, splitHashes, TILE_WIDTH } from './tile.ts';
import type { EventReceipt, TransparencyLog } from './transparency-log.ts';

type ReadLog = Pick<TransparencyLog, 'checkpoint' | 'tile' | 'openingsOf'>;

/**
 * Receipts of all entries of a bundle, in their order, under one checkpoint: for copies of the record that prove
 * themselves. Null for an event that is not in the record any more; undefined when the log has no such bundle.
 *
 * @param witnessed the newest checkpoint with the signatures of witnesses, which is taken where it is large enough
 */
export function createBundleReceipts(
  log: ReadLog,
  witnessed: () => Promise<SignedCheckpoint | undefined>,
): (number: number) => Promise<readonly (EventReceipt | null)[] | undefined> {
  return async (number) => {
    const newest = parseSignedCheckpoint((await log.checkpoint()) ?? '');
    const openings = await log.openingsOf(number);
    if (newest === undefined || openings === undefined) return undefined;
    const first = number * TILE_WIDTH;
    const cosigned = await witnessed();
    const end = Math.min(first + TILE_WIDTH, newest.checkpoint.size);
    const signed = cosigned !== undefined && end <= cosigned.checkpoint.size ? cosigned : newest;
    const entries = await readEntries(log, number, end - first);
    if (entries === undefined) return undefined;
    const tree = new TreeReader(signed.checkpoint.size, (level, tile, width) =>
      readTile(log, level, tile, width),
    );
    const receipts: (EventReceipt | null)[] = [];
    for (const [at, entry] of entries.entries()) {
      const opening = openings[at] ?? null;
      const index = first + at;
      receipts.push(
        opening && {
          index,
          entry: entry.toString('utf8'),
          opening,
          proof: formatReceipt({ index, proof: await proveInclusion(tree, index), signed }),
        },
      );
    }
    return receipts;
  };
}

async function readEntries(log: ReadLog, number: number, width: number) {
  const bytes = width <= 0 ? undefined : await log.tile(formatTilePath({ level: 'entries', number, width }));
  return bytes && splitEntries(Buffer.from(bytes), width);
}

async function readTile(log: ReadLog, level: number, number: number, width: number) {
  const bytes = await log.tile(formatTilePath({ level, number, width }));
  const hashes = bytes && splitHashes(Buffer.from(bytes), width);
  if (hashes === undefined) throw new Error(`the log has no tile ${level}/${number} of ${width}`);
  return hashes;
}
