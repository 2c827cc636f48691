import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReportedFinding } from '#findings/reported-finding.ts';
import { sampleImport, sampleReported } from '#findings/testing/sample-reported-finding.ts';
import type { FindingFilter } from '#findings/tracking/ports.ts';
import { defaultTrackingSettings } from '#findings/tracking/settings.ts';
import { createFindingTracker } from '#findings/tracking/tracker.ts';
import type { Storage } from '../storage.ts';
import { type OpenHarness, START_MS, type StorageHarness } from './fixtures.ts';

const REPOSITORY = 'acme/shop';
const DAY_MS = 86_400_000;
const person = { kind: 'person', id: 'admin' } as const;

export function describeFindings(open: OpenHarness): void {
  describe('findings', () => {
    let harness: StorageHarness;
    let storage: Storage;
    let nowMs = START_MS;
    beforeEach(async () => {
      harness = await open();
      storage = harness.storage;
      nowMs = START_MS;
    });
    afterEach(() => harness.dispose());

    const clock = { nowMs: () => nowMs };
    const tracker = (at: Storage = storage) =>
      createFindingTracker({ store: at.findings, clock, settings: () => defaultTrackingSettings });
    const take = (
      findings: readonly ReportedFinding[],
      request: { repository?: string; branch?: string } = {},
    ) => {
      const report = sampleImport(findings);
      return tracker().takeIn({ report, name: 'a.json', repository: REPOSITORY, actor: person, ...request });
    };
    const list = (filter: FindingFilter = {}, limit = 1_000) =>
      storage.findings.findings(filter, { limit }, nowMs);
    const lines = (count: number, from = 0) =>
      Array.from({ length: count }, (_, index) =>
        sampleReported({ snippet: `call(${from + index})`, place: { file: 'a.ts', line: index + 1 } }),
      );

    it('come back as they were given, with whatever text', async () => {
      const odd = sampleReported({
        title: 'nul \0, half \ud800, back\\slash 💥',
        place: { file: 'a\\0000\0b/\udfff.ts', line: 3 },
        ruleId: 'r\0\\0041',
        attributes: Object.fromEntries([
          ['__proto__', 'x'],
          ['constructor', 'y'],
        ]),
      });
      const report = await take([odd], { repository: 'o\\0041/r', branch: 'b\\' });
      expect(report.counts).toMatchObject([{ new: 1, stillThere: 0, reopened: 0, fixed: 0 }]);
      const [found] = await list();
      expect(found?.finding).toEqual(odd);
      expect(found?.scope).toEqual({ repository: 'o\\0041/r', tool: 'sample', target: 'branch=b\\' });
      expect(
        await list({ repository: 'o\\0041/r', file: odd.place.file ?? '', rule: odd.ruleId }),
      ).toHaveLength(1);
      expect(await storage.findings.finding(found?.id ?? '', nowMs)).toEqual(found);
      expect(await storage.findings.finding('fnd_none', nowMs)).toBe(undefined);
      expect(await storage.findings.reports('o\\0041/r', 10)).toEqual([report]);
    });

    it('are new, still there, fixed and reopened, each with its times', async () => {
      await take(lines(2));
      nowMs += DAY_MS;
      expect((await take(lines(2))).counts).toMatchObject([{ new: 0, stillThere: 2, fixed: 0 }]);
      expect(await list()).toMatchObject([
        { state: 'open', firstSeenMs: START_MS, lastSeenMs: nowMs },
        { state: 'open', firstSeenMs: START_MS, lastSeenMs: nowMs },
      ]);
      nowMs += DAY_MS;
      expect((await take(lines(1))).counts).toMatchObject([{ stillThere: 1, fixed: 1 }]);
      const [fixed] = await list({ states: ['fixed'] });
      expect(fixed).toMatchObject({ fixedAtMs: nowMs, lastSeenMs: nowMs - DAY_MS });
      expect(fixed).not.toHaveProperty('dueAtMs');
      nowMs += DAY_MS;
      expect((await take(lines(2))).counts).toMatchObject([{ stillThere: 1, reopened: 1, new: 0 }]);
      const [back] = await list({ states: ['reopened'] });
      expect(back).toMatchObject({ id: fixed?.id, lastSeenMs: nowMs });
      expect(back).not.toHaveProperty('fixedAtMs');
      expect(await storage.findings.history(back?.id ?? '')).toMatchObject([
        { kind: 'fixed', atMs: nowMs - DAY_MS, by: 'vouchgate' },
        { kind: 'reopened', atMs: nowMs },
      ]);
    });

    it('of one scope are left alone by the reports of others', async () => {
      await take(lines(2), { branch: 'main' });
      await take([], { branch: 'feature' });
      await take([], { branch: 'main', repository: 'acme/other' });
      const other = sampleImport([], { tool: 'other' });
      await tracker().takeIn({
        report: other,
        name: 'b',
        repository: REPOSITORY,
        branch: 'main',
        actor: person,
      });
      expect(await list({ states: ['fixed'] })).toEqual([]);
      expect(await storage.findings.scopes(REPOSITORY)).toHaveLength(3);
    });

    it('keep the clock of the scope in which they were seen first', async () => {
      await take(lines(1), { branch: 'feature' });
      nowMs += DAY_MS;
      await take(lines(2), { branch: 'main' });
      const started = async (text: string) =>
        (await list({ target: 'branch=main' })).find(({ finding }) => finding.snippet === text)
          ?.clockStartedAtMs;
      expect(await started('call(0)')).toBe(START_MS);
      expect(await started('call(1)')).toBe(nowMs);
    });

    it('are decided about, with history and record, or not at all', async () => {
      await take(lines(2));
      const [first] = await list();
      const id = first?.id ?? '';
      const untilMs = nowMs + 10 * DAY_MS;
      const accept = { action: 'accept', owner: 'shop', reason: 'only in tests', untilMs } as const;
      expect(await tracker().triage([id, 'fnd_none'], accept, person)).toEqual([id]);
      expect(await storage.findings.finding(id, nowMs)).toMatchObject({
        state: 'waived',
        triage: { acceptance: { owner: 'shop', reason: 'only in tests', untilMs, by: 'admin' } },
      });
      expect(await storage.findings.history(id)).toMatchObject([{ kind: 'accepted', by: 'admin' }]);
      const [event] = await storage.events.list({ types: ['finding.triaged'], limit: 10 });
      expect(event).toMatchObject({
        actor: person,
        body: { repository: REPOSITORY, findings: [id], decision: { action: 'accept', owner: 'shop' } },
      });
      await expect(tracker().triage([id], { ...accept, reason: ' ' }, person)).rejects.toMatchObject({
        code: 'triage_invalid',
      });
      expect(await storage.findings.history(id)).toHaveLength(1);
      expect((await take(lines(2))).counts).toMatchObject([{ stillThere: 2 }]);
      expect((await storage.findings.finding(id, nowMs))?.state).toBe('waived');
    });

    it('are open again from the moment at which their acceptance ends', async () => {
      await take(lines(1));
      const [first] = await list();
      const id = first?.id ?? '';
      const untilMs = nowMs + 10 * DAY_MS;
      await tracker().triage([id], { action: 'accept', owner: 'o', reason: 'r', untilMs }, person);
      expect(await storage.findings.finding(id, untilMs - 1)).toMatchObject({ state: 'waived' });
      expect(await storage.findings.finding(id, untilMs)).toMatchObject({ state: 'reopened' });
      nowMs = untilMs + 5 * DAY_MS;
      expect(await storage.findings.counts({ states: ['reopened'] }, nowMs)).toMatchObject([{ count: 1 }]);
      expect(await tracker().endAcceptances()).toBe(1);
      expect(await tracker().endAcceptances()).toBe(0);
      const ended = await storage.findings.finding(id, nowMs);
      // 30 days from the first sighting, and the ten days of the acceptance on top.
      expect(ended).toMatchObject({ state: 'reopened', dueAtMs: START_MS + 40 * DAY_MS });
      expect(ended?.triage.acceptance).toBe(undefined);
      expect((await storage.findings.history(id)).map(({ kind }) => kind)).toEqual([
        'accepted',
        'acceptance-ended',
      ]);
    });

    it('are listed worst first, in pages, by every filter', async () => {
      const severities = ['low', 'critical', 'medium', 'critical', 'info', 'high'] as const;
      await take(
        severities.map((severity, index) =>
          sampleReported({ severity, ruleId: `r${index}`, kind: index === 0 ? 'web' : 'code' }),
        ),
      );
      const all = await list();
      expect(all.map(({ finding }) => finding.severity)).toEqual([
        'critical',
        'critical',
        'high',
        'medium',
        'low',
        'info',
      ]);
      const paged = [];
      for (let after; ; ) {
        const page = await storage.findings.findings({}, { limit: 2, ...(after && { after }) }, nowMs);
        paged.push(...page);
        const last = page.at(-1);
        if (last === undefined) break;
        after = { severity: last.finding.severity, id: last.id };
      }
      expect(paged).toEqual(all);
      const rules = async (filter: FindingFilter) =>
        (await list(filter)).map(({ finding }) => finding.ruleId).sort();
      expect(await rules({ severities: ['critical', 'low'] })).toEqual(['r0', 'r1', 'r3']);
      expect(await rules({ kinds: ['web'] })).toEqual(['r0']);
      expect(await rules({ rule: 'r2', tool: 'sample', repository: REPOSITORY, target: '' })).toEqual(['r2']);
      expect(await rules({ tool: 'other' })).toEqual([]);
      expect(await rules({ states: [] })).toEqual([]);
      expect(await rules({ overdueAtMs: START_MS + 29 * DAY_MS })).toEqual(['r1', 'r3']);
      await tracker().triage([all[2]?.id ?? ''], { action: 'assign', assignee: 'mia' }, person);
      expect(await rules({ assignee: 'mia' })).toEqual(['r5']);
      const counts = await storage.findings.counts({ repository: REPOSITORY }, nowMs);
      expect(counts.find(({ severity }) => severity === 'critical')).toEqual({
        tool: 'sample',
        target: '',
        severity: 'critical',
        state: 'new',
        count: 2,
      });
    });

    it('are found however many stand before them', async () => {
      const many = lines(21_000).map((finding) => ({ ...finding, severity: 'critical' as const }));
      await take([...many, sampleReported({ severity: 'low', ruleId: 'rare', place: { file: 'z' } })]);
      expect((await list({ rule: 'rare' })).map(({ finding }) => finding.ruleId)).toEqual(['rare']);
      expect(await list({ rule: 'none' })).toEqual([]);
      expect(await list({ repository: REPOSITORY, severities: ['low'] })).toHaveLength(1);
    }, 120_000);

    it('of one repository are changed by one at a time', async () => {
      const version = await storage.findings.version(REPOSITORY);
      const change = {
        id: 'chg_1',
        repository: REPOSITORY,
        version,
        scopes: [],
        settled: [],
        findings: [],
        events: [],
      };
      expect(await storage.findings.commit(change)).toBe(true);
      expect(await storage.findings.commit({ ...change, id: 'chg_2' })).toBe(false);
      expect(await storage.findings.version(REPOSITORY)).toBe(version + 1);
    });

    it('survive many who import the same scope at once: every finding once', async () => {
      const trackers = Array.from({ length: 4 }, () => tracker());
      const report = sampleImport(lines(30));
      const reports = await Promise.all(
        trackers.map((each) => each.takeIn({ report, name: 'x', repository: REPOSITORY, actor: person })),
      );
      expect(reports.map(({ counts }) => String(counts[0]?.new)).sort()).toEqual(['0', '0', '0', '30']);
      expect(await list()).toHaveLength(30);
      expect(await storage.events.list({ types: ['findings.imported'], limit: 10 })).toHaveLength(4);
    });

    it('of a large report are there whole, and after a second time the same', async () => {
      const many = lines(2_500).map((finding) => ({ ...finding, description: 'd'.repeat(2_000) }));
      expect((await take(many)).counts).toMatchObject([{ new: 2_500 }]);
      expect((await take(many)).counts).toMatchObject([{ new: 0, stillThere: 2_500, fixed: 0 }]);
      expect(await storage.findings.counts({}, nowMs)).toMatchObject([{ count: 2_500, state: 'open' }]);
      expect((await take([])).counts).toMatchObject([{ fixed: 2_500 }]);
      expect(await storage.findings.purge(nowMs + DAY_MS)).toBe(0);
    }, 60_000);

    it('last', async ({ skip }) => {
      if (harness.reopen === undefined) {
        skip('nothing ends this store');
        return;
      }
      await take(lines(3));
      const before = await list();
      storage = await harness.reopen();
      expect(await list()).toEqual(before);
    });
  });
}
