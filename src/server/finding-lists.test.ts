import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReportedFinding } from '#findings/reported-finding.ts';
import { FindingOrder } from '#api/finding.ts';
import { RiskArea } from '#api/risk-area.ts';
import { riskAreas } from '#findings/risk-area.ts';
import { findingOrders } from '#findings/search/ports.ts';
import { sampleImport, sampleReported } from '#findings/testing/sample-reported-finding.ts';
import { problemIn, startTestServer, type TestServer, valueOf } from './server.fake.ts';

const DAY_MS = 86_400_000;

let server: TestServer;
let token: string;
beforeEach(async () => {
  server = await startTestServer();
  token = server.openSession();
});
afterEach(() => server.close());

async function take(repository: string, ...findings: Partial<ReportedFinding>[]): Promise<void> {
  await server.findings.tracker.takeIn({
    report: sampleImport(
      findings.map((changes, index) => sampleReported({ snippet: `${repository} ${index}`, ...changes })),
    ),
    name: 'a.json',
    repository,
    actor: { kind: 'person', id: 'admin' },
  });
}

const get = (path: string, as = token) => server.call({ path, token: as });
const list = async (query: string) => valueOf('listFindings', await get(`/v1/findings?${query}`)).findings;

describe('the list of findings', () => {
  it('has the same words in the API as in the room', () => {
    expect(FindingOrder.options).toEqual([...findingOrders]);
    expect(RiskArea.options).toEqual([...riskAreas]);
  });

  it('is searched by words, and filtered by area and by what to do first', async () => {
    await take(
      'acme/shop',
      { ruleId: 'r1', title: 'Remote code by SQL', cwe: [89], severity: 'critical' },
      { ruleId: 'r2', title: 'A token in the open', kind: 'secret', severity: 'low', cwe: [] },
    );
    expect((await list('q=SQL%20remote')).map(({ rule }) => rule)).toEqual(['r1']);
    expect((await list('area=secrets')).map(({ rule, area }) => [rule, area])).toEqual([['r2', 'secrets']]);
    expect((await list('band=now,soon')).map(({ rule }) => rule)).toEqual(['r1']);
    expect((await list('band=later')).map(({ rule }) => rule)).toEqual(['r2']);
    expect(problemIn(await get('/v1/findings?area=everything')).code).toBe('request_invalid');
  });

  it('goes on in its own order only', async () => {
    await take('acme/shop', { ruleId: 'r1' }, { ruleId: 'r2' });
    const page = valueOf('listFindings', await get('/v1/findings?sort=priority&limit=1'));
    expect(page.next).not.toBeNull();
    const after = encodeURIComponent(page.next ?? '');
    expect(await list(`sort=priority&limit=1&after=${after}`)).toHaveLength(1);
    for (const wrong of [after.replace('priority', 'due'), 'priority.x.y', 'priority.1e3.fnd_a', '..']) {
      const answer = await get(`/v1/findings?sort=priority&after=${wrong}`);
      expect(problemIn(answer).code).toBe('request_invalid');
    }
  });

  it('is counted by facet and by day under the filter', async () => {
    await take('acme/shop', { ruleId: 'r1', severity: 'low' }, { ruleId: 'r2' });
    server.time.nowMs += DAY_MS;
    token = server.openSession();
    await take('acme/shop', { ruleId: 'r2', snippet: 'acme/shop 1' });
    const { total, facets } = valueOf(
      'countFindingFacets',
      await get('/v1/findings/facets?severity=low&state=fixed'),
    );
    expect(total).toBe(1);
    expect(facets.severity).toEqual([{ value: 'low', count: 1 }]);
    expect(facets.state).toEqual([{ value: 'fixed', count: 1 }]);
    const { days } = valueOf('getFindingTrend', await get('/v1/findings/trend?days=3'));
    expect(days.map(({ open, opened, settled }) => [open.low, open.high, opened, settled])).toEqual([
      [0, 0, 0, 0],
      [1, 1, 2, 0],
      [0, 1, 0, 1],
    ]);
    expect(problemIn(await get('/v1/findings/trend?days=9999')).code).toBe('request_invalid');
  });

  it('puts those that mean the same together, each once over all pages', async () => {
    await take(
      'acme/shop',
      { ruleId: 'r1', severity: 'high' },
      { tool: 'other', ruleId: 'eval', severity: 'low' },
      { ruleId: 'alone', place: { file: 'z.ts' }, severity: 'medium' },
    );
    const seen: string[][] = [];
    for (let after = ''; ; ) {
      const { clusters, next } = valueOf(
        'listFindingClusters',
        await get(`/v1/findings/clusters?limit=1${after}`),
      );
      for (const { first, others } of clusters) seen.push([first.rule, ...others.map(({ rule }) => rule)]);
      if (next === null) break;
      after = `&after=${encodeURIComponent(next)}`;
    }
    expect(seen).toEqual([['r1', 'eval'], ['alone']]);
    const [found] = await list('tool=other');
    const same = valueOf('listSameFindings', await get(`/v1/findings/${found?.id}/same`));
    expect(same).toMatchObject({ reasons: ['same-weakness'], findings: [{ rule: 'r1' }] });
  });
});

