import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { COMMITTED, PROOF_REPLAYED, REPEATED, REPLAYED } from '../intent-row.ts';
import { LEASE_COLUMNS } from '../lease-row.ts';
import type { SqlValue } from '../sql-value.ts';
import { type CallResult, COMMIT, PURGE_CLAIMS } from './call.ts';
import { type Claim, type ClaimedBy, Claims } from './claims.ts';
import { cellsOf, StatementCache } from './statement-cache.ts';

const LEASE_CELLS = LEASE_COLUMNS.length;
const EVENT_CELLS = 5;

/** Carries out the calls of one batch inside a transaction that the caller has begun. */
export class BatchRunner {
  readonly #claims: Claims;
  readonly #insertLease: StatementSync;
  readonly #selectLease: StatementSync;
  readonly #insertEvent: StatementSync;
  readonly #statements: StatementCache;
  #cells: readonly SqlValue[] = [];
  #position = 0;

  constructor(database: DatabaseSync) {
    const marks = LEASE_COLUMNS.map(() => '?').join(', ');
    this.#statements = new StatementCache(database);
    this.#claims = new Claims(database);
    this.#insertLease = database.prepare(`INSERT INTO lease (${LEASE_COLUMNS.join(', ')}) VALUES (${marks})`);
    this.#selectLease = database.prepare(`SELECT ${LEASE_COLUMNS.join(', ')} FROM lease WHERE id = ?`);
    this.#selectLease.setReturnArrays(true);
    this.#insertEvent = database.prepare(
      'INSERT INTO event (type, decision, resource, lease, event) VALUES (?, ?, ?, ?, ?)',
    );
  }

  /** To be followed by {@link keep} after the commit, or by {@link undo} after a rollback. */
  run(cells: readonly SqlValue[]): CallResult[] {
    this.#cells = cells;
    this.#position = 0;
    this.#claims.begin();
    const results: CallResult[] = [];
    while (this.#position < cells.length) results.push(this.#runCall(this.#next()));
    return results;
  }

  keep(): void {
    this.#claims.keep();
  }

  undo(): void {
    this.#claims.undo();
  }

  #runCall(code: SqlValue): CallResult {
    if (code === COMMIT) return this.#commit();
    return code === PURGE_CLAIMS ? this.#purgeClaims() : this.#execute();
  }

  #purgeClaims(): CallResult {
    const [after, count, nowMs] = this.#take(3).map(Number);
    const { removed, end } = this.#claims.purge(after ?? 0, count ?? 0, nowMs ?? 0);
    return [removed, end];
  }

  #take(count: number): readonly SqlValue[] {
    const start = this.#position;
    this.#position += count;
    return this.#cells.slice(start, this.#position);
  }

  #next(): SqlValue {
    const cell = this.#cells[this.#position] ?? null;
    this.#position += 1;
    return cell;
  }

  #execute(): number {
    const steps = Number(this.#next());
    let changed: number | undefined;
    let going = true;
    for (let step = 0; step < steps; step += 1) {
      const sql = String(this.#next());
      const values = this.#take(Number(this.#next()));
      if (!going) continue;
      const changes = Number(this.#statements.prepare(sql).run(...values).changes);
      changed ??= changes;
      going = changes > 0;
    }
    return changed ?? 0;
  }

  #commit(): CallResult {
    const [
      tokenKey = null,
      proofKey = null,
      retryKey = null,
      holder = null,
      decision = null,
      expiresAtMs = null,
    ] = this.#take(6);
    const lease = this.#take(LEASE_CELLS);
    const events = Number(this.#next());
    const eventsStart = this.#position;
    this.#position += events * EVENT_CELLS;

    const by = { holder, decision, lease: lease[0] ?? null, expiresAtMs };
    const outcome = this.#claimAll(String(tokenKey), textOf(proofKey), textOf(retryKey), by);
    if (outcome !== COMMITTED) return outcome;
    this.#insertLease.run(...lease);
    let last = COMMITTED;
    for (let index = 0; index < events; index += 1)
      last = this.#writeEvent(eventsStart + index * EVENT_CELLS);
    return -last;
  }

  /** Its sequence. */
  #writeEvent(start: number): number {
    const cells = this.#cells;
    const { lastInsertRowid } = this.#insertEvent.run(
      cells[start] ?? null,
      cells[start + 1] ?? null,
      cells[start + 2] ?? null,
      cells[start + 3] ?? null,
      cells[start + 4] ?? null,
    );
    return Number(lastInsertRowid);
  }

  /** The keys are claimed before anything else is written; a call that is refused takes back what it claimed. */
  #claimAll(
    tokenKey: string,
    proofKey: string | undefined,
    retryKey: string | undefined,
    by: ClaimedBy,
  ): CallResult {
    const tokenIsNew = this.#claims.add(tokenKey, by);
    if (!tokenIsNew) {
      const first = this.#claims.get(tokenKey);
      const comesBack = retryKey !== undefined && by.holder !== null && first.holder === by.holder;
      if (!comesBack) return [REPLAYED, first.decision];
    }
    if (proofKey !== undefined && !this.#claims.add(proofKey, by)) {
      if (tokenIsNew) this.#claims.release(tokenKey);
      return PROOF_REPLAYED;
    }
    if (retryKey === undefined || this.#claims.add(retryKey, by)) return COMMITTED;
    const first = this.#claims.get(retryKey);
    if (!tokenIsNew) return this.#repeat(first);
    // Half of an expired pair was purged already: nobody may come back with it.
    this.#claims.release(tokenKey);
    if (proofKey !== undefined) this.#claims.release(proofKey);
    return [REPLAYED, first.decision];
  }

  /** The proof stays claimed: it was shown, so nobody may show it again. */
  #repeat(first: Claim): CallResult {
    const lease = this.#selectLease.get(first.lease);
    return lease === undefined ? [REPLAYED, first.decision] : [REPEATED, ...cellsOf(lease)];
  }
}

function textOf(value: SqlValue): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
