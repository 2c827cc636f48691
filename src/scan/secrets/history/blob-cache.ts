import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';

const Position = z.object({ line: z.int(), column: z.int(), offset: z.int() });

/** A hit as it may be written down: no value, a keyed hash in its place. */
export const StoredHit = z.object({
  ruleId: z.string(),
  tier: z.enum(['high', 'generic']),
  hash: z.string(),
  shown: z.string(),
  digest: z.string(),
  start: Position,
  end: Position,
  matchLine: z.int(),
  excerpt: z.string(),
  inTest: z.boolean(),
  wrapped: z.boolean(),
  allowed: z.string().optional(),
});
export type StoredHit = z.infer<typeof StoredHit>;

const Line = z.tuple([z.string(), z.array(StoredHit)]);
const BYTES_MAX = 512 * 1_048_576;

/**
 * What blobs came to, by their id: what has one id has one content, for ever. One file for a repository and a version
 * of the rules, one line for a blob; a line that is cut off is read as if it were not there.
 */
export class BlobCache {
  readonly #file: string | undefined;
  readonly #known = new Map<string, readonly StoredHit[]>();
  #pending: string[] = [];

  /** `folder` undefined: nothing is kept. `version` stands for everything else that a result depends on. */
  constructor(folder: string | undefined, repository: string, version: string) {
    if (folder === undefined) return;
    const name = `${hash('sha256', repository, 'hex').slice(0, 24)}-${hash('sha256', version, 'hex').slice(0, 24)}`;
    this.#file = path.join(folder, `${name}.jsonl`);
    this.#read(this.#file);
  }

  #read(file: string): void {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      return;
    }
    for (const line of text.split('\n')) {
      if (/^[0-9a-f]{40,64}$/.test(line)) this.#known.set(line, []);
      else if (line.startsWith('[')) this.#readHits(line);
    }
  }

  #readHits(line: string): void {
    try {
      const [blob, hits] = Line.parse(JSON.parse(line));
      this.#known.set(blob, hits);
    } catch {
      // Cut off, or of another version: the blob is searched again.
    }
  }

  get(blob: string): readonly StoredHit[] | undefined {
    return this.#known.get(blob);
  }

  set(blob: string, hits: readonly StoredHit[]): void {
    this.#known.set(blob, hits);
    this.#pending.push(hits.length === 0 ? blob : JSON.stringify([blob, hits]));
  }

  /** Writes what is new. A cache that cannot be written costs time the next time, and nothing else. */
  save(): void {
    if (this.#file === undefined || this.#pending.length === 0) return;
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      // The line break in front ends a line that somebody was interrupted in.
      const text = `\n${this.#pending.join('\n')}\n`;
      if (text.length < BYTES_MAX) appendFileSync(this.#file, text, { mode: 0o600 });
      this.#pending = [];
    } catch {
      this.#pending = [];
    }
  }
}

/** The key of this machine, made when there is none. Where nothing can be kept it lives as long as this process. */
export function readMachineKey(folder: string | undefined, makeKey: () => Buffer): Buffer {
  if (folder === undefined) return makeKey();
  const file = path.join(folder, 'key');
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (/^[0-9a-f]{64}$/.test(text)) return Buffer.from(text, 'hex');
  } catch {
    // Made below.
  }
  const key = makeKey();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, `${key.toString('hex')}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch {
    // The next run makes another, and searches again.
  }
  return key;
}
