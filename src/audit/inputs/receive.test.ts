import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '#core/secret.ts';
import { hec } from './hec/input.ts';
import { parseHecBatch } from './hec/parse-batch.ts';
import type { Delivery, InputKind, Receiver } from './input.ts';
import { webhook } from './webhook/input.ts';

const NOW_MS = 1_767_225_600_000;
const TOKEN = ['token', 'of', 'a', 'test'].join('-');

function open(kind: InputKind, settings: object, secret = TOKEN): Receiver {
  if (kind.mode !== 'receive') throw new TypeError('it does not receive');
  return kind.open(kind.settings.parse(settings), {
    clock: { nowMs: () => NOW_MS },
    fetch: () => Promise.reject(new Error('nothing is fetched')),
    resolveSecret: async () => new Secret(secret),
  });
}

function delivery(body: string, headers: Record<string, string> = {}): Delivery {
  return { header: (name) => headers[name], body: Buffer.from(body) };
}

describe('the collector', () => {
  const receiver = open(hec, { token: { env: 'T' } });
  const admit = async (authorization?: string) =>
    (await receiver.admit((name) => (name === 'authorization' ? authorization : undefined)))?.body;

  test('lets in who has the token, and answers others as Splunk does', async () => {
    expect(await admit(`Splunk ${TOKEN}`)).toBeUndefined();
    expect(await admit(`splunk ${TOKEN}`)).toBeUndefined();
    expect(await admit(`Basic ${Buffer.from(`x:${TOKEN}`).toString('base64')}`)).toBeUndefined();
    expect(await admit()).toEqual({ text: 'Token is required', code: 2 });
    expect(await admit(`Bearer ${TOKEN}`)).toEqual({ text: 'Invalid authorization', code: 3 });
    expect(await admit('Splunk wrong')).toEqual({ text: 'Invalid token', code: 4 });
    expect(await admit(`Splunk ${'x'.repeat(1_000_000)}`)).toEqual({
      text: 'Invalid authorization',
      code: 3,
    });
  });

  test('lets nobody in by an empty token', async () => {
    const empty = open(hec, { token: { env: 'T' } }, '');
    expect((await empty.admit(() => 'Basic Og=='))?.status).toBe(403);
  });

  const codeOf = async (body: string) => (await receiver.receive(delivery(body))).body;
  test.each([
    ['', { text: 'No data', code: 5 }],
    [' \n ', { text: 'No data', code: 5 }],
    ['nonsense', { text: 'Invalid data format', code: 6, 'invalid-event-number': 0 }],
    [
      '{"event":{"action":"a"}}{"event":',
      { text: 'Invalid data format', code: 6, 'invalid-event-number': 1 },
    ],
    ['{"time":1}', { text: 'Event field is required', code: 12, 'invalid-event-number': 0 }],
    [
      '{"event":{"action":"a"}} {"event":""}',
      { text: 'Event field cannot be blank', code: 13, 'invalid-event-number': 1 },
    ],
    ['{"event":{"action":"a"}}', { text: 'Success', code: 0 }],
  ])('answers %j with Splunk’s own code', async (body, expected) => {
    expect(await codeOf(body)).toEqual(expected);
  });

  test('takes events one after another, on lines, in a list, and as text', async () => {
    const event = '{"event":{"action":"a","actor_id":1}}';
    const body = `${event}${event}\r\n${event} [${event},${event}]{"event":"{\\"action\\":\\"b\\"}","time":"${NOW_MS / 1_000}"}`;
    const { records } = await receiver.receive(delivery(body));
    expect(records.map(({ draft }) => draft.action)).toEqual(['a', 'a', 'a', 'a', 'a', 'b']);
    expect(records.at(-1)?.draft.timeMs).toBe(NOW_MS);
  });

  test('counts what is no entry, and keeps the rest', async () => {
    const answer = await receiver.receive(delivery('{"event":{"no":"action"}}{"event":{"action":"a"}}'));
    expect([answer.status, answer.records.length, answer.refused]).toEqual([200, 1, 1]);
  });
});

