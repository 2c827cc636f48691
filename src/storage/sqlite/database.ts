import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '#core/store-error.ts';
import { pendingMigrations } from '../migrations.ts';
import { SQLITE_MIGRATIONS } from './migrations.ts';
import { ensurePrivateFile } from './store-file.ts';

export interface DatabaseOptions {
  path: string;
  /** Milliseconds since the Unix epoch, for the record of migrations. */
  openedAtMs: number;
  /** Seam for tests of a full disk: the file may not grow past this many pages of 4 KiB. */
  pagesMax?: number;
}

/** What a store file is, so that a replaced file or an older copy of it is noticed. */
export interface StoreIdentity {
  id: string;
  lastSequence: number;
}

// "VGST": tells our file from any other SQLite database, also for `file(1)`.
const APPLICATION_ID = 0x56475354;
const BUSY_TIMEOUT_MS = 2_000;

/**
 * `cache_size` and `journal_size_limit` bound memory and disk; 2,000 pages (8 MiB) between checkpoints keep
 * the pause of the one commit that does it to tens of milliseconds. `synchronous = FULL` is what makes a
 * commit in WAL mode survive a power cut, not only a crash.
 */
const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -8000;
  PRAGMA wal_autocheckpoint = 2000;
  PRAGMA journal_size_limit = 67108864;
`;

/** Opens the file for writing, or makes it (0600), and brings it to the newest version. */
export function openWriter(options: DatabaseOptions): DatabaseSync {
  ensurePrivateFile(options.path);
  const database = new DatabaseSync(options.path, { timeout: BUSY_TIMEOUT_MS, defensive: true });
  try {
    refuseForeignFile(database, options.path);
    database.exec(SETTINGS);
    if (options.pagesMax !== undefined) database.exec(`PRAGMA max_page_count = ${options.pagesMax}`);
    migrate(database, options.openedAtMs);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A second connection for lists: it cannot write, and it cannot push the writer's pages out of their cache. */
export function openReader(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS, defensive: true });
  database.exec('PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA cache_size = -2000');
  return database;
}

export function identify(database: DatabaseSync): StoreIdentity {
  const row = database
    .prepare(
      "SELECT (SELECT value FROM meta WHERE name = 'store_id') AS id, max(sequence) AS last FROM event",
    )
    .get();
  return { id: String(row?.['id']), lastSequence: Number(row?.['last'] ?? 0) };
}

/** True when there is a file, however small: an open store never makes its own file again. */
export function storeExists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function refuseForeignFile(database: DatabaseSync, path: string): void {
  const applicationId = readPragma(database, 'application_id');
  if (applicationId === APPLICATION_ID) return;
  const tables = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get();
  if (applicationId === 0 && tables?.['tables'] === 0) return;
  throw new StoreError('store_version_unknown', `${path} is a database of another program.`, {
    remedy: 'Give the server a data directory of its own.',
    location: path,
  });
}

function readPragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function migrate(database: DatabaseSync, nowMs: number): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(
      `CREATE TABLE IF NOT EXISTS migration
       (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at_ms INTEGER NOT NULL) STRICT`,
    );
    const row = database.prepare('SELECT count(*) AS version FROM migration').get();
    const record = database.prepare('INSERT INTO migration (name, applied_at_ms) VALUES (?, ?)');
    for (const { name, sql } of pendingMigrations(Number(row?.['version']), SQLITE_MIGRATIONS)) {
      database.exec(sql);
      record.run(name, nowMs);
    }
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
