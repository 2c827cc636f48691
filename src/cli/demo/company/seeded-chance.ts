/** The same choices for the same seed (mulberry32): what happens in the company can be had again. */
export class SeededChance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }

  /** A whole number near `mean`: as often as not one more or less, so that no two days are the same. */
  around(mean: number): number {
    return Math.max(0, Math.round(mean * (0.6 + 0.8 * this.next())));
  }

  hex(characters: number): string {
    return Array.from({ length: characters }, () => this.below(16).toString(16)).join('');
  }
}