describe('a batch', () => {
  test('is what was joined, whatever the events hold', () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(objects, fc.constantFrom('', '\n', ' \t\r\n'), (events, between) => {
        const plain: unknown = JSON.parse(JSON.stringify(events));
        const batch = parseHecBatch(events.map((event) => JSON.stringify(event)).join(between));
        expect(batch).toEqual({ ok: true, envelopes: plain });
      }),
    );
  });

  test('that is hostile ends in bounded time', () => {
    const started = performance.now();
    for (const text of [
      '{'.repeat(1_000_000),
      '{"a":"'.repeat(200_000),
      '[]'.repeat(500_000),
      '"'.repeat(1_000_000),
    ])
      parseHecBatch(text);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('a webhook', () => {
  const github = open(webhook, { scheme: 'github', secret: { env: 'S' } });
  const gitlab = open(webhook, { scheme: 'gitlab', secret: { env: 'S' } });
  const key = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64');
  const standard = open(webhook, { scheme: 'standard', secret: { env: 'S' } }, `whsec_${key}`);
  const signed = (body: string) => `sha256=${createHmac('sha256', TOKEN).update(body).digest('hex')}`;

  test('of GitHub is taken with the signature of its body', async () => {
    const body = '{"action":"deleted","sender":{"id":7,"login":"octo"},"repository":{"id":74}}';
    const headers = {
      'x-hub-signature-256': signed(body),
      'x-github-event': 'repository',
      'x-github-delivery': 'd',
    };
    const { status, records } = await github.receive(delivery(body, headers));
    expect(status).toBe(200);
    expect(records[0]?.draft).toMatchObject({
      externalId: 'd',
      action: 'repository.deleted',
      keys: ['actor:github/7', 'project:github/74', undefined],
    });
    expect((await github.receive(delivery(`${body} `, headers))).status).toBe(401);
    expect((await github.receive(delivery(body, { ...headers, 'x-hub-signature-256': '' }))).status).toBe(
      401,
    );
  });

  test('of GitLab is taken with its token', async () => {
    const body = '{"object_kind":"pipeline","object_attributes":{"id":5,"status":"failed"},"user":{"id":3}}';
    const headers = { 'x-gitlab-token': TOKEN, 'x-gitlab-event-uuid': 'u' };
    const { records } = await gitlab.receive(delivery(body, headers));
    expect(records[0]?.draft).toMatchObject({ action: 'pipeline', outcome: 'failure', externalId: 'u' });
    expect((await gitlab.receive(delivery(body, { 'x-gitlab-token': 'guess' }))).status).toBe(401);
    expect((await gitlab.receive(delivery(body))).status).toBe(401);
  });

  const sign = (id: string, seconds: number, body: string) =>
    `v1,${createHmac('sha256', Buffer.from(key, 'base64')).update(`${id}.${seconds}.${body}`).digest('base64')}`;

  test.each([
    [0, 200],
    [-299, 200],
    [299, 200],
    [-301, 401],
    [301, 401],
  ])('of Standard Webhooks, %i s off, is answered with %i', async (offSeconds, expected) => {
    const seconds = NOW_MS / 1_000 + offSeconds;
    const body = '{"type":"deploy.done","timestamp":"2026-01-01T00:00:00Z","data":{"principal":"github/x"}}';
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,bm90IGl0 ${sign('msg_1', seconds, body)}`,
    };
    const { status, records } = await standard.receive(delivery(body, headers));
    expect(status).toBe(expected);
    if (status === 200) expect(records[0]?.draft.keys).toContain('principal:github/x');
    const other = { ...headers, 'webhook-id': 'msg_2' };
    expect((await standard.receive(delivery(body, other))).status).toBe(401);
  });

  test.each(['nonsense', '[]', 'null', '{}'])(
    'that is signed but no webhook is refused: %s',
    async (body) => {
      const answer = await github.receive(delivery(body, { 'x-hub-signature-256': signed(body) }));
      expect([answer.status, answer.records]).toEqual([400, []]);
    },
  );

  test('is not taken by an empty secret', async () => {
    const empty = open(webhook, { scheme: 'gitlab', secret: { env: 'S' } }, '');
    expect((await empty.receive(delivery('{}'))).status).toBe(401);
  });
});
