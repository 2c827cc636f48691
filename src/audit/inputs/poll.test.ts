import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BoundedResponse } from '#core/bounded-fetch.ts';
import { systemClock } from '#core/clock.ts';
import { Secret } from '#core/secret.ts';
import { nextLink } from './ask-api.ts';
import { cloudTrailFiles } from './cloudtrail/input.ts';
import { githubAuditLog } from './github/input.ts';
import { gitlabAuditEvents } from './gitlab/input.ts';
import type { InputKind, Poller } from './input.ts';

const NOW_MS = 1_767_225_600_000;
const { signal } = new AbortController();

function open(
  kind: InputKind,
  settings: object,
  answers: (Partial<BoundedResponse> & { list?: unknown })[] = [],
) {
  if (kind.mode !== 'poll') throw new TypeError('it is not asked');
  const asked: { url: URL; headers: Readonly<Record<string, string>> }[] = [];
  const poller: Poller = kind.open(kind.settings.parse(settings), {
    clock: kind === cloudTrailFiles ? { nowMs: () => systemClock.nowMs() + 10_000 } : { nowMs: () => NOW_MS },
    resolveSecret: async () => new Secret('the-token'),
    fetch: async (url, { headers = {} }) => {
      asked.push({ url: new URL(url), headers });
      const { list = [], ...rest } = answers.shift() ?? {};
      return { status: 200, headers: {}, body: JSON.stringify(list), ...rest };
    },
  });
  return { poller, asked };
}

const entry = (id: string, timeMs = NOW_MS) => ({ _document_id: id, action: 'a', '@timestamp': timeMs });

describe('the audit log of GitHub', () => {
  const settings = { organization: 'acme', token: { env: 'T' } };

  test('is read from a week back, to its end, and from there on', async () => {
    const link = '<https://api.github.com/orgs/acme/audit-log?after=two>; rel="next", <x>; rel="prev"';
    const { poller, asked } = open(githubAuditLog, settings, [
      { list: [entry('1', NOW_MS - 9), 'nonsense'], headers: { link } },
      { list: [entry('2', NOW_MS - 3)] },
      { list: [entry('2', NOW_MS - 3)] },
    ]);
    const first = await poller.poll(undefined, signal);
    expect([first.records.length, first.refused, first.more]).toEqual([1, 1, true]);
    expect(asked[0]?.url.searchParams.get('phrase')).toBe('created:>=2025-12-24T23:55:00+00:00');
    expect(asked[0]?.headers).toMatchObject({ authorization: 'Bearer the-token' });
    const second = await poller.poll(first.position, signal);
    expect(asked[1]?.url.searchParams.get('after')).toBe('two');
    expect([second.more, second.position]).toEqual([false, String(NOW_MS - 3)]);
    await poller.poll(second.position, signal);
    expect(asked[2]?.url.searchParams.get('phrase')).toBe('created:>=2025-12-31T23:54:59+00:00');
  });

  test.each([
    [{ status: 429, headers: { 'retry-after': '17' } }, 'input_unavailable', 17],
    [
      {
        status: 403,
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW_MS / 1_000 + 90) },
      },
      'input_unavailable',
      90,
    ],
    [{ status: 503 }, 'input_unavailable', 60],
    [{ status: 429, headers: { 'retry-after': '999999999' } }, 'input_unavailable', 3_600],
    [{ status: 403 }, 'input_refused', undefined],
    [{ status: 404 }, 'input_refused', undefined],
    [{ body: '<html>' }, 'input_unreadable', undefined],
    [{ body: '{"message":"no list"}' }, 'input_unreadable', undefined],
  ])('that answers %o fails with %s', async (answer, code, waitSeconds) => {
    const { poller } = open(githubAuditLog, settings, [answer]);
    await expect(poller.poll(undefined, signal)).rejects.toMatchObject({ code, waitSeconds });
  });

  test('never follows a link, or an old position, to another server with its token', async () => {
    const link = '<https://evil.example/orgs/acme/audit-log?after=x>; rel="next"';
    const { poller, asked } = open(githubAuditLog, settings, [{ headers: { link } }]);
    expect((await poller.poll(undefined, signal)).more).toBe(false);
    const stale = JSON.stringify({ next: 'https://other.example/x', newestMs: 1 });
    await expect(poller.poll(stale, signal)).rejects.toMatchObject({ code: 'input_refused' });
    expect(asked.every(({ url }) => url.host === 'api.github.com')).toBe(true);
  });

  test('needs an organization or an enterprise, and not both', () => {
    const parse = (given: object) =>
      githubAuditLog.settings.safeParse({ token: { env: 'T' }, ...given }).success;
    expect([parse({}), parse({ organization: 'a', enterprise: 'b' }), parse({ enterprise: 'b' })]).toEqual([
      false,
      false,
      true,
    ]);
    expect(parse({ organization: '../..' })).toBe(false);
  });
});

