import { type GitCall, streamGit } from './git-stream.ts';

const NEWLINE = 0x0a;

/** Reads `git cat-file --batch`: a line with the size, the content, a line break. */
class BatchReader {
  #parts: Buffer[] = [];
  #length = 0;
  #header: { readonly blob: string; readonly size: number } | undefined;
  readonly #take: (blob: string, bytes: Buffer) => void;

  constructor(take: (blob: string, bytes: Buffer) => void) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    this.#parts.push(chunk);
    this.#length += chunk.length;
    // Joined only when it is enough for what is waited for: a large blob comes in many pieces.
    if (this.#header !== undefined && this.#length <= this.#header.size) return;
    let bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts, this.#length);
    for (let used = this.#step(bytes); used > 0; used = this.#step(bytes)) bytes = bytes.subarray(used);
    this.#parts = [bytes];
    this.#length = bytes.length;
  }

  /** Bytes that were used up; 0 when more has to come first. */
  #step(bytes: Buffer): number {
    if (this.#header === undefined) {
      const end = bytes.indexOf(NEWLINE);
      if (end === -1) return 0;
      const [blob = '', kind = '', size = '0'] = bytes.toString('latin1', 0, end).split(' ');
      if (kind === 'blob') this.#header = { blob, size: Number(size) };
      return end + 1;
    }
    const { blob, size } = this.#header;
    if (bytes.length <= size) return 0;
    this.#take(blob, bytes.subarray(0, size));
    this.#header = undefined;
    return size + 1;
  }
}

function* lines(blobs: Iterable<string>): Generator<string> {
  for (const blob of blobs) yield `${blob}\n`;
}

/** Sizes in bytes of the blobs that are there; a partial clone has not all of them. */
export async function readSizes(call: GitCall, blobs: Iterable<string>): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  let rest = '';
  const take = (chunk: Buffer) => {
    const all = (rest + chunk.toString('latin1')).split('\n');
    rest = all.pop() ?? '';
    for (const line of all) {
      const [blob = '', kind, size] = line.split(' ');
      if (kind === 'blob') sizes.set(blob, Number(size));
    }
  };
  await streamGit(call, ['cat-file', '--batch-check', '--buffer'], take, lines(blobs));
  return sizes;
}

/** Hands over one content after the other; the bytes are only good until `take` returns. */
export async function readBlobs(
  call: GitCall,
  blobs: Iterable<string>,
  take: (blob: string, bytes: Buffer) => void,
): Promise<void> {
  const reader = new BatchReader(take);
  await streamGit(call, ['cat-file', '--batch', '--buffer'], (chunk) => reader.push(chunk), lines(blobs));
}
