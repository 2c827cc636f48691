import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StoreError } from '#core/store-error.ts';
import type { SqlValue } from '../sql-value.ts';
import { ClaimIndex } from './claim-index.ts';
import { cellsOf } from './statement-cache.ts';

export interface Claim {
  holder: SqlValue;
  decision: SqlValue;
  lease: SqlValue;
}

export interface ClaimedBy extends Claim {
  expiresAtMs: SqlValue;
}

/**
 * The one-time keys. Rows are appended, which is cheap; that no key comes twice is seen to here, by an index
 * in memory that is built from the rows. That is safe because nobody else writes: the store's lock keeps
 * other servers out, and any other writer changes `data_version`, upon which the index is built anew.
 */
export class Claims {
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #selectKey: StatementSync;
  readonly #delete: StatementSync;
  readonly #selectAll: StatementSync;
  readonly #selectExpired: StatementSync;
  readonly #selectEnd: StatementSync;
  readonly #dataVersion: StatementSync;
  readonly #holdsKey: (row: number) => boolean;
  #index = new ClaimIndex();
  #version: unknown;
  #wanted = '';
  /** What the transaction under way did to the index, to be taken back when it fails. */
  #journal: { added: boolean; key: string; row: number }[] = [];

  constructor(database: DatabaseSync) {
    const prepare = (sql: string): StatementSync => {
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    this.#insert = prepare(
      'INSERT INTO claim (key, holder, decision, lease, expires_at_ms) VALUES (?, ?, ?, ?, ?)',
    );
    this.#select = prepare('SELECT holder, decision, lease FROM claim WHERE id = ?');
    this.#selectKey = prepare('SELECT key FROM claim WHERE id = ?');
    this.#delete = prepare('DELETE FROM claim WHERE id = ?');
    this.#selectAll = prepare('SELECT id, key FROM claim');
    this.#selectExpired = prepare('SELECT id, key FROM claim WHERE id > ? AND id <= ? AND expires_at_ms < ?');
    this.#selectEnd = prepare('SELECT max(id) FROM (SELECT id FROM claim WHERE id > ? ORDER BY id LIMIT ?)');
    this.#dataVersion = prepare('PRAGMA data_version');
    this.#holdsKey = (row) => cellsOf(this.#selectKey.get(row) ?? [])[0] === this.#wanted;
    this.begin();
  }

  /** At the start of each transaction; builds the index when it is not, or no longer, that of the rows. */
  begin(): void {
    const [version] = cellsOf(this.#dataVersion.get() ?? []);
    if (version === this.#version) return;
    this.#index = new ClaimIndex();
    for (const row of this.#selectAll.iterate()) {
      const [id, key] = cellsOf(row);
      this.#index.add(String(key), Number(id));
    }
    this.#version = version;
  }

  /** After a transaction that is durable: from here on nothing takes its keys back. */
  keep(): void {
    this.#journal = [];
  }

  /** After a transaction that was undone, or could not begin. */
  undo(): void {
    for (const { added, key, row } of this.#journal.toReversed()) {
      if (added) this.#index.remove(key, row);
      else this.#index.add(key, row);
    }
    this.#journal = [];
  }

  /** False when the key is taken. */
  add(key: string, { holder, decision, lease, expiresAtMs }: ClaimedBy): boolean {
    if (this.#find(key) !== 0) return false;
    const { lastInsertRowid } = this.#insert.run(key, holder, decision, lease, expiresAtMs);
    const row = Number(lastInsertRowid);
    this.#index.add(key, row);
    this.#journal.push({ added: true, key, row });
    return true;
  }

  get(key: string): Claim {
    const row = this.#select.get(this.#find(key));
    if (row === undefined) {
      throw new StoreError('store_corrupt', 'A key is taken and not there at the same time.', {
        remedy: 'Restore the store from a backup.',
      });
    }
    const [holder = null, decision = null, lease = null] = cellsOf(row);
    return { holder, decision, lease };
  }

  release(key: string): void {
    const row = this.#find(key);
    if (row !== 0) this.#remove(key, row);
  }

  /** Looks at up to `count` rows after row `after`; `end` is the last of them, null when there was none. */
  purge(after: number, count: number, nowMs: number): { removed: number; end: SqlValue } {
    const [end = null] = cellsOf(this.#selectEnd.get(after, count) ?? []);
    if (end === null) return { removed: 0, end };
    const expired = this.#selectExpired.all(after, end, nowMs).map(cellsOf);
    for (const [row, key] of expired) this.#remove(String(key), Number(row));
    return { removed: expired.length, end };
  }

  #remove(key: string, row: number): void {
    this.#delete.run(row);
    this.#index.remove(key, row);
    this.#journal.push({ added: false, key, row });
  }

  #find(key: string): number {
    this.#wanted = key;
    return this.#index.find(key, this.#holdsKey);
  }
}