describe('the audit events of GitLab', () => {
  test('are read newest first, and only a whole pass moves on', async () => {
    const link = '<https://gitlab.com/api/v4/groups/a%2Fb/audit_events?cursor=2>; rel="next"';
    const event = (id: number) => ({ id, event_type: 'x', created_at: '2026-01-01T00:00:00Z' });
    const { poller, asked } = open(gitlabAuditEvents, { group: 'a/b', token: { env: 'T' } }, [
      { list: [event(2)], headers: { link } },
      { list: [event(1)] },
      {},
    ]);
    const first = await poller.poll(undefined, signal);
    expect(asked[0]?.url.pathname).toBe('/api/v4/groups/a%2Fb/audit_events');
    expect(asked[0]?.headers).toEqual({ 'private-token': 'the-token' });
    expect(first.more).toBe(true);
    const second = await poller.poll(first.position, signal);
    expect([asked[1]?.url.search, second.more]).toEqual(['?cursor=2', false]);
    await poller.poll(second.position, signal);
    expect(asked[2]?.url.searchParams.get('created_after')).toBe('2025-12-31T23:55:00.000Z');
  });
});

describe('the files of CloudTrail', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vouchgate-trail-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const records = (...ids: string[]) =>
    JSON.stringify({
      Records: ids.map((eventID) => ({ eventID, eventName: 'GetObject', eventSource: 's3.a' })),
    });

  test('are read at any depth, once, in the order of their arrival', async () => {
    await mkdir(join(folder, 'AWSLogs', '2026'), { recursive: true });
    await writeFile(join(folder, 'AWSLogs', '2026', 'b.json.gz'), gzipSync(records('1', '2')));
    const { poller } = open(cloudTrailFiles, { folder });
    const first = await poller.poll(undefined, signal);
    expect(first.records.map(({ draft }) => draft.externalId)).toEqual(['1', '2']);
    await writeFile(join(folder, 'a.json'), records('3'));
    const second = await poller.poll(first.position, signal);
    expect(second.records.map(({ draft }) => draft.externalId)).toEqual(['3']);
    expect((await poller.poll(second.position, signal)).records).toEqual([]);
  });

  test('that are broken, huge when unpacked, or links are passed over', async () => {
    await writeFile(join(folder, 'a.json.gz'), 'no gzip');
    await writeFile(join(folder, 'b.json'), '{"Records":');
    await writeFile(join(folder, 'c.json.gz'), gzipSync(Buffer.alloc(80 * 1024 * 1024)));
    await writeFile(join(folder, 'd.json'), records('1'));
    await symlink(join(folder, 'd.json'), join(folder, 'e.json'));
    const { poller } = open(cloudTrailFiles, { folder });
    const poll = await poller.poll(undefined, signal);
    expect([poll.records.length, poll.refused, poll.more]).toEqual([1, 3, false]);
  });

  test('come in portions when there are many', async () => {
    for (let at = 0; at < 45; at += 1) await writeFile(join(folder, `${at}.json`), records(String(at)));
    const { poller } = open(cloudTrailFiles, { folder });
    const seen: (string | undefined)[] = [];
    let position: string | undefined;
    for (let more = true; more; ) {
      const poll = await poller.poll(position, signal);
      seen.push(...poll.records.map(({ draft }) => draft.externalId));
      ({ more, position } = poll);
    }
    expect(new Set(seen).size).toBe(45);
    expect(seen).toHaveLength(45);
  });

  test('in a folder that is not there are a mistake that is named', async () => {
    const { poller } = open(cloudTrailFiles, { folder: join(folder, 'none') });
    await expect(poller.poll(undefined, signal)).rejects.toMatchObject({ code: 'input_refused' });
  });
});

test('a link is read in bounded time', () => {
  const started = performance.now();
  for (const text of [
    '<'.repeat(1_000_000),
    ';'.repeat(1_000_000),
    '<a>;'.repeat(250_000),
    ','.repeat(1_000_000),
  ])
    expect(nextLink(text, 'https://a.example/')).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(1_000);
});
