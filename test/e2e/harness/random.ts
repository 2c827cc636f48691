import { SeededChance } from '#cli/demo/company/seeded-chance.ts';

/** Hostile values; the same for the same seed, so that a failure can be had again. */
export class Random extends SeededChance {
  bytes(lengthMax: number): Buffer {
    return Buffer.from(Array.from({ length: this.below(lengthMax + 1) }, () => this.below(256)));
  }

  /** A few characters changed, dropped, doubled or put in. */
  mutate(text: string): string {
    let result = text;
    for (let count = 1 + this.below(3); count > 0; count -= 1) {
      const at = this.below(result.length + 1);
      const piece = this.pick([
        '',
        '.',
        '=',
        '%00',
        '"',
        '\\',
        'A',
        '\u0000',
        'ÿ',
        '😀',
        result.slice(at, at + 40),
      ]);
      result = result.slice(0, at) + piece + result.slice(at + this.below(3));
    }
    return result;
  }

  /** Any JSON value, the awkward ones more often. */
  json(depth = 3): unknown {
    const leaf = this.below(depth > 0 ? 10 : 8);
    switch (leaf) {
      case 0:
        return this.pick([null, true, false]);
      case 1:
        return this.pick([0, -1, 1e308, -0, 2 ** 53, 1.5, 9_999_999_999]);
      case 2:
        return '';
      case 3:
        return 'x'.repeat(this.below(3_000));
      case 4:
        return this.pick(['__proto__', 'constructor', '\u0000', '\u202e', '\ud800', '<script>', '${jndi}']);
      case 5:
      case 6:
      case 7:
        return this.bytes(24).toString('latin1');
      case 8:
        return Array.from({ length: this.below(5) }, () => this.json(depth - 1));
      default:
        return Object.fromEntries(
          Array.from({ length: this.below(4) }, () => [
            this.pick(['a', '__proto__', 'toString', 'id', 'name', 'length']),
            this.json(depth - 1),
          ]),
        );
    }
  }
}
