import { describe, expect, it } from 'vitest';
import { Overview } from '#api/overview.ts';
import { RiskArea } from '#api/risk-area.ts';
import type { Lease } from '#broker/ports.ts';
import { riskAreas } from '#findings/risk-area.ts';
import { sampleReported } from '#findings/testing/sample-reported-finding.ts';
import type { TrackedFinding } from '#findings/tracking/tracked-finding.ts';
import { buildOverview } from './build-overview.ts';
import type { OverviewFacts } from './overview-facts.ts';
import {
  DAY_MS,
  makeAttack,
  makeLogStanding,
  makeOverviewFacts,
  makeRecordFacts,
  NO_TOTALS,
  NOW_MS,
} from './overview-facts.fake.ts';

function overviewOf(changes: Partial<OverviewFacts> = {}) {
  const overview = buildOverview(makeOverviewFacts(changes));
  expect(Overview.parse(overview)).toEqual(overview);
  return overview;
}

function areaOf(changes: Partial<OverviewFacts>, area: RiskArea) {
  const found = overviewOf(changes).areas.find((each) => each.area === area);
  if (found === undefined) throw new Error('no such area');
  return found;
}

const TODAY = Math.floor(NOW_MS / DAY_MS);

function tracked(title: string): TrackedFinding {
  return {
    id: 'fnd_1',
    scope: { repository: 'acme/shop', tool: 'sample', target: '' },
    state: 'open',
    firstSeenMs: 0,
    lastSeenMs: 0,
    clockStartedAtMs: 0,
    triage: {},
    reportId: 'rep_1',
    finding: sampleReported({ title }),
  };
}

function lease(resource: string, createdAtMs: number): Lease {
  return {
    id: `lse_${createdAtMs}`,
    decision: 'dec_1',
    state: 'active',
    resource,
    credentialProvider: 'p',
    principal: 'w',
    workload: 'acme/shop',
    holder: undefined,
    handle: {},
    revocable: true,
    createdAtMs,
    expiresAtMs: createdAtMs + 900_000,
    expiresAtMsMax: createdAtMs + 3_600_000,
    endedAtMs: undefined,
    dueAtMs: createdAtMs + 900_000,
    attempts: 0,
    lastError: undefined,
  };
}

