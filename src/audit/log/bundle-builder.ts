import type { SealedBundle } from './ports.ts';
import { joinEntries, TILE_WIDTH } from './tile.ts';

/** The last bundle of a log, which goes on until it has 256 entries; it hands out every bundle that changed. */
export class BundleBuilder {
  #number: number;
  /** Entries that were handed out already, as they stand in the bundle. */
  #done: Uint8Array;
  #fresh: Buffer[] = [];
  #sequences: number[];
  #salts: Uint8Array[];
  /** Bundles that were filled since they were last taken. */
  #full: SealedBundle[] = [];

  /** @param last with fewer than 256 entries */
  constructor(last: SealedBundle) {
    this.#number = last.number;
    this.#done = last.entries;
    this.#sequences = [...last.sequences];
    this.#salts = [last.salts];
  }

  append(entry: string, sequence: number, salt: Uint8Array): void {
    this.#fresh.push(Buffer.from(entry));
    this.#sequences.push(sequence);
    this.#salts.push(salt);
    if (this.#sequences.length < TILE_WIDTH) return;
    this.#full.push(this.#now());
    this.#number += 1;
    this.#done = Buffer.of();
    this.#sequences = [];
    this.#salts = [];
  }

  #now(): SealedBundle {
    this.#done = Buffer.concat([this.#done, joinEntries(this.#fresh)]);
    this.#fresh = [];
    this.#salts = [Buffer.concat(this.#salts)];
    const [salts = Buffer.of()] = this.#salts;
    return { number: this.#number, entries: this.#done, sequences: [...this.#sequences], salts };
  }

  /** Bundles that were filled since the last call, and the unfinished one as it is now. */
  takeBundles(): readonly SealedBundle[] {
    const full = this.#full;
    this.#full = [];
    return this.#sequences.length === 0 ? full : [...full, this.#now()];
  }
}
