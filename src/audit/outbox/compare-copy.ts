import type { EntryOpening } from '../log/log-entry.ts';
import { TILE_WIDTH } from '../log/tile.ts';
import { readDocument, readPlace } from '../mapping/document.ts';
import { judgeCopy } from './judge-copy.ts';
import { unwrapCopy } from './unwrap-copy.ts';

const FAULTS_MAX = 1_000;
const BUNDLES_KEPT = 64;
const EXCERPT_CHARS = 120;

/** What is wrong with a copy. `unprovable`: the record itself does not show what the log stands for any more. */
export type CopyProblem = 'deleted' | 'altered' | 'added' | 'unprovable';

export interface CopyFault {
  /** Entry of the log; undefined for a document that names none. */
  readonly index: number | undefined;
  readonly problem: CopyProblem;
  /** The beginning of what was found, or the id of what is missing. */
  readonly excerpt: string | undefined;
}

export interface CopyComparison {
  /** Entries whose document is there, and as it was recorded. */
  readonly proven: number;
  /** Of those, how many without what was personal, which was erased in the record. */
  readonly erased: number;
  /** Documents that are there once more, and equal. */
  readonly duplicates: number;
  /** Entries that the sink refused: missing in the copy, and known to be. */
  readonly parked: number;
  /** Equal documents outside of the range: sent already, not settled yet. */
  readonly ahead: number;
  /** Documents of entries that the log does not keep any more: nothing is left to compare them with. */
  readonly pruned: number;
  /** The first thousand. */
  readonly faults: readonly CopyFault[];
  readonly faultsAll: number;
}

export interface CopyOptions {
  readonly documents: AsyncIterable<unknown>;
  /** Name of the log. */
  readonly origin: string;
  /** Entries of the log that the sink must have; `until` is not included. */
  readonly range: { readonly from: number; readonly until: number };
  /** Size of the verified log. */
  readonly size: number;
  readonly parked: ReadonlySet<number>;
  /** The first entry that the log still keeps; 0 by default. */
  readonly minimumIndex?: number;
  /**
   * What the entries of a bundle stand for, each proven by the log; null where that cannot be proven. In order.
   */
  readonly openingsOf: (bundle: number) => Promise<readonly (EntryOpening | null)[]>;
  readonly onProgress?: (done: number) => void;
}

/** One bit for each entry: a hundred million are 12 MB. */
class Marks {
  readonly #bits: Uint8Array;
  constructor(size: number) {
    this.#bits = new Uint8Array(Math.ceil(size / 8));
  }
  has(index: number): boolean {
    return (((this.#bits[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
  }
  add(index: number): void {
    this.#bits[index >> 3] = (this.#bits[index >> 3] ?? 0) | (1 << (index & 7));
  }
}

function excerptOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.slice(0, EXCERPT_CHARS).toWellFormed();
}

class Comparison {
  readonly #options: CopyOptions;
  readonly #equal: Marks;
  readonly #wrong = new Map<number, string>();
  readonly #bundles = new Map<number, readonly (EntryOpening | null)[]>();
  readonly faults: CopyFault[] = [];
  readonly counts = { proven: 0, erased: 0, duplicates: 0, parked: 0, ahead: 0, pruned: 0, faultsAll: 0 };

  constructor(options: CopyOptions) {
    this.#options = options;
    this.#equal = new Marks(options.size);
  }

  async look(value: unknown): Promise<void> {
    const { size, origin, range, minimumIndex = 0 } = this.#options;
    const document = unwrapCopy(value);
    const index = readPlace(document)?.index;
    if (index === undefined || index >= size) return this.#fault(index, 'added', excerptOf(value));
    if (index < minimumIndex) {
      this.counts.pruned += 1;
      return undefined;
    }
    const opening = await this.#openingOf(index);
    const found = readDocument(document);
    if (opening === undefined) return this.#fault(index, 'unprovable', undefined);
    const verdict = found === undefined ? 'altered' : judgeCopy(found, origin, opening);
    if (verdict === 'altered') {
      // Whether it was changed or put beside the real one shows only at the end.
      if (this.#wrong.has(index) || this.#wrong.size >= FAULTS_MAX)
        return this.#fault(index, 'added', excerptOf(document));
      this.#wrong.set(index, excerptOf(document));
      return undefined;
    }
    if (this.#equal.has(index)) this.counts.duplicates += 1;
    else if (index < range.from || index >= range.until) this.counts.ahead += 1;
    else {
      this.counts.proven += 1;
      if (verdict === 'erased') this.counts.erased += 1;
    }
    this.#equal.add(index);
    return undefined;
  }

  async finish(): Promise<CopyComparison> {
    const { range, parked } = this.#options;
    for (let index = range.from; index < range.until; index += 1) {
      if (this.#equal.has(index) || this.#wrong.has(index)) continue;
      if (parked.has(index)) this.counts.parked += 1;
      else {
        const opening = this.faults.length < FAULTS_MAX ? await this.#openingOf(index) : undefined;
        this.#fault(index, 'deleted', opening && idOf(opening));
      }
    }
    for (const [index, excerpt] of this.#wrong)
      this.#fault(index, this.#equal.has(index) ? 'added' : 'altered', excerpt);
    const place = ({ index }: CopyFault) => index ?? Number.POSITIVE_INFINITY;
    const faults = this.faults.toSorted((one, other) => (place(one) < place(other) ? -1 : 1));
    return { ...this.counts, faults };
  }

  #fault(index: number | undefined, problem: CopyProblem, excerpt: string | undefined): undefined {
    this.counts.faultsAll += 1;
    if (this.faults.length < FAULTS_MAX) this.faults.push({ index, problem, excerpt });
    return undefined;
  }

  async #openingOf(index: number): Promise<EntryOpening | undefined> {
    const number = Math.floor(index / TILE_WIDTH);
    let bundle = this.#bundles.get(number);
    if (bundle === undefined) {
      bundle = await this.#options.openingsOf(number);
      const [oldest] = this.#bundles.keys();
      if (this.#bundles.size >= BUNDLES_KEPT && oldest !== undefined) this.#bundles.delete(oldest);
      this.#bundles.set(number, bundle);
    }
    return bundle[index % TILE_WIDTH] ?? undefined;
  }
}

function idOf({ lasting }: EntryOpening): string {
  const event: unknown = JSON.parse(lasting);
  return String(Reflect.get(Object(event), 'id'));
}

/**
 * Compares the copy of a sink with a log that was verified: each entry of the range must have its document, unaltered,
 * and there may be no other. Documents may come in any order; those in the order of the log are fastest.
 */
export async function compareCopy(options: CopyOptions): Promise<CopyComparison> {
  const comparison = new Comparison(options);
  let done = 0;
  for await (const value of options.documents) {
    await comparison.look(value);
    done += 1;
    if (done % 1_000 === 0) options.onProgress?.(done);
  }
  return comparison.finish();
}
