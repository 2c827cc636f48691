import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleImport, sampleReported } from '#findings/testing/sample-reported-finding.ts';
import { FindingKind, FindingSeverity, FindingState } from '#api/finding.ts';
import { findingKinds } from '#findings/reported-finding.ts';
import { severities } from '#findings/severity.ts';
import { findingStates } from '#findings/tracking/tracked-finding.ts';
import { problemIn, startTestServer, type TestServer, valueOf } from './server.fake.ts';

const SARIF = {
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'AcmeScan', rules: [{ id: 'r1' }] } },
      results: [
        {
          ruleId: 'r1',
          level: 'error',
          message: { text: 'eval of a request' },
          locations: [
            { physicalLocation: { artifactLocation: { uri: 'src/a.ts' }, region: { startLine: 3 } } },
          ],
        },
      ],
    },
  ],
};

let server: TestServer;
let token: string;
beforeEach(async () => {
  server = await startTestServer();
  token = server.openSession();
});
afterEach(() => server.close());

const importReport = (body: string | Buffer, query = 'repository=acme/shop', headers = {}) =>
  server.call({ method: 'POST', path: `/v1/reports?${query}`, token, body, headers });

async function take(...findings: Parameters<typeof sampleReported>[0][]): Promise<void> {
  await server.findings.tracker.takeIn({
    report: sampleImport(findings.map((changes) => sampleReported(changes))),
    name: 'a.json',
    repository: 'acme/shop',
    actor: { kind: 'person', id: 'admin' },
  });
}

const get = (path: string) => server.call({ path, token });

describe('a report', () => {
  it('is taken in, plain or gzipped, and the second time nothing is new', async () => {
    const text = JSON.stringify(SARIF);
    const first = valueOf(
      'importReport',
      await importReport(text, 'repository=acme/shop&branch=main&name=a.sarif'),
    );
    expect(first).toMatchObject({
      repository: 'acme/shop',
      name: 'a.sarif',
      by: 'admin',
      counts: [{ tool: 'acmescan', target: 'branch=main', new: 1, fixed: 0 }],
    });
    const zipped = await importReport(gzipSync(text), 'repository=acme/shop&branch=main', {
      'content-encoding': 'gzip',
      'content-type': 'application/json',
    });
    expect(valueOf('importReport', zipped).counts).toMatchObject([{ new: 0, stillThere: 1, fixed: 0 }]);
    const { reports } = valueOf('listReports', await get('/v1/reports?repository=acme/shop'));
    expect(reports).toHaveLength(2);
    expect(reports[1]).toEqual(first);
  });

  it.each([
    ['{"neither": "nor"}', 'repository=a', {}, 'report_unknown'],
    ['', 'repository=a', {}, 'report_unknown'],
    ['<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', 'repository=a', {}, 'report_refused'],
    ['{}', '', {}, 'request_invalid'],
    ['{}', 'repository=%00', {}, 'request_malformed'],
    ['{}', `repository=${'a'.repeat(201)}`, {}, 'request_invalid'],
    ['{}', 'repository=%20', {}, 'repository_invalid'],
    ['not gzip', 'repository=a', { 'content-encoding': 'gzip' }, 'request_malformed'],
    ['{}', 'repository=a', { 'content-encoding': 'br' }, 'media_type_unsupported'],
  ])('%j with %s is refused and stores nothing', async (body, query, headers, code) => {
    const answer = await importReport(body === '{}' ? JSON.stringify(SARIF) : body, query, headers);
    expect(problemIn(answer).code).toBe(code);
    expect(await server.findings.store.counts({}, 0)).toEqual([]);
  });

  it('may not grow beyond bounds when it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(80_000_000, ' '));
    const answer = await importReport(bomb, 'repository=a', { 'content-encoding': 'gzip' });
    expect(problemIn(answer).code).toBe('body_too_large');
  });

  it('comes from somebody who is known', async () => {
    const answer = await server.call({ method: 'POST', path: '/v1/reports?repository=a', body: '{}' });
    expect(problemIn(answer).code).toBe('authentication_required');
  });
});

