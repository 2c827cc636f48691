import { hashLeaf, hashNode, hashOfRow, splitPoint } from './merkle-hash.ts';
import { TILE_HEIGHT, TILE_WIDTH } from './tile.ts';

/** Reads hashes of a tile: `width` of them at least. Rejects when the tile is not there or was pruned. */
export type TileReader = (level: number, number: number, width: number) => Promise<readonly Uint8Array[]>;

/** Hashes of parts of a tree of `size` entries, from its tiles. A tile is read once, and a subtree hashed once. */
export class TreeReader {
  readonly size: number;
  readonly #read: TileReader;
  readonly #tiles = new Map<string, Promise<readonly Uint8Array[]>>();
  readonly #subtrees = new Map<string, Uint8Array>();

  constructor(size: number, read: TileReader) {
    this.size = size;
    this.#read = read;
  }

  #tile(level: number, number: number): Promise<readonly Uint8Array[]> {
    const key = `${level}/${number}`;
    const known = this.#tiles.get(key);
    if (known !== undefined) return known;
    const count = Math.floor(this.size / TILE_WIDTH ** level);
    const tile = this.#read(level, number, Math.min(TILE_WIDTH, count - number * TILE_WIDTH));
    this.#tiles.set(key, tile);
    return tile;
  }

  /** A complete subtree of 2^height entries, the `index`th of its kind. */
  async #subtree(height: number, index: number): Promise<Uint8Array> {
    const key = `${height}/${index}`;
    const known = this.#subtrees.get(key);
    if (known !== undefined) return known;
    const level = Math.floor(height / TILE_HEIGHT);
    const count = 2 ** (height % TILE_HEIGHT);
    const first = index * count;
    const tile = await this.#tile(level, Math.floor(first / TILE_WIDTH));
    const at = first % TILE_WIDTH;
    const hash = hashOfRow(tile.slice(at, at + count));
    this.#subtrees.set(key, hash);
    return hash;
  }

  /** The root over entries `from` up to `to`, as the recursion of RFC 6962 §2.1 meets them. */
  async range(from: number, to: number): Promise<Uint8Array> {
    const count = to - from;
    const height = Math.log2(count);
    if (Number.isInteger(height)) return this.#subtree(height, from / count);
    const half = splitPoint(count);
    return hashNode(await this.range(from, from + half), await this.range(from + half, to));
  }
}

/** RFC 6962 §2.1.1: the hashes from which the root follows, given the entry; lowest first. */
export async function proveInclusion(tree: TreeReader, index: number): Promise<readonly Uint8Array[]> {
  const prove = async (from: number, to: number): Promise<Uint8Array[]> => {
    if (to - from === 1) return [];
    const middle = from + splitPoint(to - from);
    return index < middle
      ? [...(await prove(from, middle)), await tree.range(middle, to)]
      : [...(await prove(middle, to)), await tree.range(from, middle)];
  };
  return prove(0, tree.size);
}

/** RFC 6962 §2.1.2: the hashes that show that the tree of `oldSize` entries is the beginning of this one. */
export async function proveConsistency(tree: TreeReader, oldSize: number): Promise<readonly Uint8Array[]> {
  if (oldSize === 0 || oldSize === tree.size) return [];
  const prove = async (from: number, to: number, whole: boolean): Promise<Uint8Array[]> => {
    if (to === oldSize) return whole ? [] : [await tree.range(from, to)];
    const middle = from + splitPoint(to - from);
    return oldSize <= middle
      ? [...(await prove(from, middle, whole)), await tree.range(middle, to)]
      : [...(await prove(middle, to, false)), await tree.range(from, middle)];
  };
  return prove(0, tree.size, true);
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

/** RFC 9162 §2.1.3.2. */
export function verifyInclusion(
  entry: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  let [at, last] = [index, size - 1];
  let hash: Uint8Array = hashLeaf(entry);
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = hashNode(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else {
      hash = hashNode(hash, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && equal(hash, root);
}

export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

function isPowerOfTwo(number: number): boolean {
  return Number.isInteger(Math.log2(number));
}

/** RFC 9162 §2.1.4.2. */
export function verifyConsistency(older: TreeHead, newer: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && equal(older.root, newer.root);
  if (older.size === 0) return proof.length === 0;
  const path = isPowerOfTwo(older.size) ? [older.root, ...proof] : proof;
  const [first, ...rest] = path;
  if (first === undefined) return false;
  let [at, last] = [older.size - 1, newer.size - 1];
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  let [old, young]: [Uint8Array, Uint8Array] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [old, young] = [hashNode(sibling, old), hashNode(sibling, young)];
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else {
      young = hashNode(young, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && equal(old, older.root) && equal(young, newer.root);
}
