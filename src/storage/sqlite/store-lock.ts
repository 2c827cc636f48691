import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '#core/store-error.ts';
import { failureOf } from './failure.ts';
import { ensurePrivateFile } from './store-file.ts';

/**
 * One server per store file. The lock is SQLite's own exclusive lock on an empty database beside it, so it
 * is the kernel's: it ends with the process that holds it, however that ends, and leaves nothing stale. The
 * store itself stays readable for a backup while the server runs.
 *
 * @throws StoreError `store_locked` when another server, or this one a second time, has the store open
 */
export function lockStore(path: string): { release(): void } {
  const lockPath = `${path}.lock`;
  ensurePrivateFile(lockPath);
  const database = new DatabaseSync(lockPath, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw failureOf(error).code === 'store_locked' ? lockedError(path, error) : error;
  }
  return { release: () => database.close() };
}

function lockedError(path: string, cause: unknown): StoreError {
  return new StoreError('store_locked', `Another Vouchgate server uses the store ${path}.`, {
    remedy: 'Stop it first, or give this server a data directory of its own.',
    location: path,
    cause,
  });
}
