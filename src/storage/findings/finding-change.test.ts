import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { sampleImport, sampleReported } from '#findings/testing/sample-reported-finding.ts';
import { defaultTrackingSettings } from '#findings/tracking/settings.ts';
import { createFindingTracker } from '#findings/tracking/tracker.ts';
import type { SqlDatabase, SqlStep } from '../sql-database.ts';
import type { SqlValue } from '../sql-value.ts';
import { SQLITE_MIGRATIONS } from '../sqlite/migrations.ts';
import { createFindingStore } from './finding-store.ts';

const NOW_MS = 1_700_000_000_000;
const actor = { kind: 'server', id: 'test' } as const;

/** A database in memory whose writes are seen, and can be made to fail in the middle as a crash would. */
class WatchedDatabase implements SqlDatabase {
  readonly #database = new DatabaseSync(':memory:');
  readonly writes: { statements: number; characters: number }[] = [];
  failsOn: ((step: SqlStep) => boolean) | undefined;
  /** Comes before a write, once. */
  interruption: (() => Promise<unknown>) | undefined;

  constructor() {
    for (const { sql } of SQLITE_MIGRATIONS) this.#database.exec(sql);
  }

  async query(sql: string, values: readonly SqlValue[]): Promise<SqlValue[][]> {
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    return statement.all(...values) as unknown as SqlValue[][];
  }

  async execute(steps: readonly SqlStep[]): Promise<number> {
    const { interruption } = this;
    this.interruption = undefined;
    await interruption?.();
    const characters = steps
      .flatMap(({ values }) => values)
      .reduce<number>((sum, value) => sum + String(value).length, 0);
    this.writes.push({ statements: steps.length, characters });
    this.#database.exec('BEGIN');
    try {
      let first: number | undefined;
      for (const step of steps) {
        if (this.failsOn?.(step) === true) throw new Error('the power went out');
        const changes = Number(this.#database.prepare(step.sql).run(...step.values).changes);
        first ??= changes;
        if (changes === 0) break;
      }
      this.#database.exec('COMMIT');
      return first ?? 0;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  count(table: string): number {
    return Number(this.#database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']);
  }
}

function open() {
  const database = new WatchedDatabase();
  const eventSteps = (rows: readonly SqlValue[][]): SqlStep[] =>
    rows.map((values) => ({
      sql: 'INSERT INTO event (type, decision, resource, lease, event) VALUES (?, ?, ?, ?, ?)',
      values,
    }));
  const store = createFindingStore({ database, eventSteps, nowMs: () => NOW_MS });
  const clock = { nowMs: () => NOW_MS };
  const tracker = createFindingTracker({ store, clock, settings: () => defaultTrackingSettings });
  const take = (count: number, words = 'd'.repeat(1_000)) =>
    tracker.takeIn({
      report: sampleImport(
        Array.from({ length: count }, (_, index) =>
          sampleReported({
            snippet: `call(${index})`,
            description: words,
            place: { file: 'a', line: index + 1 },
          }),
        ),
      ),
      name: 'a',
      repository: 'acme/shop',
      actor,
    });
  return { database, store, tracker, take };
}

/** Statements that make a report visible, in their order. */
const VISIBLE = [
  'UPDATE finding_repository',
  'INSERT INTO finding_report',
  'INSERT INTO finding (',
  'DELETE FROM',
  'INSERT INTO event',
];

describe('a change of any size', () => {
  it.each(VISIBLE)(
    'that breaks off at %j leaves nothing half, and comes through the next time',
    async (start) => {
      const { database, store, take } = open();
      await take(10);
      database.failsOn = ({ sql }) => sql.trimStart().startsWith(start) && database.writes.length > 3;
      await expect(take(8_000)).rejects.toThrow('the power went out');
      expect(database.count('finding')).toBe(10);
      expect(database.count('finding_report')).toBe(1);
      expect(database.count('event')).toBe(1);
      expect(database.count('finding_change')).toBeGreaterThan(0);
      database.failsOn = undefined;
      expect((await take(8_000)).counts).toMatchObject([{ new: 7_990, stillThere: 10 }]);
      expect(await store.purge(NOW_MS + 7_200_000)).toBeGreaterThan(0);
      expect(database.count('finding_change')).toBe(0);
    },
  );

  it('is written in pieces of bounded size', async () => {
    const { database, take } = open();
    await take(3_000);
    await take(3_000, 'e'.repeat(1_000));
    await take(0);
    expect(Math.max(...database.writes.map(({ characters }) => characters))).toBeLessThan(2_000_000);
    expect(database.count('finding_history')).toBe(3_000);
    expect(database.count('finding_change')).toBe(0);
  });

  it('that somebody else came before is laid out again, and leaves nothing aside', async () => {
    const { database, store, take } = open();
    await take(1);
    const version = await store.version('acme/shop');
    // Another server is faster, between our look and our write.
    database.interruption = () =>
      store.commit({
        id: 'chg_x',
        repository: 'acme/shop',
        version,
        scopes: [],
        settled: [],
        findings: [],
        events: [],
      });
    expect((await take(5_000)).counts).toMatchObject([{ new: 4_999, stillThere: 1 }]);
    expect(await store.version('acme/shop')).toBe(version + 2);
    expect(database.count('finding')).toBe(5_000);
    expect(database.count('finding_change')).toBe(0);
  });
});