describe('somebody who sees one team', () => {
  it('sees, counts and decides about nothing of others', async () => {
    await take('acme/shop', { ruleId: 'ours', kind: 'secret' });
    await take('acme/pay', { ruleId: 'theirs', kind: 'secret' });
    const [theirs] = await list('rule=theirs');
    const team = server.openSessionAs('shop-devs');
    const listed = valueOf('listFindings', await get('/v1/findings', team)).findings;
    expect(listed.map(({ rule }) => rule)).toEqual(['ours']);
    expect(valueOf('listFindings', await get('/v1/findings?repository=acme/pay', team)).findings).toEqual([]);
    const { total, facets } = valueOf('countFindingFacets', await get('/v1/findings/facets', team));
    expect([total, facets.repository, facets.rule]).toEqual([
      1,
      [{ value: 'acme/shop', count: 1 }],
      [{ value: 'ours', count: 1 }],
    ]);
    const { clusters } = valueOf('listFindingClusters', await get('/v1/findings/clusters', team));
    expect(clusters.map(({ first }) => first.rule)).toEqual(['ours']);
    const { days } = valueOf('getFindingTrend', await get('/v1/findings/trend?days=1', team));
    expect(days[0]?.opened).toBe(1);
    const counts = await get('/v1/findings/counts?repository=acme/pay', team);
    expect(valueOf('countFindings', counts).counts).toEqual([]);
    const groups = await get('/v1/findings/groups?repository=acme/pay', team);
    expect(valueOf('groupFindings', groups).groups).toEqual([]);
    for (const path of [`/v1/findings/${theirs?.id}`, `/v1/findings/${theirs?.id}/same`]) {
      expect(problemIn(await get(path, team)).code).toBe('finding_unknown');
    }
    const { reports } = valueOf('listReports', await get('/v1/reports', team));
    expect(reports.map(({ repository }) => repository)).toEqual(['acme/shop']);
    const others = valueOf('listReports', await get('/v1/reports?repository=acme/pay', team));
    expect(others.reports).toEqual([]);
    expect(problemIn(await get('/v1/lesson?tool=sample&rule=theirs', team)).code).toBe('not_found');
    const overview = valueOf('getOverview', await get('/v1/overview', team));
    expect(JSON.stringify(overview)).not.toContain('acme/pay');
    expect(overview).toMatchObject({ liveAccess: null, integrity: null });
  });

  it('cannot decide or bring reports for others, even where the role may', async () => {
    await take('acme/pay', { ruleId: 'theirs' });
    const [theirs] = await list('rule=theirs');
    const team = server.openSessionAs('shop-devs');
    const decision = { action: 'false-positive', reason: 'no' };
    const one = await server.call({
      path: `/v1/findings/${theirs?.id}/triage`,
      token: team,
      json: { decision },
    });
    expect(problemIn(one).code).toBe('finding_unknown');
    const json = { findings: [theirs?.id ?? ''], decision };
    const many = await server.call({ path: '/v1/findings/triage', token: team, json });
    expect(valueOf('triageFindings', many)).toEqual({ decided: [], unknown: [theirs?.id] });
    const report = await server.call({
      method: 'POST',
      path: '/v1/reports?repository=acme/pay',
      token: team,
      body: '{}',
    });
    expect(problemIn(report).code).toBe('access_denied');
    expect((await list('rule=theirs')).map(({ state }) => state)).toEqual(['new']);
  });
});

describe('rules', () => {
  it('are listed, and teach what goes wrong and how it is mended', async () => {
    const { rules } = valueOf('listRules', await get('/v1/rules'));
    expect(rules).toMatchObject([{ id: 'sample-eval', area: 'code-injection' }]);
    const rule = valueOf('getRule', await get('/v1/rules/sample-eval'));
    expect(rule).toMatchObject({
      vulnerable: [{ file: 'a.yml', language: 'yaml', text: 'run: eval' }],
      mended: [{ text: 'run: safe' }],
      standards: ['CICD-SEC-4', 'CWE-95', 'CIS 2.3.1'],
      incident: null,
    });
    expect(problemIn(await get('/v1/rules/__proto__')).code).toBe('not_found');
  });

  it('of another tool are what it said, and ours that mean the same', async () => {
    await take('acme/shop', { remedy: 'Parse it.', references: ['https://acme.example/eval'] });
    const lesson = valueOf('getLesson', await get('/v1/lesson?tool=sample&rule=no-eval'));
    expect(lesson).toMatchObject({
      reported: { title: 'eval runs text', remedy: 'Parse it.', cwe: [95] },
      open: 1,
      area: 'code-injection',
      ours: [{ id: 'sample-eval' }],
    });
    const own = valueOf('getLesson', await get('/v1/lesson?tool=vouchgate&rule=sample-eval'));
    expect(own).toMatchObject({ reported: null, open: 0, ours: [{ id: 'sample-eval' }] });
    expect(problemIn(await get('/v1/lesson?tool=constructor&rule=__proto__')).code).toBe('not_found');
  });
});

describe('the overview', () => {
  it('is made of what came in, and is a few seconds old at most', async () => {
    const before = valueOf('getOverview', await get('/v1/overview'));
    await take('acme/shop', { ruleId: 'token', kind: 'secret', severity: 'critical' });
    expect(valueOf('getOverview', await get('/v1/overview'))).toEqual(before);
    server.time.nowMs += 6_000;
    const after = valueOf('getOverview', await get('/v1/overview'));
    expect(after.areas.find(({ area }) => area === 'secrets')).toMatchObject({
      standing: 'act',
      next: { link: { page: 'finding' } },
    });
    expect(after.standing).toBe('act');
  });
});
