import { EMPTY_ROOT, hashOfRow } from './merkle-hash.ts';
import { TILE_WIDTH, type TileAddress } from './tile.ts';

export interface HashTile {
  readonly address: TileAddress & { readonly level: number };
  readonly hashes: readonly Uint8Array[];
}

/** The tiles at the right edge of a tree, lowest level first: all that is needed to go on. */
export type Edge = readonly (readonly Uint8Array[])[];

/**
 * A tree that only grows. It holds one unfinished tile for each level and hands out every tile that changed, so
 * that a batch of entries costs two hashes for each of them and a handful of writes.
 */
export class TreeBuilder {
  #size: number;
  readonly #edge: Uint8Array[][];
  /** Tiles that were filled since they were last taken. */
  #full: HashTile[] = [];

  /** @param edge for a tree of `size` entries, whose tiles {@link edgeTiles} names */
  constructor(size = 0, edge: Edge = []) {
    this.#size = size;
    this.#edge = edge.map((hashes) => [...hashes]);
  }

  get size(): number {
    return this.#size;
  }

  append(leafHash: Uint8Array): void {
    this.#size += 1;
    this.#push(0, leafHash);
  }

  #push(level: number, hash: Uint8Array): void {
    this.#edge[level] ??= [];
    const hashes = this.#edge[level];
    hashes.push(hash);
    if (hashes.length < TILE_WIDTH) return;
    const number = Math.floor(this.#size / TILE_WIDTH ** (level + 1)) - 1;
    this.#full.push({ address: { level, number, width: TILE_WIDTH }, hashes });
    this.#edge[level] = [];
    this.#push(level + 1, hashOfRow(hashes));
  }

  root(): Uint8Array {
    let below: Uint8Array | undefined;
    for (const hashes of this.#edge) {
      const row = below === undefined ? hashes : [...hashes, below];
      if (row.length > 0) below = hashOfRow(row);
    }
    return below ?? EMPTY_ROOT;
  }

  /** Tiles that were filled since the last call, and the unfinished ones as they are now. */
  takeTiles(): readonly HashTile[] {
    const full = this.#full;
    this.#full = [];
    const partial = this.#edge.flatMap((hashes, level): HashTile[] => {
      if (hashes.length === 0) return [];
      const number = Math.floor(this.#size / TILE_WIDTH ** (level + 1));
      return [{ address: { level, number, width: hashes.length }, hashes: [...hashes] }];
    });
    return [...full, ...partial];
  }
}

/** The unfinished tiles of a tree of this size, lowest level first; a width of 0 means that there is none. */
export function edgeTiles(size: number): readonly { level: number; number: number; width: number }[] {
  const tiles: { level: number; number: number; width: number }[] = [];
  for (let level = 0, count = size; count > 0; level += 1) {
    tiles.push({ level, number: Math.floor(count / TILE_WIDTH), width: count % TILE_WIDTH });
    count = Math.floor(count / TILE_WIDTH);
  }
  return tiles;
}
