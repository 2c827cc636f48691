import type { DatabaseSync } from 'node:sqlite';
import type { SqlValue } from '../sql-value.ts';
import { BatchRunner } from './batch-runner.ts';
import type { CallResult } from './call.ts';
import {
  type DatabaseOptions,
  identify,
  openReader,
  openWriter,
  type StoreIdentity,
  storeExists,
} from './database.ts';
import { failureOf } from './failure.ts';
import { cellsOf, StatementCache } from './statement-cache.ts';
import { movedError, StoreFiles } from './store-file.ts';
import { lockStore } from './store-lock.ts';

interface Connection {
  writer: DatabaseSync;
  reader: DatabaseSync;
  runner: BatchRunner;
  queries: StatementCache;
  files: StoreFiles;
}

const RETRY_MS_MIN = 50;
const RETRY_MS_MAX = 1_000;

/**
 * The store on the thread that may block. After a failure that a new connection can heal it closes the file
 * and opens it again, at most once a backoff; until that succeeds every call gets the failure at once.
 */
export class SqliteEngine {
  readonly #options: DatabaseOptions;
  readonly #lock: { release(): void };
  #connection: Connection | undefined;
  #identity: StoreIdentity;
  #failure: unknown;
  #retryMs = RETRY_MS_MIN;
  #retryAt = 0;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#lock = lockStore(options.path);
    try {
      this.#connection = connect(options);
      this.#identity = identify(this.#connection.writer);
    } catch (error) {
      this.#lock.release();
      throw error;
    }
  }

  /** One transaction; resolves when a power cut cannot undo it. @throws what {@link failureOf} can read */
  write(cells: readonly SqlValue[]): CallResult[] {
    const connection = this.#connected();
    const { writer } = connection;
    try {
      writer.exec('BEGIN IMMEDIATE');
      const results = connection.runner.run(cells);
      writer.exec('COMMIT');
      connection.runner.keep();
      connection.files.verify();
      return results;
    } catch (error) {
      this.#recover(connection, error);
      throw error;
    }
  }

  read(sql: string, values: readonly SqlValue[]): SqlValue[][] {
    const connection = this.#connected();
    try {
      return connection.queries
        .prepare(sql)
        .all(...values)
        .map(cellsOf);
    } catch (error) {
      this.#recover(connection, error);
      throw error;
    }
  }

  /** For idle moments: moves the log into the database and gives its space back. Best effort. */
  checkpoint(): void {
    try {
      this.#connection?.writer.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      if (this.#connection !== undefined) this.#recover(this.#connection, error);
    }
  }

  close(): void {
    this.checkpoint();
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.reader.close();
    connection?.writer.close();
    this.#lock.release();
  }

  #recover(connection: Connection, error: unknown): void {
    rollBack(connection.writer);
    connection.runner.undo();
    const { code } = failureOf(error);
    // These leave the connection as good as before; all others may have left it behind the file.
    if (code === 'store_refused' || code === 'store_full' || code === 'store_locked') return;
    this.#identity = currentIdentity(connection, this.#identity);
    this.#connection = undefined;
    abandon(connection);
    this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#retryAt = performance.now() + this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
  }

  #connected(): Connection {
    if (this.#connection !== undefined) return this.#connection;
    if (performance.now() < this.#retryAt) throw this.#failure;
    try {
      this.#connection = this.#reconnect();
      this.#retryMs = RETRY_MS_MIN;
      return this.#connection;
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  /** Only the same file counts: an empty or an older one would have forgotten which tokens were used. */
  #reconnect(): Connection {
    const { path } = this.#options;
    if (!storeExists(path)) throw movedError(path);
    const connection = connect(this.#options);
    const found = identify(connection.writer);
    if (found.id === this.#identity.id && found.lastSequence >= this.#identity.lastSequence)
      return connection;
    abandon(connection);
    throw movedError(path);
  }
}

function connect(options: DatabaseOptions): Connection {
  const writer = openWriter(options);
  let reader: DatabaseSync | undefined;
  try {
    reader = openReader(options.path);
    return {
      writer,
      reader,
      runner: new BatchRunner(writer),
      queries: new StatementCache(reader),
      files: new StoreFiles(options.path),
    };
  } catch (error) {
    reader?.close();
    writer.close();
    throw error;
  }
}

function rollBack(writer: DatabaseSync): void {
  try {
    if (writer.isTransaction) writer.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back by itself; the first error is the one to report.
  }
}

function currentIdentity({ reader }: Connection, known: StoreIdentity): StoreIdentity {
  try {
    return identify(reader);
  } catch {
    return known;
  }
}

/**
 * Leaves a file that may no longer be at its name. What was acknowledged goes from the log into the database
 * first, in case only the log's name is gone. The writer closes first: the last connection to close deletes
 * the log by its name, which by now may be another file's, and a reader cannot delete.
 */
function abandon({ writer, reader }: Connection): void {
  try {
    writer.exec('PRAGMA wal_checkpoint(PASSIVE)');
  } catch {
    // The failure that brought us here is the one to report.
  }
  writer.close();
  reader.close();
}
