import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { SinkContext } from '../sink.ts';

/** Rotated files, oldest first, and the number in their names. */
export async function listCopyFiles(name: string): Promise<readonly { file: string; number: number }[]> {
  const [folder, base] = [path.dirname(name), `${path.basename(name)}.`];
  return (await readdir(folder))
    .filter((entry) => entry.startsWith(base) && /^\d{1,9}$/.test(entry.slice(base.length)))
    .map((entry) => ({ file: path.join(folder, entry), number: Number(entry.slice(base.length)) }))
    .toSorted((one, other) => one.number - other.number);
}

/** All of it, whatever range is asked for: files are read from their beginning anyway. */
export async function* readCopy(
  { path: name }: { readonly path: string },
  _context: SinkContext,
): AsyncGenerator {
  for (const file of [...(await listCopyFiles(name)).map((entry) => entry.file), name]) {
    const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
    // Parsed by whoever compares: a line that is no JSON is an answer, too.
    for await (const line of lines) if (line.trim() !== '') yield line;
  }
}
