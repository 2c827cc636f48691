import { beforeEach, describe, expect, it } from 'vitest';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { Storage } from '#storage/storage.ts';
import type { FindingKind, ReportedFinding } from '../reported-finding.ts';
import { sampleImport, sampleReported } from '../testing/sample-reported-finding.ts';
import { parseGitDiff } from './code-changes.ts';
import type { FindingChange, FindingFilter } from './ports.ts';
import { defaultTrackingSettings, type TrackingSettings } from './settings.ts';
import { createFindingTracker, type TrackerOptions } from './tracker.ts';
import type { TriageAction } from './triage.ts';

const START_MS = Date.parse('2026-11-23T10:00:00Z');
const DAY_MS = 86_400_000;
const actor = { kind: 'person', id: 'mia' } as const;

let storage: Storage;
let nowMs: number;
let settings: TrackingSettings;
let more: Partial<TrackerOptions>;
beforeEach(() => {
  storage = openMemoryStorage();
  nowMs = START_MS;
  settings = defaultTrackingSettings;
  more = {};
});

const tracker = () =>
  createFindingTracker({
    store: storage.findings,
    clock: { nowMs: () => nowMs },
    settings: () => settings,
    ...more,
  });
const take = (
  findings: readonly ReportedFinding[],
  request: { commit?: string; image?: string; part?: string } = {},
) =>
  tracker().takeIn({ report: sampleImport(findings), name: 'a', repository: 'acme/shop', actor, ...request });
