import { type Bytes, concat, fromBase64, sha256 } from './bytes.ts';
import { parseSignedNote, type SignedNote } from './signed-note.ts';

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
const HASH_BYTES = 32;
/** A log of 2^53 entries is 53 levels deep. */
const PROOF_MAX = 63;
const CHARS_MAX = 1_000_000;
/** RFC 6962 §2.1: what stands in front keeps an entry from passing for two hashes. */
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** C2SP tlog-proof, with the signed checkpoint that it leads to. */
export interface InclusionProof {
  readonly index: number;
  readonly hashes: readonly Bytes[];
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  readonly note: SignedNote;
}

function parseHash(text: string): Bytes | undefined {
  const bytes = fromBase64(text);
  return bytes?.length === HASH_BYTES ? bytes : undefined;
}

function parseSize(text: string): number | undefined {
  if (!/^(?:0|[1-9]\d{0,15})$/.test(text)) return undefined;
  const size = Number(text);
  return Number.isSafeInteger(size) ? size : undefined;
}

/** Undefined when the text is no proof. */
export function parseInclusionProof(text: string): InclusionProof | undefined {
  const split = text.indexOf('\n\n');
  if (split < 0 || text.length > CHARS_MAX) return undefined;
  const [first, ...rest] = text.slice(0, split).split('\n');
  // The optional second line carries what a program adds; it is not part of what is proved.
  const lines = /^extra [A-Za-z0-9+/]*={0,2}$/.test(rest[0] ?? '') ? rest.slice(1) : rest;
  const [indexLine = '', ...hashLines] = lines;
  const index = indexLine.startsWith('index ') ? parseSize(indexLine.slice(6)) : undefined;
  const hashes = hashLines.map(parseHash).filter((hash) => hash !== undefined);
  const note = parseSignedNote(text.slice(split + 2));
  if (first !== FIRST_LINE || index === undefined || note === undefined) return undefined;
  if (hashes.length !== hashLines.length || hashes.length > PROOF_MAX) return undefined;
  const [origin = '', sizeText = '', rootText = '', ...extensions] = note.text.split('\n');
  const [size, root] = [parseSize(sizeText), parseHash(rootText)];
  if (origin === '' || size === undefined || root === undefined || extensions.at(-1) !== '') return undefined;
  return { index, hashes, origin, size, root, note };
}

export function hashLeaf(entry: Bytes): Promise<Bytes> {
  return sha256(concat(LEAF, entry));
}

/** The root of a log of this size in which the leaf stands at this index; undefined when the path does not fit (RFC 9162 §2.1.3.2). */
export async function computeRoot(
  leaf: Bytes,
  { index, size, hashes }: InclusionProof,
): Promise<Bytes | undefined> {
  if (index >= size) return undefined;
  let [at, last] = [index, size - 1];
  let hash = leaf;
  for (const sibling of hashes) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      hash = await sha256(concat(NODE, sibling, hash));
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else {
      hash = await sha256(concat(NODE, hash, sibling));
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : undefined;
}
