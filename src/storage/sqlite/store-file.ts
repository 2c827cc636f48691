import { accessSync, closeSync, constants, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from '#core/store-error.ts';

/**
 * Makes an empty file that only its owner can read, unless it is there. Never opens an existing one: closing
 * any descriptor of a file ends all POSIX locks of this process on it, SQLite's among them.
 *
 * @throws the system's error (`EACCES`, `EROFS`) when it cannot be written, which SQLite would not tell apart
 */
export function ensurePrivateFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) {
    accessSync(path, constants.W_OK);
    return;
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'wx', 0o600));
  syncFolder(dirname(path));
}

/** So that the new name, too, survives a power cut. Windows knows no such thing. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

interface FileIdentity {
  path: string;
  device: number;
  inode: number;
}

/**
 * Knows which files were opened. A file that is deleted or moved while it is open goes on accepting writes,
 * and even fsync succeeds, but no restart will find them.
 */
export class StoreFiles {
  readonly #identities: readonly FileIdentity[];

  /** @throws when one of the files is not there */
  constructor(path: string) {
    this.#identities = [path, `${path}-wal`].map((file) => {
      const { dev, ino } = statSync(file);
      return { path: file, device: dev, inode: ino };
    });
  }

  /**
   * Called after each commit and before its answers, since only then it covers the commit itself; two `stat`
   * calls a batch (about 5 µs) beside an fsync.
   *
   * @throws StoreError `store_unavailable` when a name no longer leads to the file that is open
   */
  verify(): void {
    for (const { path, device, inode } of this.#identities) {
      const found = statSync(path, { throwIfNoEntry: false });
      if (found === undefined || found.ino !== inode || found.dev !== device) throw movedError(path);
    }
  }
}

export function movedError(path: string): StoreError {
  return new StoreError('store_unavailable', `The store file ${path} was moved, deleted or replaced.`, {
    remedy: 'Put the file back; the server goes on by itself. To begin with another one, restart the server.',
    location: path,
  });
}