const only = async (filter: FindingFilter = {}) => {
  const found = await storage.findings.findings(filter, { limit: 10 }, nowMs);
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} findings`);
  return first;
};
const decide = async (action: TriageAction) => tracker().triage([(await only()).id], action, actor);
const accept = (days: number) =>
  decide({ action: 'accept', owner: 'shop', reason: 'tests', untilMs: nowMs + days * DAY_MS });
const kinds = async () => (await storage.findings.history((await only()).id)).map(({ kind }) => kind);
const text = (snippet: string, line: number, file = 'src/a.ts') =>
  sampleReported({ snippet, place: { file, line } });

describe('an acceptance', () => {
  it('stays with a finding whose line moved', async () => {
    await take([text('a()', 10)]);
    await accept(30);
    await take([text('a()', 40)]);
    expect(await only()).toMatchObject({ state: 'waived', finding: { place: { line: 40 } } });
    expect(await kinds()).toEqual(['accepted']);
  });

  it('does not pass to what is only a guess, though its clock does', async () => {
    await take([text('a()', 10)]);
    await accept(30);
    nowMs += DAY_MS;
    await take([text('other()', 12)]);
    const found = await only();
    expect(found).toMatchObject({ state: 'reopened', clockStartedAtMs: START_MS, triage: {} });
    expect(found.triage.acceptance).toBe(undefined);
    expect(await kinds()).toEqual(['accepted', 'reopened']);
    // A day accepted, thirty days to mend it.
    expect(found.dueAtMs).toBe(START_MS + 31 * DAY_MS);
  });

  it('stays where git says that the line is the same', async () => {
    more = {
      findCodeChanges: async (repository, from, to) => {
        expect([repository, from, to]).toEqual(['acme/shop', 'c1', 'c2']);
        return parseGitDiff(
          'diff --git a/src/a.ts b/src/a.ts\n--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1,0 +2,4 @@\n',
        );
      },
    };
    await take([text('a()', 10)], { commit: 'c1' });
    await accept(30);
    await take([text('a() // why', 14)], { commit: 'c2' });
    expect((await only()).state).toBe('waived');
  });

  it('survives that its finding was away, and stops the clock only while it lasts', async () => {
    await take([text('a()', 10)]);
    nowMs += 5 * DAY_MS;
    await accept(10);
    nowMs += DAY_MS;
    await take([]);
    expect((await only()).state).toBe('fixed');
    nowMs += DAY_MS;
    await take([text('a()', 10)]);
    expect(await only()).toMatchObject({ state: 'waived' });
    nowMs += 20 * DAY_MS;
    expect((await only()).state).toBe('reopened');
    await take([text('a()', 10)]);
    expect(await only()).toMatchObject({ state: 'reopened', dueAtMs: START_MS + 40 * DAY_MS });
    expect(await tracker().endAcceptances()).toBe(1);
    expect(await only()).toMatchObject({ state: 'reopened', dueAtMs: START_MS + 40 * DAY_MS });
  });

  it('needs an owner, a reason and an end within three years', async () => {
    await take([text('a()', 10)]);
    const good = { action: 'accept', owner: 'o', reason: 'r', untilMs: nowMs + 1 } as const;
    for (const bad of [
      { ...good, owner: '' },
      { ...good, reason: '\u001b[2J' },
      { ...good, reason: 'x'.repeat(1_001) },
      { ...good, untilMs: nowMs },
      { ...good, untilMs: nowMs + 1_200 * DAY_MS },
      { ...good, untilMs: Number.NaN },
    ]) {
      await expect(decide(bad)).rejects.toMatchObject({ code: 'triage_invalid' });
    }
    expect(await kinds()).toEqual([]);
  });
});

describe('a finding that was fixed', () => {
  it('gains no time by being away', async () => {
    await take([text('a()', 10)]);
    nowMs += 10 * DAY_MS;
    await take([]);
    nowMs += 10 * DAY_MS;
    await take([text('a()', 10)]);
    expect(await only()).toMatchObject({ state: 'reopened', dueAtMs: START_MS + 40 * DAY_MS });
  });

  it('is another one when it comes back much later', async () => {
    await take([text('a()', 10)]);
    await take([]);
    nowMs += 91 * DAY_MS;
    expect((await take([text('a()', 10)])).counts).toMatchObject([{ new: 1, reopened: 0 }]);
  });

  it('keeps what was said of it in between', async () => {
    await take([text('a()', 10)]);
    await take([]);
    await decide({ action: 'false-positive', reason: 'a constant' });
    expect((await only()).state).toBe('fixed');
    await take([text('a()', 10)]);
    expect(await only()).toMatchObject({ state: 'false-positive' });
    await decide({ action: 'restore', reason: 'it is not' });
    expect(await only()).toMatchObject({ state: 'reopened' });
    expect(await kinds()).toEqual(['fixed', 'false-positive', 'reopened', 'restored']);
  });
});

describe('what the tool decided itself', () => {
  const decided = (state: 'accepted' | 'not-affected') =>
    sampleReported({ decision: { state, reason: 'in the tool' } });

  it('is shown, and counts only where the tool is trusted', async () => {
    await take([decided('accepted')]);
    expect(await only()).toMatchObject({ state: 'new', finding: { decision: { state: 'accepted' } } });
    settings = { ...settings, trustedDecisions: new Set(['sample']) };
    await take([decided('accepted')]);
    expect((await only()).state).toBe('waived');
    await take([decided('not-affected')]);
    expect((await only()).state).toBe('false-positive');
    await take([sampleReported()]);
    expect(await only()).toMatchObject({ state: 'reopened' });
  });
});

describe('a report', () => {
  it('speaks for each tool that it names, and for its own when that found nothing', async () => {
    await take([sampleReported(), sampleReported({ tool: 'other' })]);
    const { counts } = await take([sampleReported({ tool: 'other' })]);
    expect(counts.map(({ scope, fixed, stillThere }) => [scope.tool, fixed, stillThere])).toEqual([
      ['other', 0, 1],
      ['sample', 1, 0],
    ]);
  });

  it('closes only what is of its own image and part, whatever the tag', async () => {
    await take([sampleReported()], { image: 'host:5000/acme/shop:1.0' });
    await take([sampleReported()], { part: 'a;image=x' });
    expect((await take([], { part: 'other' })).counts).toMatchObject([{ fixed: 0 }]);
    const { counts } = await take([], { image: 'host:5000/acme/shop:1.1@sha256:abc' });
    expect(counts).toMatchObject([{ fixed: 1, scope: { target: 'image=host:5000/acme/shop' } }]);
    expect((await storage.findings.scopes('acme/shop')).map(({ scope }) => scope.target)).toContain(
      'part=a%3Bimage=x',
    );
  });

  it('of a tool that is several closes only its own kind', async () => {
    const snyk = (kind: 'code' | 'dependency') => sampleReported({ tool: 'snyk', kind });
    const takeSnyk = (findings: readonly ReportedFinding[], kinds: readonly FindingKind[]) =>
      tracker().takeIn({
        report: sampleImport(findings, { tool: 'snyk' }),
        kinds,
        name: 'a',
        repository: 'acme/shop',
        actor,
      });
    const many = ['dependency', 'container'] as const;
    await takeSnyk([snyk('code')], ['code']);
    expect((await takeSnyk([snyk('dependency')], many)).counts).toMatchObject([
      { new: 1, fixed: 0, scope: { target: 'part=dependency' } },
    ]);
    const unclear = await takeSnyk([], many);
    expect(unclear.counts).toEqual([]);
    expect(unclear.ambiguities).toEqual([expect.stringContaining('name the part')]);
    expect((await takeSnyk([], ['code'])).counts).toMatchObject([
      { fixed: 1, scope: { target: 'part=code' } },
    ]);
  });

  it('is refused for a repository without a usable name', async () => {
    for (const repository of ['', ' ', 'a\u0000b', 'x'.repeat(201), '\ud800']) {
      await expect(
        tracker().takeIn({ report: sampleImport([]), name: 'a', repository, actor }),
      ).rejects.toMatchObject({ code: 'repository_invalid' });
    }
  });

  it('gives its findings their owners, and their clock by severity', async () => {
    more = { findOwners: async () => '* @all\n/src/ @shop\n' };
    await take([sampleReported()]);
    expect(await only()).toMatchObject({ owner: '@shop', dueAtMs: START_MS + 30 * DAY_MS });
    await take([sampleReported({ severity: 'critical' })]);
    expect(await only()).toMatchObject({ dueAtMs: START_MS + 7 * DAY_MS });
    expect(await kinds()).toEqual(['changed']);
    settings = { ...settings, serviceLevel: { ...settings.serviceLevel, days: {} } };
    await take([sampleReported({ severity: 'critical' })]);
    expect((await only()).dueAtMs).toBe(undefined);
  });

  it('says what it could not tell apart', async () => {
    await take([text('a()', 10), text('b()', 20)]);
    const { ambiguities, counts } = await take([text('c()', 15), text('d()', 15)]);
    expect(ambiguities).toEqual([
      'sample no-eval in src/a.ts: 2 reported, 2 known: text and line changed, and more than one could be the same',
    ]);
    expect(counts).toMatchObject([{ new: 2, fixed: 2, stillThere: 0 }]);
  });

  it('writes nothing of what did not change', async () => {
    await take([text('a()', 10), text('b()', 20)]);
    await take([text('a()', 10), text('b()', 20)]);
    const written: number[] = [];
    const inner = storage.findings;
    const store = {
      ...inner,
      commit: (change: FindingChange) => {
        written.push(change.findings.length);
        return inner.commit(change);
      },
    };
    more = { store };
    await take([text('a()', 10), text('b()', 20)]);
    await take([text('a()', 11), text('b()', 20)]);
    expect(written).toEqual([0, 1]);
  });

  it('gives up in words when others are always faster', async () => {
    more = { store: { ...storage.findings, commit: async () => false } };
    await expect(take([sampleReported()])).rejects.toMatchObject({ code: 'findings_busy' });
  });
});
