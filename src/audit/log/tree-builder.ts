import { EMPTY_ROOT, hashNode, hashOfRow } from './merkle-hash.ts';
import { TILE_HEIGHT, TILE_WIDTH, type TileAddress } from './tile.ts';

export interface HashTile {
  readonly address: TileAddress & { readonly level: number };
  readonly hashes: readonly Uint8Array[];
}

/** The tiles at the right edge of a tree, lowest level first: all that is needed to go on. */
export type Edge = readonly (readonly Uint8Array[])[];

/** The complete subtrees that a row of hashes comes to, by their height: one for each bit of its length. */
function subtreesOf(row: readonly Uint8Array[]): readonly (Uint8Array | undefined)[] {
  let from = 0;
  return Array.from({ length: TILE_HEIGHT }, (_, at) => TILE_HEIGHT - 1 - at)
    .map((height) => {
      if (Math.floor(row.length / 2 ** height) % 2 === 0) return undefined;
      from += 2 ** height;
      return hashOfRow(row.slice(from - 2 ** height, from));
    })
    .toReversed();
}

/**
 * A tree that only grows. It holds one unfinished tile for each level and hands out every tile that changed, and the
 * complete subtrees that the whole is made of, one for each height at most: so an entry costs one hash on average, and
 * a root as many as the tree is high.
 */
export class TreeBuilder {
  #size: number;
  readonly #edge: Uint8Array[][];
  readonly #subtrees: (Uint8Array | undefined)[];
  /** Tiles that were filled since they were last taken. */
  #full: HashTile[] = [];

  /** @param edge for a tree of `size` entries, whose tiles {@link edgeTiles} names */
  constructor(size = 0, edge: Edge = []) {
    this.#size = size;
    this.#edge = edge.map((hashes) => [...hashes]);
    this.#subtrees = edge.flatMap(subtreesOf);
  }

  get size(): number {
    return this.#size;
  }

  append(leafHash: Uint8Array): void {
    this.#size += 1;
    let hash = leafHash;
    let height = 0;
    this.#keep(0, hash);
    for (let left = this.#subtrees[0]; left !== undefined; left = this.#subtrees[height]) {
      hash = hashNode(left, hash);
      this.#subtrees[height] = undefined;
      height += 1;
      if (height % TILE_HEIGHT === 0) this.#keep(height / TILE_HEIGHT, hash);
    }
    this.#subtrees[height] = hash;
  }

  #keep(level: number, hash: Uint8Array): void {
    this.#edge[level] ??= [];
    const hashes = this.#edge[level];
    hashes.push(hash);
    if (hashes.length < TILE_WIDTH) return;
    const number = Math.floor(this.#size / TILE_WIDTH ** (level + 1)) - 1;
    this.#full.push({ address: { level, number, width: TILE_WIDTH }, hashes });
    this.#edge[level] = [];
  }

  /** RFC 6962 §2.1: the larger subtrees stand on the left. */
  root(): Uint8Array {
    let root: Uint8Array | undefined;
    for (const subtree of this.#subtrees) {
      if (subtree !== undefined) root = root === undefined ? subtree : hashNode(subtree, root);
    }
    return root ?? EMPTY_ROOT;
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
