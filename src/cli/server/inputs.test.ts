import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TimelinePage } from '#api/timeline.ts';
import type { AuditEvent } from '#audit/event.ts';
import { systemClock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { createRecordingLogger } from '#credentials/credential-provider.fakes.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import type { Storage } from '#storage/storage.ts';
import { hashToken, newSessionToken } from '#server/secret-tokens.ts';
import { runCli } from '../testing/run-cli.ts';
import { type RunningServer, startServer } from './start-server.ts';

const HEC_TOKEN = ['hec', 'for', 'tests'].join('-');
const HOOK_SECRET = ['hook', 'for', 'tests'].join('-');
const METRICS_TOKEN = ['metrics', 'for', 'tests'].join('-');

/** A file of a trail counts when it has been still for a few seconds, so the server's clock runs ahead of the disk's. */
const clock = { nowMs: () => systemClock.nowMs() + 10_000 };
const ENTRY_MS = systemClock.nowMs() - 60_000;
const DECISION = newId('dec', systemClock);

let folder: string;
let storage: Storage;
let server: RunningServer;
let github: { server: Server; url: string; requests: string[] };
let log: ReturnType<typeof createRecordingLogger>;

/** Answers two pages of an audit log, by a link to the second, and nothing newer after that. */
async function startGithub(): Promise<typeof github> {
  const requests: string[] = [];
  const entry = (id: string) => ({
    _document_id: id,
    '@timestamp': ENTRY_MS,
    action: 'repo.create',
    actor: 'octo',
    actor_id: 583_231,
    repo: 'acme/shop',
    repo_id: 74,
  });
  const fake = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.authorization}`);
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    const first = requests.length === 1;
    if (first) response.setHeader('link', `<${url.origin}${url.pathname}?after=c2>; rel="next"`);
    response.end(JSON.stringify(first ? [entry('a'), { nonsense: true }] : [entry('a'), entry('b')]));
  });
  await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve));
  const address = fake.address();
  return {
    server: fake,
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    requests,
  };
}

function configuration(): string {
  return `version: 1
url: http://127.0.0.1:8440
network: { allowPrivateHosts: ['127.0.0.1'] }
telemetry: { metrics: { access: token, token: { env: METRICS } } }
inputs:
  sources:
    stream: { type: hec, token: { env: HEC } }
    hook: { type: webhook, scheme: github, secret: { env: HOOK } }
    trail: { type: cloudtrail-files, folder: ${folder} }
    audit: { type: github-audit-log, organization: acme, apiUrl: '${github.url}', token: { env: GH } }
`;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vouchgate-inputs-'));
  github = await startGithub();
  storage = openMemoryStorage();
  await storage.events.append([decisionEvent(DECISION)]);
  await writeTrail();
  log = createRecordingLogger();
  server = await startServer({
    storage,
    masterKey: Buffer.alloc(32, 1),
    readFiles: async () => ({ 'vouchgate.yaml': configuration() }),
    listen: { host: '127.0.0.1', port: 0 },
    tls: undefined,
    env: { HEC: HEC_TOKEN, HOOK: HOOK_SECRET, GH: 'gh-test', METRICS: METRICS_TOKEN },
    clock,
    log,
  });
  expect(server.problems).toEqual([]);
});
afterEach(async () => {
  await server.close();
  github.server.close();
  await rm(folder, { recursive: true });
});

async function openSession(): Promise<string> {
  const [link, token] = [newSessionToken().reveal(), newSessionToken().reveal()];
  const nowMs = systemClock.nowMs();
  await storage.sessions.addAdminLink({
    tokenHash: hashToken(link),
    createdAtMs: nowMs,
    expiresAtMs: nowMs + 60_000,
  });
  const session = {
    id: newId('ses', systemClock),
    tokenHash: hashToken(token),
    subject: 'admin',
    name: undefined,
    signedInBy: 'link' as const,
    issuer: undefined,
    groups: [],
    browser: false,
    client: undefined,
    sourceIp: undefined,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + 600_000,
    lastUsedAtMs: nowMs,
    revokedAtMs: undefined,
  };
  await storage.sessions.redeemAdminLink(hashToken(link), session, nowMs);
  return token;
}

async function timeline(query: string): Promise<TimelinePage> {
  const headers = { authorization: `Bearer ${await openSession()}` };
  const answer = await fetch(`${server.url}/v1/timeline?${query}`, { headers });
  expect(answer.status).toBe(200);
  return TimelinePage.parse(await answer.json());
}

/** Asks until as many entries are there as expected, or the time is over. */
async function untilEntries(query: string, count: number): Promise<TimelinePage['entries']> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const { entries } = await timeline(query);
    if (entries.length >= count) return entries;
    await delay(100);
  }
  return (await timeline(query)).entries;
}

function decisionEvent(decision: string): AuditEvent {
  return {
    id: newId('evt', systemClock),
    timeMs: systemClock.nowMs(),
    type: 'decision.allowed',
    actor: { kind: 'workload', id: 'github/repo:acme/shop' },
    decision,
    resource: 'cloud',
    body: { identity: { platform: 'github-actions', actor: { id: '583231' }, project: { id: '74' } } },
  };
}

async function writeTrail(): Promise<void> {
  const record = {
    eventID: 'e-1',
    eventTime: '2026-01-01T00:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'GetObject',
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROAEXAMPLE:vouchgate-${DECISION}`,
      arn: `arn:aws:sts::000000000000:assumed-role/deploy/vouchgate-${DECISION}`,
    },
    responseElements: { credentials: { sessionToken: 'must not be kept' } },
  };
  const packed = gzipSync(JSON.stringify({ Records: [record] }));
  await writeFile(join(folder, 'trail.json.gz'), packed);
  await writeFile(join(folder, 'broken.json.gz'), packed.subarray(0, 40));
}