describe('the overview', () => {
  it('has the same areas as findings have', () => {
    expect(RiskArea.options).toEqual([...riskAreas]);
    expect(overviewOf().areas.map(({ area }) => area)).toEqual([...riskAreas]);
  });

  it('is good only where somebody looked and found nothing', () => {
    const overview = overviewOf();
    expect(overview).toMatchObject({ standing: 'good', isNew: false, next: null });
    expect(overview.areas.every(({ standing }) => standing === 'good')).toBe(true);
    expect(overview.answer).toBe('Nothing that was looked at would help an attacker today.');
  });

  it('does not take what nobody looked at for good', () => {
    const unseen = { totals: NO_TOTALS, reporting: { tools: [], testedRepositories: 0 } };
    const overview = overviewOf(unseen);
    const standings = new Map(overview.areas.map(({ area, standing }) => [area, standing]));
    expect(standings.get('monitoring')).toBe('good');
    for (const area of riskAreas) if (area !== 'monitoring') expect(standings.get(area)).toBe('unknown');
    expect(overview.answer).toContain('nobody has looked at');
    expect(overview.next).toMatchObject({ link: { page: 'first-run' } });
  });

  it('leads a newcomer to the first run', () => {
    const overview = overviewOf({
      totals: NO_TOTALS,
      reporting: { tools: [], testedRepositories: 0 },
      hasDecisions: false,
    });
    expect(overview).toMatchObject({
      isNew: true,
      standing: 'unknown',
      next: { link: { page: 'first-run' } },
      coverage: { share: null },
    });
  });

  it('says first that an outsider has a way in, from who to what', () => {
    const overview = overviewOf({
      attacks: [makeAttack({ reaches: ['a', 'b', 'c', 'd', 'e'] })],
      totals: { ...NO_TOTALS, repositories: 1, attackPaths: 3, attackedPipelines: 1, openPipelines: 2 },
    });
    expect(overview.answer).toBe(
      'An outsider has 3 ways into what you have; the first begins when anyone opens a pull request.',
    );
    expect(overview.standing).toBe('act');
    expect(overview.next).toEqual({
      text: 'Close the way into acme/shop',
      link: { page: 'attack-path', query: { repository: 'acme/shop', id: 'f1' } },
    });
    expect(overview.attackPaths[0]?.steps).toEqual([
      { kind: 'who', text: 'anyone opens a pull request' },
      { kind: 'what', text: '.github/workflows/label.yml' },
      { kind: 'reaches', text: 'a' },
      { kind: 'reaches', text: 'b' },
      { kind: 'reaches', text: 'c' },
      { kind: 'reaches', text: '2 more' },
    ]);
  });

  it.each([
    [{ severity: 'critical', overdue: 0 }, 'act', '2 open findings, 2 critical'],
    [{ severity: 'low', overdue: 1 }, 'act', '2 open findings, 1 past its day'],
    [{ severity: 'high', overdue: 0 }, 'attention', '2 open findings, 2 of high severity'],
    [{ severity: 'medium', overdue: 0 }, 'attention', '2 open findings'],
    [{ severity: 'low', overdue: 0 }, 'good', '2 open findings, none above low'],
  ] as const)('judges an area with %j as %s', (each, standing, text) => {
    const found = areaOf(
      {
        standing: [{ area: 'privilege', count: 2, first: { id: 'fnd_1', priority: 9 }, ...each }],
        urgent: new Map([['privilege', tracked('A\n  long\ttitle')]]),
      },
      'privilege',
    );
    expect(found).toMatchObject({ standing, facts: [{ text, link: { page: 'findings' } }] });
    expect(found.next).toEqual(
      standing === 'good'
        ? null
        : { text: 'Mend it in acme/shop: A long title', link: { page: 'finding', query: { id: 'fnd_1' } } },
    );
  });

  it('sends first to the finding with the highest priority of the worst areas', () => {
    const first = { id: 'fnd_1', priority: 1 };
    const { next } = overviewOf({
      standing: [
        { area: 'misconfiguration', severity: 'critical', count: 1, overdue: 0, first },
        { area: 'third-parties', severity: 'critical', count: 1, overdue: 0, first },
      ],
      urgent: new Map([
        ['third-parties', tracked('The worst')],
        ['misconfiguration', tracked('Another')],
      ]),
    });
    expect(next?.text).toBe('Mend it in acme/shop: The worst');
  });

  it('counts stored credentials in definitions and resources that hand on a stored secret', () => {
    const changes = {
      totals: { ...NO_TOTALS, repositories: 1, staticCredentials: 3, replaceableCredentials: 2 },
      resources: [
        { name: 'db', uses: 5, stored: false },
        { name: 'old', uses: 2, stored: true },
      ],
      usesByDay: [
        { startMs: TODAY * DAY_MS, outcome: 'issued', count: 6 },
        { startMs: (TODAY - 29) * DAY_MS, outcome: 'issued', count: 1 },
      ],
      storedUsesByDay: [{ startMs: TODAY * DAY_MS, outcome: 'issued', count: 2 }],
    } as const;
    const { coverage } = overviewOf(changes);
    expect(coverage).toMatchObject({
      share: 1 / 5,
      ways: { secretless: 1, stored: 1, inDefinitions: 3 },
      uses: { secretless: 5, stored: 2 },
    });
    expect(coverage.trend).toHaveLength(30);
    expect(coverage.trend.at(-1)).toEqual({ day: '2026-05-30', secretless: 4, stored: 2 });
    expect(coverage.trend[0]).toMatchObject({ secretless: 1, stored: 0 });
    expect(areaOf(changes, 'secrets')).toMatchObject({
      standing: 'attention',
      next: { link: { page: 'static-credentials' } },
    });
  });

  it('takes no silence of a test for good news', () => {
    const silent = {
      reporting: {
        tools: [
          { tool: 'vouchgate', repositories: 4, lastReportMs: NOW_MS },
          { tool: 'zap', repositories: 1, lastReportMs: NOW_MS - 31 * DAY_MS },
        ],
        testedRepositories: 1,
      },
      totals: { ...NO_TOTALS, repositories: 4 },
    };
    const found = areaOf(silent, 'security-testing');
    expect(found.standing).toBe('attention');
    expect(found.facts.map(({ text }) => text)).toEqual([
      'Silent for more than 30 days: zap',
      'No test reports from 3 of 4 repositories',
      '1 tool reports from 1 repository',
    ]);
    const onlyOurs = { tools: silent.reporting.tools.slice(0, 1), testedRepositories: 0 };
    expect(areaOf({ ...silent, reporting: onlyOurs }, 'security-testing').standing).toBe('unknown');
  });

  it('draws what stood open at the end of each of thirty days', () => {
    const { trend } = areaOf(
      {
        trend: [
          { day: TODAY - 30, group: 'secrets', opened: 5, settled: 1 },
          { day: TODAY - 1, group: 'secrets', opened: 1, settled: 0 },
          { day: TODAY, group: 'secrets', opened: 0, settled: 3 },
          { day: TODAY, group: 'privilege', opened: 9, settled: 0 },
        ],
      },
      'secrets',
    );
    expect(trend).toHaveLength(30);
    expect(trend.map(({ open }) => open).slice(-3)).toEqual([4, 5, 2]);
    expect(trend[0]).toEqual({ day: '2026-05-01', open: 4 });
    expect(trend.at(-1)?.day).toBe('2026-05-30');
  });

  it('shows live access, the privileged first', () => {
    const record = makeRecordFacts({
      leases: [lease('db', NOW_MS - 3), lease('db', NOW_MS - 2), lease('cluster', NOW_MS - 1)],
      privileged: new Set(['cluster']),
    });
    const { liveAccess } = overviewOf({ record });
    expect(liveAccess).toMatchObject({ leases: 3, privileged: 1, truncated: false });
    expect(liveAccess?.resources).toMatchObject([
      { resource: 'cluster', privileged: true, leases: 1 },
      { resource: 'db', privileged: false, leases: 2 },
    ]);
  });

  it('says where copies of the record do not arrive', () => {
    const [sink] = makeRecordFacts().sinks;
    if (sink === undefined) throw new Error('no sink');
    const integrity = (changes: Parameters<typeof makeRecordFacts>[0]) =>
      overviewOf({ record: makeRecordFacts(changes) }).integrity;
    expect(integrity({})).toMatchObject({ standing: 'good', entries: 12 });
    expect(integrity({ sinks: [] })).toMatchObject({ standing: 'attention' });
    const log = (changes: Parameters<typeof makeLogStanding>[0]) =>
      integrity({ log: makeLogStanding(changes) });
    expect(log({ witnesses: [] })).toMatchObject({ standing: 'attention' });
    expect(log({ witnessedSize: undefined })).toMatchObject({ standing: 'attention' });
    expect(log({ witnessedSize: 11 })).toMatchObject({ standing: 'good' });
    expect(log({ signedAtMs: undefined })).toMatchObject({ standing: 'unknown', signedAt: null });
    expect(log({ waitingSinceMs: NOW_MS - 1_000 })).toMatchObject({ standing: 'good' });
    expect(log({ waitingSinceMs: NOW_MS - 400_000 })).toMatchObject({ standing: 'act' });
    const down = integrity({ sinks: [{ ...sink, state: 'down' }] });
    expect(down?.facts.at(-1)).toMatchObject({ text: 'No copy reaches siem', standing: 'act' });
    const late = integrity({ sinks: [{ ...sink, oldestUnsentAgeSeconds: 1_000, parked: 2 }] });
    expect(late?.facts.slice(-2).map(({ text }) => text)).toEqual([
      'Copies are late: siem',
      '2 events that a sink will not take',
    ]);
  });

  it('keeps what belongs to no repository from those who do not see all', () => {
    const overview = overviewOf({ record: undefined });
    expect(overview).toMatchObject({ liveAccess: null, integrity: null });
    expect(overview.areas.find(({ area }) => area === 'monitoring')?.standing).toBe('unknown');
  });
});
