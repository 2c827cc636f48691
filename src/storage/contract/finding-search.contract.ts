import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReportedFinding } from '#findings/reported-finding.ts';
import type { FindingOrder, OrderCursor } from '#findings/search/ports.ts';
import { sampleImport, sampleReported } from '#findings/testing/sample-reported-finding.ts';
import type { FindingFilter } from '#findings/tracking/ports.ts';
import { defaultTrackingSettings } from '#findings/tracking/settings.ts';
import { createFindingTracker } from '#findings/tracking/tracker.ts';
import type { Storage } from '../storage.ts';
import { type OpenHarness, START_MS, type StorageHarness } from './fixtures.ts';

const DAY_MS = 86_400_000;
const START_DAY = Math.floor(START_MS / DAY_MS);
const person = { kind: 'person', id: 'admin' } as const;
const SECRETS = { kind: 'secret', severity: 'critical' } as const;

export function describeFindingSearch(open: OpenHarness): void {
  describe('the search for findings', () => {
    let harness: StorageHarness;
    let storage: Storage;
    let nowMs = START_MS;
    beforeEach(async () => {
      harness = await open();
      storage = harness.storage;
      nowMs = START_MS;
    });
    afterEach(() => harness.dispose());

    /** The priority is what its attribute says. */
    const tracker = () =>
      createFindingTracker({
        store: storage.findings,
        clock: { nowMs: () => nowMs },
        settings: () => defaultTrackingSettings,
        openRanking:
          async () =>
          ({ attributes, kind }) => ({
            priority: Number(attributes['points'] ?? 0),
            ...(kind === 'secret' && { area: 'secrets' }),
          }),
      });
    const take = (repository: string, ...findings: Partial<ReportedFinding>[]) =>
      tracker().takeIn({
        report: sampleImport(
          findings.map((changes, index) => sampleReported({ snippet: `${repository} ${index}`, ...changes })),
        ),
        name: 'a.json',
        repository,
        actor: person,
      });
    const rules = async (filter: FindingFilter, order: FindingOrder = 'severity') =>
      (await storage.findings.search(filter, { order, limit: 100 }, nowMs)).found.map(
        ({ finding }) => finding.ruleId,
      );
    const points = (value: number) => ({ attributes: { points: String(value) } });

    it('sorts by what is asked for, and each order goes on where its page ended', async () => {
      await take(
        'a/one',
        { ruleId: 'low', severity: 'low', ...points(90) },
        { ruleId: 'info', severity: 'info' },
      );
      nowMs += DAY_MS;
      await take(
        'a/two',
        { ruleId: 'critical', severity: 'critical', ...points(50) },
        { ruleId: 'high', ...points(50) },
      );
      const orders = {
        severity: ['critical', 'high', 'low', 'info'],
        priority: ['low', 'high', 'critical', 'info'],
        due: ['critical', 'high', 'low', 'info'],
      } as const;
      for (const [order, wanted] of Object.entries(orders) as [keyof typeof orders, readonly string[]][]) {
        const all = await rules({}, order);
        // Of equal ones the newest id stands first; which of the two that is, ids decide.
        expect(all.toSorted()).toEqual(wanted.toSorted());
        if (order !== 'priority') expect(all).toEqual(wanted);
        else expect([all[0], all[3]]).toEqual(['low', 'info']);
      }
      expect((await rules({}, 'newest')).slice(0, 2).toSorted()).toEqual(['critical', 'high']);
      for (const order of ['severity', 'priority', 'due', 'newest'] as const) {
        const paged: string[] = [];
        for (let after: OrderCursor | undefined; ; ) {
          const page = { order, limit: 1, ...(after && { after }) };
          const { found, next } = await storage.findings.search({}, page, nowMs);
          paged.push(...found.map(({ finding }) => finding.ruleId));
          after = next;
          if (next === undefined) break;
        }
        expect(paged).toEqual(await rules({}, order));
      }
    });

    it('finds words wherever a finding names something, and takes no character for a wildcard', async () => {
      await take(
        'a/one',
        { ruleId: 'r1', title: 'SQL in the Überweisung', place: { file: 'src/pay.ts', line: 1 } },
        {
          ruleId: 'r2',
          title: '100% of it_all !',
          aliases: ['CVE-2024-1'],
          place: { file: 'b\\c.ts', line: 2 },
        },
        {
          ruleId: 'r3',
          title: 'x',
          place: { package: { name: 'Left-Pad', version: '1' } },
          kind: 'dependency',
        },
      );
      expect(await rules({ words: ['überweisung', 'pay.ts'] })).toEqual(['r1']);
      expect(await rules({ words: ['sql', 'left-pad'] })).toEqual([]);
      expect(await rules({ words: ['left-pad'] })).toEqual(['r3']);
      expect(await rules({ words: ['cve-2024-1'] })).toEqual(['r2']);
      expect(await rules({ words: ['0%'] })).toEqual(['r2']);
      expect(await rules({ words: ['%'] })).toEqual(['r2']);
      expect(await rules({ words: ['t_a'] })).toEqual(['r2']);
      expect(await rules({ words: ['r_'] })).toEqual([]);
      expect(await rules({ words: [' !'] })).toEqual(['r2']);
      expect(await rules({ words: ['b\\c'] })).toEqual(['r2']);
    });

    it('shows a reader only what is in their scope, in lists, counts, trends and reports', async () => {
      await take('acme/shop', { ruleId: 'r1' });
      await take('acme/shop2', { ruleId: 'r2' });
      await take('acme', { ruleId: 'r3' });
      await take('acme0', { ruleId: 'r4' });
      await take('other/shop', { ruleId: 'r5' });
      const some = (...patterns: string[]) => ({ scope: { kind: 'some', patterns } as const });
      expect((await rules(some('acme/*'))).toSorted()).toEqual(['r1', 'r2']);
      expect((await rules(some('acme/shop', 'other/*'))).toSorted()).toEqual(['r1', 'r5']);
      expect(await rules(some())).toEqual([]);
      expect(await rules({ ...some('acme/*'), repository: 'other/shop' })).toEqual([]);
      const { total, facets } = await storage.findings.facets(some('acme/*'), nowMs);
      expect(total).toBe(2);
      expect(facets.repository.map(({ value }) => value)).toEqual(['acme/shop', 'acme/shop2']);
      expect(await storage.findings.standing(some('acme/shop'), nowMs)).toMatchObject([{ count: 1 }]);
      expect(await storage.findings.trend(some('acme/*'), 'severity', START_DAY, nowMs)).toMatchObject([
        { opened: 2 },
      ]);
      expect(await storage.findings.counts(some('other/*'), nowMs)).toMatchObject([{ count: 1 }]);
      expect(await storage.findings.reports({ kind: 'some', patterns: ['acme/*'] }, 10)).toHaveLength(2);
      expect(await storage.findings.reports({ kind: 'all' }, 10)).toHaveLength(5);
      const subjects = ['acme/shop', 'other/shop'].map((repository) => ({ repository, subject: 'src/a.ts' }));
      const about = await storage.findings.about(subjects, some('acme/*'), 'severity', nowMs);
      expect(about.map(({ finding }) => finding.ruleId)).toEqual(['r1']);
    });

    it('counts each facet with all filters but its own', async () => {
      await take(
        'a/one',
        { ruleId: 'r1', ...SECRETS },
        { ruleId: 'r2', severity: 'low' },
        { ruleId: 'r2', severity: 'high' },
      );
      await take('a/two', { ruleId: 'r1', severity: 'low' });
      const { total, facets } = await storage.findings.facets(
        { severities: ['low'], repository: 'a/one' },
        nowMs,
      );
      expect(total).toBe(1);
      expect(facets.severity).toEqual([
        { value: 'critical', count: 1 },
        { value: 'high', count: 1 },
        { value: 'low', count: 1 },
      ]);
      expect(facets.repository).toEqual([
        { value: 'a/one', count: 1 },
        { value: 'a/two', count: 1 },
      ]);
      expect(facets.rule).toEqual([{ value: 'r2', count: 1 }]);
      expect(facets.owner).toEqual([]);
      const all = (await storage.findings.facets({}, nowMs)).facets;
      expect(all.area).toEqual([{ value: 'secrets', count: 1 }]);
      expect(all.kind).toEqual([
        { value: 'code', count: 3 },
        { value: 'secret', count: 1 },
      ]);
      expect(all.state).toEqual([{ value: 'new', count: 4 }]);
    });

    it('tells how many stood open, day by day', async () => {
      await take('a/one', { ruleId: 'r1', ...SECRETS }, { ruleId: 'r2' });
      nowMs += 2 * DAY_MS;
      await take('a/one', { ruleId: 'r1', ...SECRETS, snippet: 'a/one 0' });
      const trend = (since: number) => storage.findings.trend({}, 'severity', since, nowMs);
      expect(await trend(START_DAY)).toEqual([
        expect.objectContaining({ day: START_DAY, opened: 1, settled: 0 }),
        expect.objectContaining({ day: START_DAY, opened: 1, settled: 0 }),
        { day: START_DAY + 2, group: 'high', opened: 0, settled: 1 },
      ]);
      const late = await trend(START_DAY + 1);
      expect(late.map(({ day }) => day)).toEqual([START_DAY + 1, START_DAY + 1, START_DAY + 2]);
      const [secret] = (
        await storage.findings.search({ areas: ['secrets'] }, { order: 'newest', limit: 1 }, nowMs)
      ).found;
      const untilMs = nowMs + DAY_MS;
      const accept = { action: 'accept', owner: 'o', reason: 'r', untilMs } as const;
      await tracker().triage([secret?.id ?? ''], accept, person);
      const settled = async () =>
        (await storage.findings.trend({}, 'area', START_DAY, nowMs)).find(
          ({ group, settled: count }) => group === 'secrets' && count > 0,
        );
      expect(await settled()).toMatchObject({ day: START_DAY + 2, settled: 1 });
      nowMs = untilMs;
      expect(await settled()).toBe(undefined);
    });

    it('says what nobody settled, and what is past its day', async () => {
      await take('a/one', { ruleId: 'r1', ...SECRETS }, { ruleId: 'r2', severity: 'low' });
      nowMs += 8 * DAY_MS;
      const standing = await storage.findings.standing({}, nowMs);
      const first = { id: expect.stringMatching(/^fnd_/), priority: 0 };
      expect(standing.toSorted((one, other) => other.overdue - one.overdue)).toEqual([
        { area: 'secrets', severity: 'critical', count: 1, overdue: 1, first },
        { area: undefined, severity: 'low', count: 1, overdue: 0, first },
      ]);
      await take(
        'a/two',
        { ruleId: 'r3', severity: 'low', ...points(9) },
        { ruleId: 'r4', severity: 'low', ...points(100) },
      );
      const low = (await storage.findings.standing({ severities: ['low'] }, nowMs))[0]?.first;
      expect(low?.priority).toBe(100);
      expect((await storage.findings.finding(low?.id ?? '', nowMs))?.finding.ruleId).toBe('r4');
    });

    it('says whose reports come in, and from how many repositories', async () => {
      await take('acme/shop');
      nowMs += DAY_MS;
      await take('acme/pay');
      const own = sampleImport([], { tool: 'vouchgate' });
      await tracker().takeIn({ report: own, name: 'v', repository: 'acme/site', actor: person });
      expect(await storage.findings.reporting({ kind: 'all' })).toEqual({
        tools: [
          { tool: 'sample', repositories: 2, lastReportMs: nowMs },
          { tool: 'vouchgate', repositories: 1, lastReportMs: nowMs },
        ],
        testedRepositories: 2,
      });
      const some = await storage.findings.reporting({ kind: 'some', patterns: ['acme/shop'] });
      expect(some).toEqual({
        tools: [{ tool: 'sample', repositories: 1, lastReportMs: START_MS }],
        testedRepositories: 1,
      });
    });

    it('gives what has to be ranked again, in portions, and takes the new ranks', async () => {
      await take('a/one', { ruleId: 'r1' }, { ruleId: 'r2' }, { ruleId: 'r3' });
      const first = await storage.findings.ranked(undefined, 2);
      expect(first.findings).toHaveLength(2);
      const second = await storage.findings.ranked(first.last, 2);
      expect(second.findings).toHaveLength(1);
      expect(await storage.findings.ranked(second.last, 2)).toEqual({ findings: [] });
      const [one] = second.findings;
      expect(one).toMatchObject({ priority: 0, repository: 'a/one', isSearchable: true });
      if (one === undefined) return;
      await storage.findings.rank([
        { id: one.id, priority: 77, area: 'privilege', text: 'worked out again' },
      ]);
      expect(await rules({ priorities: [[75, 100]] })).toEqual([one.finding.ruleId]);
      expect(await rules({ areas: ['privilege'], priorities: [[0, 10]] })).toEqual([]);
      expect(await rules({ words: ['worked', 'again'] })).toEqual([one.finding.ruleId]);
      // A report that says the same as before leaves the rank alone.
      await take('a/one', { ruleId: 'r1' }, { ruleId: 'r2' }, { ruleId: 'r3' });
      expect(await rules({ areas: ['privilege'] })).toEqual([one.finding.ruleId]);
    });
  });
}
