import { randomInt } from 'node:crypto';

const SLOTS_MIN = 1_024;
const LOAD_MAX = 0.7;

/**
 * Where each claimed key is: hash → row, open addressing, 12 bytes a slot. The rows are the truth and are read
 * before a key counts as found; this only saves an index on disk, whose random order would rewrite a page for
 * each exchange. The hash is seeded, so that nobody can prepare keys that collide.
 */
export class ClaimIndex {
  readonly #seed = randomInt(2 ** 32);
  #hashes = new Uint32Array(SLOTS_MIN);
  /** 0: the slot is free; SQLite's row numbers begin with 1. */
  #rows = new Float64Array(SLOTS_MIN);
  #mask = SLOTS_MIN - 1;
  #count = 0;

  get size(): number {
    return this.#count;
  }

  /** The row of this key, or 0. `holdsKey` looks at the row itself. */
  find(key: string, holdsKey: (row: number) => boolean): number {
    const hash = this.#hash(key);
    for (let slot = hash & this.#mask; this.#row(slot) !== 0; slot = (slot + 1) & this.#mask) {
      if (this.#hashes[slot] === hash && holdsKey(this.#row(slot))) return this.#row(slot);
    }
    return 0;
  }

  add(key: string, row: number): void {
    if (this.#count >= this.#rows.length * LOAD_MAX) this.#grow();
    this.#place(this.#hash(key), row);
    this.#count += 1;
  }

  /** Nothing happens when it is not there. */
  remove(key: string, row: number): void {
    let slot = this.#hash(key) & this.#mask;
    while (this.#row(slot) !== row) {
      if (this.#row(slot) === 0) return;
      slot = (slot + 1) & this.#mask;
    }
    this.#free(slot);
    this.#count -= 1;
  }

  /** Moves later ones of the same run forward, so that no search ends at the gap (Knuth, 6.4, algorithm R). */
  #free(start: number): void {
    let gap = start;
    for (let slot = (gap + 1) & this.#mask; this.#row(slot) !== 0; slot = (slot + 1) & this.#mask) {
      const home = (this.#hashes[slot] ?? 0) & this.#mask;
      if (((slot - home) & this.#mask) < ((slot - gap) & this.#mask)) continue;
      this.#hashes[gap] = this.#hashes[slot] ?? 0;
      this.#rows[gap] = this.#row(slot);
      gap = slot;
    }
    this.#rows[gap] = 0;
  }

  #place(hash: number, row: number): void {
    let slot = hash & this.#mask;
    while (this.#row(slot) !== 0) slot = (slot + 1) & this.#mask;
    this.#hashes[slot] = hash;
    this.#rows[slot] = row;
  }

  #grow(): void {
    const hashes = this.#hashes;
    const rows = this.#rows;
    this.#hashes = new Uint32Array(rows.length * 2);
    this.#rows = new Float64Array(rows.length * 2);
    this.#mask = this.#rows.length - 1;
    for (const [slot, row] of rows.entries()) {
      if (row !== 0) this.#place(hashes[slot] ?? 0, row);
    }
  }

  #row(slot: number): number {
    return this.#rows[slot] ?? 0;
  }

  /** FNV-1a over the characters, then mixed so that the low bits, which choose the slot, depend on all. */
  #hash(key: string): number {
    let hash = this.#seed ^ 0x811c9dc5;
    for (let index = 0; index < key.length; index += 1) {
      hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}
