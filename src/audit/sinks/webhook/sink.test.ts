import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { makeEvent, ORIGIN } from '../../outbox/delivery.fake.ts';
import { type FakeAnswer, FakeReceiver, type FakeRequest } from '../receiver.fake.ts';
import { describeSink, isPoison } from '../sink.contract.ts';
import type { SinkBatch, SinkContext } from '../sink.ts';
import { sink } from './sink.ts';

const OLD = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const NEW = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

/** As a receiver that follows Standard Webhooks: with either key, and each message once. */
function verify({ headers, body }: FakeRequest, secret: string): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const wanted = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return headers['webhook-signature']?.split(' ').includes(wanted) === true;
}

describeSink({
  kind: sink,
  idempotent: false,
  parkedForPoison: 'one',
  open: async () => {
    const stored: unknown[] = [];
    const seen = new Set<string>();
    const handle = (request: FakeRequest): FakeAnswer => {
      if (!verify(request, OLD) || !verify(request, NEW)) return { status: 401 };
      const { type, data, log } = JSON.parse(request.body) as {
        type: string;
        data: unknown[];
        log: { first: number; last: number; checkpoint?: string };
      };
      expect(type).toBe('vouchgate.audit.events');
      expect(log.last - log.first + 1).toBe(data.length);
      expect(log.checkpoint).toContain(ORIGIN);
      if (isPoison(request.body)) return { status: 422 };
      const id = request.headers['webhook-id'] ?? '';
      if (!seen.has(id)) stored.push(...data);
      seen.add(id);
      return { status: 204 };
    };
    const receiver = await new FakeReceiver(handle).listen();
    return {
      receiver,
      settings: { url: `${receiver.url}/hook`, secrets: [{ env: 'OLD' }, { env: 'NEW' }] },
      secrets: { OLD, NEW },
      copy: () => stored,
    };
  },
});

describe('the webhook', () => {
  const contextOf = (secret: string, status: number): SinkContext => ({
    clock: { nowMs: () => 1_800_000_000_500 },
    log: silentLogger,
    fetch: async () => ({ status, headers: {}, body: '' }),
    allowPrivateHosts: [],
    resolveSecret: async () => new Secret(secret),
    sleep: async () => {},
  });
  const settings = sink.settings.parse({ url: 'https://hook.acme.example/in', secrets: [{ env: 'KEY' }] });
  const event = makeEvent(1);
  const text = JSON.stringify(event);
  const batch: SinkBatch = {
    origin: ORIGIN,
    checkpoint: undefined,
    documents: [{ event, index: 1, text, bytes: text.length }],
  };

  it('stops at 410: the endpoint wants no more', async () => {
    const opened = await sink.open(settings, contextOf(OLD, 410));
    const result = await opened.send(batch, new AbortController().signal);
    expect(result).toMatchObject({ settled: 0, trouble: { kind: 'stopped', code: 'http_410' } });
  });

  it('refuses a secret that is too short or not of the form, without showing it', async () => {
    const short = `whsec_${Buffer.alloc(8, 1).toString('base64')}`;
    for (const secret of [short, 'plainsecretvalue']) {
      const failure: unknown = await sink
        .open(settings, contextOf(secret, 200))
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'webhook_secret_invalid' });
      expect(String(failure)).not.toContain(secret);
    }
  });
});
