import { Transform, type TransformCallback } from 'node:stream';

const REPLACEMENT = Buffer.from('[masked]');

class TrieNode {
  readonly next = new Map<number, TrieNode>();
  /** Bytes from the root: the length of the beginning of a pattern that this node stands for. */
  readonly depth: number;
  /** The node of the longest proper suffix that begins a pattern, too; the root's is itself. */
  fallback: TrieNode;
  /** Length of the longest pattern that ends here; 0 when none does. */
  matched = 0;

  constructor(depth: number, root?: TrieNode) {
    this.depth = depth;
    this.fallback = root ?? this;
  }
}

function step(root: TrieNode, from: TrieNode, byte: number): TrieNode {
  let node = from;
  for (;;) {
    const next = node.next.get(byte);
    if (next !== undefined) return next;
    if (node === root) return root;
    node = node.fallback;
  }
}

/** The automaton of Aho and Corasick over bytes: one pass, whatever the number of patterns. */
function buildTrie(patterns: readonly string[]): TrieNode {
  const root = new TrieNode(0);
  for (const pattern of patterns) {
    let node = root;
    const bytes = Buffer.from(pattern, 'utf8');
    for (const byte of bytes) {
      const known = node.next.get(byte);
      const next = known ?? new TrieNode(node.depth + 1, root);
      if (known === undefined) node.next.set(byte, next);
      node = next;
    }
    node.matched = bytes.length;
  }
  const queue = [...root.next.values()];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    for (const [byte, child] of node.next) {
      child.fallback = step(root, node.fallback, byte);
      child.matched = Math.max(child.matched, child.fallback.matched);
      queue.push(child);
    }
  }
  return root;
}

/** Replaces every occurrence of every pattern in a stream of bytes, wherever the chunks are cut. */
export interface Redactor {
  /** What can be shown now; holds back what may be the beginning of a pattern. */
  push(chunk: Uint8Array): Buffer;
  /** The rest, at the end of the stream. */
  end(): Buffer;
}

/**
 * Overlapping occurrences are hidden as one. At most one pattern's length is held back, and only while the
 * last bytes do begin a pattern, so that a prompt without a line end is shown at once.
 */
export function createRedactor(patterns: readonly string[]): Redactor {
  const root = buildTrie(patterns.filter((pattern) => pattern !== ''));
  let state = root;
  let held: Buffer = Buffer.alloc(0);
  /** Which bytes of `held` belong to an occurrence found already: a short pattern inside a longer one's beginning. */
  let heldHidden = new Uint8Array(0);
  let wasHidden = false;

  const emit = (data: Buffer, hidden: Uint8Array): Buffer => {
    const parts: Buffer[] = [];
    let start = 0;
    while (start < data.length) {
      const isHidden = hidden[start] === 1;
      const change = hidden.indexOf(isHidden ? 0 : 1, start);
      const end = change === -1 || change > data.length ? data.length : change;
      if (!isHidden) parts.push(data.subarray(start, end));
      else if (!wasHidden) parts.push(REPLACEMENT);
      wasHidden = isHidden;
      start = end;
    }
    return Buffer.concat(parts);
  };

  return {
    push(chunk) {
      const data = Buffer.concat([held, chunk]);
      const hidden = new Uint8Array(data.length);
      hidden.set(heldHidden);
      for (let index = held.length; index < data.length; index += 1) {
        const byte = data[index] ?? 0;
        if (state === root && !root.next.has(byte)) continue;
        state = step(root, state, byte);
        if (state.matched > 0) hidden.fill(1, index + 1 - state.matched, index + 1);
      }
      const safe = data.length - state.depth;
      held = data.subarray(safe);
      heldHidden = hidden.subarray(safe);
      return emit(data.subarray(0, safe), hidden);
    },
    end() {
      const rest = emit(held, heldHidden);
      held = Buffer.alloc(0);
      heldHidden = new Uint8Array(0);
      state = root;
      return rest;
    },
  };
}

/** A redactor as a stream; patterns may be added to while it runs, by a credential that was issued again. */
export function createRedactingStream(patterns: readonly string[]): Transform & {
  usePatterns(patterns: readonly string[]): void;
} {
  let redactor = createRedactor(patterns);
  const stream = new Transform({
    transform(chunk: Uint8Array, _encoding, done: TransformCallback) {
      done(null, redactor.push(chunk));
    },
    flush(done: TransformCallback) {
      done(null, redactor.end());
    },
  });
  return Object.assign(stream, {
    usePatterns(next: readonly string[]) {
      stream.push(redactor.end());
      redactor = createRedactor(next);
    },
  });
}
