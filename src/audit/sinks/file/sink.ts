import { constants } from 'node:fs';
import { access, type FileHandle, mkdir, open as openFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { messageOf } from '#core/errors.ts';
import { accepted, failed, type SendResult, type Sink, type SinkBatch, type SinkKind } from '../sink.ts';
import { listCopyFiles, readCopy } from './read-copy.ts';

export const FileSettings = z.strictObject({
  path: z
    .string()
    .min(1)
    .max(4_000)
    .refine((text) => path.isAbsolute(text), 'must be an absolute path')
    .describe('File that events are added to, one JSON document a line.'),
  rotateAtMegabytes: z
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .describe('A larger file becomes `PATH.<number>`; the newest has the highest number. None is deleted.'),
});
export type FileSettings = z.infer<typeof FileSettings>;

const MODE = 0o640;
/** A symbolic link that somebody put in its place is not followed. */
const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);
const CHUNK = 65_536;

/** A crash in the middle of a line leaves a piece of it, which the next batch would stick to. */
async function removePartialLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - CHUNK);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    const newline = buffer.subarray(0, bytesRead).lastIndexOf(10);
    if (newline >= 0 || start === 0) {
      const keep = newline >= 0 ? start + newline + 1 : 0;
      if (keep < size) await file.truncate(keep);
      return;
    }
    end = start;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await openFile(folder, constants.O_RDONLY).catch(() => undefined);
  // Windows has no handle for a folder, and needs none.
  await handle?.sync().catch(() => {});
  await handle?.close();
}

class FileSink implements Sink {
  readonly #settings: FileSettings;
  #file: FileHandle | undefined;

  constructor(settings: FileSettings) {
    this.#settings = settings;
  }

  async send(batch: SinkBatch): Promise<SendResult> {
    try {
      const file = await this.#rotated();
      await file.appendFile(batch.documents.map(({ text }) => `${text}\n`).join(''));
      await file.sync();
      return accepted(batch);
    } catch (error) {
      // What was half written is removed when it is opened again.
      await this.close();
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      const kind = code === 'ELOOP' || code === 'EACCES' || code === 'EISDIR' ? 'refused' : 'retry';
      return failed({ kind, code: `file_${code.toLowerCase()}`, message: messageOf(error).slice(0, 300) });
    }
  }

  async #rotated(): Promise<FileHandle> {
    const file = await this.#opened();
    const { size } = await file.stat();
    if (size < this.#settings.rotateAtMegabytes * 1_000_000) return file;
    await this.close();
    const last = (await listCopyFiles(this.#settings.path)).at(-1)?.number ?? 0;
    await rename(this.#settings.path, `${this.#settings.path}.${last + 1}`);
    return this.#opened();
  }

  async #opened(): Promise<FileHandle> {
    const { path: name } = this.#settings;
    const [here, there] = [await this.#file?.stat(), await stat(name).catch(() => undefined)];
    // Somebody else rotated or removed it: what is written to the old one would be lost from sight.
    if (here !== undefined && here.ino !== there?.ino) await this.close();
    if (this.#file !== undefined) return this.#file;
    const folder = path.dirname(name);
    await mkdir(folder, { recursive: true, mode: 0o750 });
    const file = await openFile(name, FLAGS, MODE);
    this.#file = file;
    await removePartialLine(file);
    await syncFolder(folder);
    return file;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}

/** The nearest folder that is there: those below it are made when something is written. */
async function findFolder(folder: string): Promise<readonly string[]> {
  try {
    await access(folder, constants.W_OK);
    return [];
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const above = path.dirname(folder);
    if (code === 'ENOENT' && above !== folder) return findFolder(above);
    return [`${folder} cannot be written to (${String(code)}).`];
  }
}

export const sink: SinkKind<FileSettings> = {
  id: 'file',
  title: 'File',
  description:
    'Adds events to a file on the server, one JSON document a line, for an agent that reads files. It is flushed to the disk after each batch and rotated by size.',
  settings: FileSettings,
  schemaDefault: 'vouchgate',
  limits: { documentsMax: 5_000, bytesMax: 8_000_000, documentBytesMax: 16_000_000, delaySeconds: 0 },
  promise: 'The events are on the disk (fsync).',
  pitfalls: [
    'Of several servers the one that works on the sink writes to its own disk: use s3 there, or a file on one server only.',
    'Nothing is deleted: remove rotated files when they are archived.',
    'After a crash an event can be there twice.',
  ],
  open: async (settings) => new FileSink(settings),
  check: ({ path: name }) => findFolder(path.dirname(name)),
  readCopy,
};
