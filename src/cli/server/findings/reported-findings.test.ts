import { beforeEach, describe, expect, it } from 'vitest';
import type { ReportedFinding } from '#findings/reported-finding.ts';
import { sampleImport, sampleReported } from '#findings/testing/sample-reported-finding.ts';
import { defaultTrackingSettings } from '#findings/tracking/settings.ts';
import { createFindingTracker, type FindingTracker } from '#findings/tracking/tracker.ts';
import type { ReportedFindings } from '#posture/reported-findings.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { Storage } from '#storage/storage.ts';
import { createReportedFindings } from './reported-findings.ts';

const START_MS = 1_700_000_000_000;
const actor = { kind: 'person', id: 'mia' } as const;

let nowMs: number;
let storage: Storage;
let tracker: FindingTracker;
let reported: ReportedFindings;
beforeEach(() => {
  nowMs = START_MS;
  const clock = { nowMs: () => nowMs };
  storage = openMemoryStorage();
  const store = storage.findings;
  tracker = createFindingTracker({ store, clock, settings: () => defaultTrackingSettings });
  reported = createReportedFindings({ store, clock, defaultBranches: () => ['main'] });
});

const take = (
  findings: readonly ReportedFinding[],
  request: { branch?: string; commit?: string } = {},
  tool = 'sample',
) =>
  tracker.takeIn({
    report: sampleImport(findings, { tool }),
    name: 'a',
    repository: 'acme/shop',
    actor,
    ...request,
  });
const rulesFor = async (commit?: string) =>
  (await reported.openFor('acme/shop', commit))?.findings.map(({ rule, isNew }) => `${rule} ${isNew}`);
const rule = (ruleId: string, changes: Partial<ReportedFinding> = {}) =>
  sampleReported({ ruleId, ...changes });

describe('what other tools leave open', () => {
  it('is unknown as long as nothing was reported', async () => {
    expect(await reported.openFor('acme/shop', undefined)).toBe(undefined);
    await take([], { branch: 'feature', commit: 'c2' });
    expect(await reported.openFor('acme/shop', 'c1')).toBe(undefined);
    expect(await reported.openFor('acme/shop', 'c2')).toMatchObject({ findings: [] });
  });

  it('is that of the default branch, the worst first, without what was accepted', async () => {
    await take([rule('a', { severity: 'low' }), rule('b', { severity: 'critical' }), rule('c')], {
      branch: 'main',
    });
    await take([rule('x')], { branch: 'feature' });
    expect(await rulesFor('unknown')).toEqual(['b false', 'c false', 'a false']);
    const found = await storage.findings.findings({ rule: 'b', target: 'branch=main' }, { limit: 1 }, nowMs);
    const untilMs = nowMs + 1_000;
    await tracker.triage(
      found.map(({ id }) => id),
      { action: 'accept', owner: 'o', reason: 'r', untilMs },
      actor,
    );
    expect(await rulesFor()).toEqual(['c false', 'a false']);
    nowMs += 100_000;
    expect(await rulesFor()).toEqual(['b false', 'c false', 'a false']);
  });

  it('is that of the commit where there are reports of it, and says what the default branch lacks', async () => {
    await take([rule('a')], { branch: 'main', commit: 'c1' });
    await take([rule('a'), rule('b')], { branch: 'feature', commit: 'c2' });
    expect(await rulesFor('c2')).toEqual(['a false', 'b true']);
    expect(await rulesFor('c1')).toEqual(['a false']);
  });

  it('names every tool that was heard, also one that found nothing', async () => {
    await take([rule('a')]);
    nowMs += 5;
    await take([], {}, 'gitleaks');
    const { inputs = [] } = (await reported.openFor('acme/shop', undefined)) ?? {};
    expect(inputs).toMatchObject([
      { tool: 'gitleaks', findings: 0, kinds: ['secrets'], ranAtMs: START_MS + 5 },
      { tool: 'sample', findings: 1, kinds: ['SAST'], ranAtMs: START_MS },
    ]);
  });

  it('costs one small read as long as nothing changes', async () => {
    await take([rule('a')]);
    const first = await reported.openFor('acme/shop', undefined);
    expect(await reported.openFor('acme/shop', undefined)).toBe(first);
    await take([]);
    expect((await reported.openFor('acme/shop', undefined))?.findings).toEqual([]);
  });
});
