import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FindingSearch } from '#findings/search/ports.ts';
import { SQLITE_MIGRATIONS } from '../sqlite/migrations.ts';
import type { SqlDatabase } from '../sql-database.ts';
import { createFindingSearch } from './finding-search.ts';

const NOW_MS = 1_700_000_000_000;
const OPEN = { states: ['new', 'open', 'reopened'] } as const;

describe('lists of findings on SQLite', () => {
  let database: DatabaseSync;
  let search: FindingSearch;
  /** How each statement goes about it, as SQLite says. */
  const plans: string[] = [];

  beforeEach(() => {
    plans.length = 0;
    database = new DatabaseSync(':memory:');
    for (const { sql } of SQLITE_MIGRATIONS) database.exec(sql);
    const queryable: SqlDatabase = {
      query: async (sql, values) => {
        const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
        plans.push(...steps.map(({ detail }) => String(detail)).filter((detail) => / f\b/.test(detail)));
        return [];
      },
      execute: async () => 0,
    };
    search = createFindingSearch(queryable);
  });
  afterEach(() => database.close());

  it.each<[string, () => Promise<unknown>]>([
    ['a page', () => search.search(OPEN, { order: 'priority', limit: 100 }, NOW_MS)],
    ['a page by severity', () => search.search(OPEN, { order: 'severity', limit: 100 }, NOW_MS)],
    ['words', () => search.search({ words: ['a'] }, { order: 'due', limit: 100 }, NOW_MS)],
    ['facets', () => search.facets(OPEN, NOW_MS)],
    ['facets of a scope', () => search.facets({ scope: { kind: 'some', patterns: ['a/*', 'b/c'] } }, NOW_MS)],
    ['a trend', () => search.trend({}, 'area', 19_000, NOW_MS)],
    ['what stands open', () => search.standing({}, NOW_MS)],
  ])('looks through the index alone for %s, and never at the wide rows', async (name, ask) => {
    await ask();
    // Six questions of the small table that facets are counted from; a table without an index reads the same.
    const ofTable = plans.filter((plan) => plan !== 'SCAN f');
    expect(plans.length - ofTable.length).toBe(name.startsWith('facets') ? 6 : 0);
    expect(ofTable.length).toBeGreaterThan(0);
    for (const plan of ofTable) expect(plan).toContain('COVERING INDEX finding_');
  });

  it('finds what may mean the same by its subject', async () => {
    await search.about([{ repository: 'acme/shop', subject: 'a.ts' }], OPEN, 'priority', NOW_MS);
    expect(plans.join('\n')).toContain('INDEX finding_subject (repository=? AND subject=?)');
  });
});