describe('what others tell', () => {
  test('an audit log is read page by page, once, and stands under who it was', async () => {
    // Beside the decision for this person’s job, and what was done with its credential.
    const entries = await untilEntries('actor=github/583231', 4);
    const ids = entries.map((entry) => (entry.origin === 'input' ? entry.activity.external_id : 'ours'));
    expect(ids.toSorted()).toEqual(['a', 'b', 'e-1', 'ours']);
    expect(github.requests[0]).toContain('order=asc');
    expect(github.requests[0]).toContain('Bearer gh-test');
    expect(github.requests[1]).toContain('after=c2');
    expect(await storage.activity.cursor('audit')).toMatchObject({ position: String(ENTRY_MS) });
  });

  test('a session at a cloud is joined to the workload that got it', async () => {
    const entries = await untilEntries('principal=github/repo:acme/shop', 2);
    expect(entries.map(({ origin }) => origin)).toEqual(['vouchgate', 'input']);
    const [, joined] = entries;
    if (joined?.origin !== 'input') throw new TypeError('no activity');
    expect(joined.activity).toMatchObject({ action: 's3:GetObject', input: 'trail' });
    expect(joined.activity.raw).not.toContain('must not be kept');
    expect(await untilEntries('resource=cloud', 2)).toHaveLength(2);
    expect(await untilEntries(`decision=${DECISION}`, 2)).toHaveLength(2);
  });

  test('a collector takes batches, packed or not, and keeps each event once', async () => {
    const event = (id: string) =>
      JSON.stringify({ time: 1_767_225_600, event: { _document_id: id, action: 'git.push', actor_id: 9 } });
    const send = (body: Buffer | string, headers: Record<string, string> = {}) =>
      fetch(`${server.url}/services/collector/event`, {
        method: 'POST',
        body,
        headers: { authorization: `Splunk ${HEC_TOKEN}`, ...headers },
      });
    const first = await send(`${event('1')}${event('2')}\n`);
    expect([first.status, await first.json()]).toEqual([200, { text: 'Success', code: 0 }]);
    const again = await send(gzipSync(event('2') + event('3')), { 'content-encoding': 'gzip' });
    expect(again.status).toBe(200);
    expect((await timeline('actor=github/9')).entries).toHaveLength(3);
    const wrong = await send(event('4'), { authorization: 'Splunk guess' });
    expect([wrong.status, await wrong.json()]).toEqual([403, { text: 'Invalid token', code: 4 }]);
    expect((await fetch(`${server.url}/services/collector/health`)).status).toBe(200);
    const raw = await fetch(`${server.url}/services/collector/raw`, { method: 'POST', body: 'a line' });
    expect([raw.status, await raw.json()]).toMatchObject([400, { code: 6 }]);
    const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
    const figures = await (await fetch(`${server.url}/metrics`, { headers })).text();
    expect(figures).toContain('vouchgate_input_records_total{input="stream",outcome="stored"} 3');
    expect(figures).toContain('vouchgate_input_records_total{input="stream",outcome="repeated"} 1');
    expect(figures).not.toContain('acme');
  });

  test('a webhook is taken with its signature only, and a replay changes nothing', async () => {
    const body = JSON.stringify({ action: 'completed', sender: { id: 11 }, workflow_run: { id: 5 } });
    const send = (signature: string) =>
      fetch(`${server.url}/v1/inputs/hook`, {
        method: 'POST',
        body,
        headers: {
          'x-hub-signature-256': signature,
          'x-github-event': 'workflow_run',
          'x-github-delivery': 'd-1',
        },
      });
    const signature = `sha256=${createHmac('sha256', HOOK_SECRET).update(body).digest('hex')}`;
    expect((await send(signature)).status).toBe(200);
    expect((await send(signature)).status).toBe(200);
    expect((await send(signature.replace(/.$/, (last) => (last === '0' ? '1' : '0')))).status).toBe(401);
    expect((await timeline('run=github/5')).entries).toHaveLength(1);
    expect((await fetch(`${server.url}/v1/inputs/nobody`, { method: 'POST', body })).status).toBe(404);
  });

  test('a person who signs in stands in the timeline of our own record', async () => {
    await storage.events.append([
      {
        id: newId('evt', systemClock),
        timeMs: systemClock.nowMs(),
        type: 'session.opened',
        actor: { kind: 'person', id: 'admin' },
        body: {},
      },
    ]);
    const [entry] = await untilEntries('actor=vouchgate/admin', 1);
    expect(entry?.origin === 'vouchgate' && entry.event.type).toBe('session.opened');
  });

  test('figures are for who holds the token', async () => {
    expect((await fetch(`${server.url}/metrics`)).status).toBe(401);
    const headers = { authorization: 'Bearer guess' };
    expect((await fetch(`${server.url}/metrics`, { headers })).status).toBe(401);
  });

  test('the command line prints a timeline, and nothing of it reaches the terminal raw', async () => {
    const event = { _document_id: '1', action: 'git.push\u001b[31m', actor_id: 9, actor: 'a\u202eb\nc' };
    await fetch(`${server.url}/services/collector/event`, {
      method: 'POST',
      body: JSON.stringify({ event }),
      headers: { authorization: `Splunk ${HEC_TOKEN}` },
    });
    const env = { VOUCHGATE_URL: server.url, VOUCHGATE_SESSION_TOKEN: await openSession() };
    const shown = await runCli(['audit', 'timeline', '--actor', 'github/9'], { env });
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/^\S+Z {2}stream {2}github\/9 \(a b c\) {2}git\.push \[31m {2,4}success\n$/);
    const json = await runCli(['audit', 'timeline', '--actor', 'github/9', '--format', 'json'], { env });
    expect(TimelinePage.parse(JSON.parse(json.stdout)).entries).toHaveLength(1);
    const [none, two] = [
      ['audit', 'timeline'],
      ['audit', 'timeline', '--run', 'a', '--actor', 'b'],
    ];
    expect((await runCli(none, { env })).stderr).toContain('a timeline is of one identity');
    expect((await runCli(two, { env })).stderr).toContain('a timeline is of one identity');
  });
});
