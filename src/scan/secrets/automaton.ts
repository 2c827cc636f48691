/**
 * Finds many words in bytes in one pass, whatever the case of their letters (Aho and Corasick, 1975). The table is
 * flat and its accepting states come last, so that the loop does one look-up and one comparison for a byte.
 */
export class Automaton {
  readonly #classOf: Uint8Array;
  readonly #table: Int32Array;
  readonly #acceptFrom: number;
  readonly #width: number;
  /** By accepting state: the words that end there. */
  readonly #words: readonly (readonly number[])[];

  constructor(words: readonly string[]) {
    const { classOf, width } = classify(words);
    const trie = buildTrie(words, classOf, width);
    const order = sortStates(trie.words);
    const rank = new Int32Array(order.length);
    for (const [place, state] of order.entries()) rank[state] = place;
    this.#classOf = classOf;
    this.#width = width;
    this.#table = new Int32Array(order.length * width);
    for (const [place, state] of order.entries()) {
      for (let letter = 0; letter < width; letter += 1) {
        const next = trie.next[state * width + letter] ?? 0;
        this.#table[place * width + letter] = (rank[next] ?? 0) * width;
      }
    }
    const first = order.findIndex((state) => (trie.words[state] ?? []).length > 0);
    this.#acceptFrom = (first === -1 ? order.length : first) * width;
    this.#words = order.slice(first === -1 ? order.length : first).map((state) => trie.words[state] ?? []);
  }

  /** Calls for each word, in the order of their ends; `end` is the offset behind it. */
  search(bytes: Uint8Array, found: (word: number, end: number) => void): void {
    const table = this.#table;
    const classOf = this.#classOf;
    const acceptFrom = this.#acceptFrom;
    let state = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      state = table[state + (classOf[bytes[at] ?? 0] ?? 0)] ?? 0;
      if (state < acceptFrom) continue;
      for (const word of this.#words[(state - acceptFrom) / this.#width] ?? []) found(word, at + 1);
    }
  }
}

/** Letters that stand in no word share class 0. */
function classify(words: readonly string[]): { classOf: Uint8Array; width: number } {
  const classOf = new Uint8Array(256);
  let width = 1;
  for (const byte of Buffer.from(words.join('').toLowerCase())) {
    if (classOf[byte] !== 0) continue;
    classOf[byte] = width;
    if (byte >= 0x61 && byte <= 0x7a) classOf[byte - 0x20] = width;
    width += 1;
  }
  return { classOf, width };
}

interface Trie {
  readonly next: number[];
  readonly words: number[][];
}

function insertWords(words: readonly string[], classOf: Uint8Array, width: number): Trie {
  const trie: Trie = { next: Array.from({ length: width }, () => 0), words: [[]] };
  for (const [word, text] of words.entries()) {
    let state = 0;
    for (const byte of Buffer.from(text.toLowerCase())) {
      const cell = state * width + (classOf[byte] ?? 0);
      if ((trie.next[cell] ?? 0) === 0) {
        trie.next[cell] = trie.words.length;
        trie.words.push([]);
        for (let letter = 0; letter < width; letter += 1) trie.next.push(0);
      }
      state = trie.next[cell] ?? 0;
    }
    trie.words[state]?.push(word);
  }
  return trie;
}

/** Fills in where to go on after a mismatch: the longest end of what was read that begins a word. */
function buildTrie(words: readonly string[], classOf: Uint8Array, width: number): Trie {
  const trie = insertWords(words, classOf, width);
  const fail = new Int32Array(trie.words.length);
  const queue: number[] = trie.next.slice(0, width).filter((state) => state !== 0);
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head] ?? 0;
    const back = fail[state] ?? 0;
    trie.words[state]?.push(...(trie.words[back] ?? []));
    for (let letter = 0; letter < width; letter += 1) {
      const cell = state * width + letter;
      const next = trie.next[cell] ?? 0;
      const around = trie.next[back * width + letter] ?? 0;
      if (next === 0) trie.next[cell] = around;
      else {
        fail[next] = around;
        queue.push(next);
      }
    }
  }
  return trie;
}

/** The root first, accepting states last. */
function sortStates(words: readonly (readonly number[])[]): number[] {
  const states = words.map((_, state) => state);
  const accepts = (state: number) => (words[state] ?? []).length > 0;
  return [...states.filter((state) => !accepts(state)), ...states.filter(accepts)];
}