describe('findings', () => {
  it('have the same words in the API as everywhere', () => {
    expect(FindingState.options).toEqual([...findingStates]);
    expect(FindingSeverity.options).toEqual([...severities]);
    expect(FindingKind.options).toEqual([...findingKinds]);
  });

  it('are listed worst first, in pages, by filters', async () => {
    await take(
      { severity: 'low', ruleId: 'a' },
      { severity: 'critical', ruleId: 'b' },
      { severity: 'high', ruleId: 'c' },
    );
    const first = valueOf('listFindings', await get('/v1/findings?limit=2'));
    expect(first.findings.map(({ rule }) => rule)).toEqual(['b', 'c']);
    const second = valueOf('listFindings', await get(`/v1/findings?limit=2&after=${first.next}`));
    expect(second).toMatchObject({ findings: [{ rule: 'a' }], next: null });
    const filtered = await get(
      '/v1/findings?severity=critical,low&state=new&tool=sample&repository=acme/shop',
    );
    expect(valueOf('listFindings', filtered).findings.map(({ rule }) => rule)).toEqual(['b', 'a']);
    expect(valueOf('listFindings', await get('/v1/findings?overdue=true')).findings).toEqual([]);
    server.time.nowMs += 8 * 86_400_000;
    token = server.openSession();
    const overdue = valueOf('listFindings', await get('/v1/findings?overdue=true')).findings;
    expect(overdue).toMatchObject([{ rule: 'b', overdue: true }]);
    expect(problemIn(await get('/v1/findings?after=high.x')).code).toBe('request_invalid');
    expect(problemIn(await get('/v1/findings?state=gone')).code).toBe('request_invalid');
    const { counts } = valueOf('countFindings', await get('/v1/findings/counts?repository=acme/shop'));
    expect(counts).toHaveLength(3);
  });

  it('are shown with all that the tool said, and their history', async () => {
    await take({
      cvss: { score: 9.8, vector: 'CVSS:3.1/AV:N' },
      decision: { state: 'accepted', reason: 'by the tool' },
      place: { file: 'a.ts', line: 1, package: { name: 'p', fixedVersions: ['2'], dependencyPath: ['x'] } },
    });
    const [listed] = valueOf('listFindings', await get('/v1/findings')).findings;
    const shown = valueOf('getFinding', await get(`/v1/findings/${listed?.id}`));
    expect(shown).toMatchObject({
      ...listed,
      // What the tool decided is shown, and counts only where it is trusted.
      state: 'new',
      toolDecision: { state: 'accepted', reason: 'by the tool' },
      cvss: { score: 9.8 },
      history: [],
    });
    expect(problemIn(await get('/v1/findings/fnd_none')).code).toBe('finding_unknown');
    expect(problemIn(await get('/v1/findings/__proto__')).code).toBe('finding_unknown');
  });

  it('say what to do first, and the one that is shown says why', async () => {
    await take(
      { severity: 'critical', confidence: 'high', exploited: true, ruleId: 'a' },
      { severity: 'low' },
    );
    const { findings, priorityWarnings } = valueOf('listFindings', await get('/v1/findings'));
    expect(findings.map(({ priority }) => priority)).toEqual([
      { score: 100, band: 'now' },
      { score: 14, band: 'later' },
    ]);
    expect(priorityWarnings).toEqual(['the KEV feed is not read yet']);
    const shown = valueOf('getFinding', await get(`/v1/findings/${findings[1]?.id}`));
    expect(shown.priority).toMatchObject({ score: 14, band: 'later' });
    expect(shown.priority.factors.map(({ name, value }) => [name, value])).toEqual([
      ['severity', 10],
      ['confidence', 0.9],
      ['exploitability', 1],
      ['exposure', 1],
      ['reach', 1.5],
    ]);
    expect(shown.priority.factors.at(-1)?.because).toContain('reach production');
    expect(shown.priorityWarnings).toEqual(priorityWarnings);
  });

  it('are decided about, one or many', async () => {
    await take({ ruleId: 'a' }, { ruleId: 'b' });
    const ids = valueOf('listFindings', await get('/v1/findings')).findings.map(({ id }) => id);
    const [id = ''] = ids;
    const until = new Date(server.time.nowMs + 86_400_000).toISOString();
    const one = await server.call({
      path: `/v1/findings/${id}/triage`,
      token,
      json: { decision: { action: 'accept', owner: 'shop', reason: 'tests', until } },
    });
    expect(valueOf('triageFinding', one)).toMatchObject({
      state: 'waived',
      acceptance: { owner: 'shop', until, by: 'admin' },
      history: [{ kind: 'accepted', by: 'admin' }],
    });
    const many = await server.call({
      path: '/v1/findings/triage',
      token,
      json: { findings: [...ids, 'fnd_none'], decision: { action: 'false-positive', reason: 'no' } },
    });
    expect(valueOf('triageFindings', many)).toEqual({ decided: ids.toSorted(), unknown: ['fnd_none'] });
    const past = { action: 'accept', owner: 'o', reason: 'r', until: '2001-01-01T00:00:00Z' };
    const bad = await server.call({ path: `/v1/findings/${id}/triage`, token, json: { decision: past } });
    expect(problemIn(bad).code).toBe('triage_invalid');
    const none = await server.call({
      path: '/v1/findings/fnd_00000000000000000000000000/triage',
      token,
      json: { decision: { action: 'comment', note: 'x' } },
    });
    expect(problemIn(none).code).toBe('finding_unknown');
  });

  it('that mean the same stand in one group, each with its own life', async () => {
    await take({}, { tool: 'other', ruleId: 'eval', cwe: [], verified: true }, { ruleId: 'else', cwe: [1] });
    const { groups, truncated } = valueOf(
      'groupFindings',
      await get('/v1/findings/groups?repository=acme/shop'),
    );
    expect(truncated).toBe(false);
    expect(groups).toMatchObject([
      { reasons: ['same-rule'], severity: 'high', priority: { score: 97, band: 'now' } },
    ]);
    expect(groups[0]?.findings.map(({ tool }) => tool).sort()).toEqual(['other', 'sample']);
  });
});
