import { HASH_BYTES } from './merkle-hash.ts';
import type { LogStore } from './ports.ts';
import type { TileReader } from './proofs.ts';
import { splitHashes } from './tile.ts';

/** Tiles of a log as its store has them: a tile that has grown since is cut to the width that is asked for. */
export function createTileReader(store: LogStore): TileReader {
  return async (level, number, width) => {
    const bytes = await store.tile(level, number);
    const kept = bytes && Buffer.from(bytes).subarray(0, width * HASH_BYTES);
    const hashes = kept && splitHashes(kept, width);
    if (hashes === undefined) throw new Error(`the log has no tile ${level}/${number} of ${width}`);
    return hashes;
  };
}
