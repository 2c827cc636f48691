import { describe, expect, it } from 'vitest';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { toDocument } from '../../mapping/document.ts';
import { ORIGIN } from '../../outbox/delivery.fake.ts';
import { openProvenLog } from '../proven-log.fake.ts';
import { describeSink } from '../sink.contract.ts';
import type { SinkContext } from '../sink.ts';
import { FakeSplunk } from './splunk.fake.ts';
import { sink } from './sink.ts';

for (const acknowledgement of [false, true])
  describe(acknowledgement ? 'with acknowledgement' : 'without acknowledgement', () => {
    describeSink({
      kind: sink,
      idempotent: false,
      parkedForPoison: 'one',
      open: async () => {
        const fake = new FakeSplunk(acknowledgement);
        await fake.receiver.listen();
        const copy = () => fake.stored.map(({ raw }) => ({ result: { _raw: raw } }));
        // The token for searches never goes to the collector.
        const { SEARCH_TOKEN: _, ...secrets } = fake.secrets;
        return { receiver: fake.receiver, settings: fake.settings, secrets, copy };
      },
    });
  });

async function open(acknowledgement: boolean, bodyChars = 10) {
  const fake = new FakeSplunk(acknowledgement);
  await fake.receiver.listen();
  const time = { nowMs: 1_800_000_000_000 };
  const clock = { nowMs: () => time.nowMs };
  const network = createBoundedFetch({
    clock,
    log: silentLogger,
    trust: { allowPrivateHosts: [fake.receiver.host] },
  });
  const secrets: Readonly<Record<string, string>> = fake.secrets;
  const context: SinkContext = {
    clock,
    log: silentLogger,
    fetch: network.fetch,
    allowPrivateHosts: [],
    resolveSecret: async (reference) => new Secret('env' in reference ? (secrets[reference.env] ?? '') : ''),
    sleep: async (ms) => {
      time.nowMs += ms;
    },
  };
  const settings = sink.settings.parse(fake.settings);
  const log = await openProvenLog(30, () => ({ body: { text: 'x'.repeat(bodyChars) } }));
  const documents = log.events.map((event, index) => {
    const text = JSON.stringify(toDocument('vouchgate', event, { origin: ORIGIN, index }));
    return { event, index, text, bytes: text.length };
  });
  const close = async () => {
    await network.close();
    await fake.receiver.close();
  };
  const opened = await sink.open(settings, context);
  const send = () =>
    opened.send({ origin: ORIGIN, documents, checkpoint: undefined }, new AbortController().signal);
  const read = () =>
    log.compare(sink.readCopy?.(settings, context, { from: 0, until: 30 }) ?? (async function* () {})());
  return { fake, time, send, read, close };
}

describe('the event collector', () => {
  it('gets requests of less than a megabyte, however large a batch is', async () => {
    const { fake, send, close } = await open(true, 100_000);
    expect(await send()).toEqual({ settled: 30, rejected: [] });
    const posts = fake.receiver.requests.filter(({ path }) => path.endsWith('/event'));
    expect(posts.length).toBeGreaterThan(3);
    expect(Math.max(...posts.map(({ bytes }) => bytes.length))).toBeLessThan(1_000_000);
    expect(fake.stored).toHaveLength(30);
    await close();
  });

  it('is sent to again, on a new channel, when the indexers never acknowledge', async () => {
    const { fake, send, close } = await open(true);
    fake.pollsNeeded = Number.POSITIVE_INFINITY;
    expect(await send()).toMatchObject({
      settled: 0,
      trouble: { kind: 'retry', code: 'splunk_not_acknowledged' },
    });
    fake.pollsNeeded = 0;
    expect(await send()).toEqual({ settled: 30, rejected: [] });
    const channels = new Set(
      fake.receiver.requests.flatMap(({ headers }) => headers['x-splunk-request-channel'] ?? []),
    );
    expect(channels.size).toBe(2);
    await close();
  });

  it.each([
    [403, 1, 'refused'],
    [400, 7, 'refused'],
    [503, 9, 'retry'],
    [500, 8, 'retry'],
    [400, 6, 'split'],
    [400, 13, 'split'],
    [400, 14, 'refused'],
  ])('answers %i with code %i, which is read as: %s', async (status, code, kind) => {
    const { fake, send, close } = await open(false);
    fake.receiver.disturbances.push({ status, body: JSON.stringify({ text: 'no', code }) });
    expect(await send()).toMatchObject({ settled: 0, trouble: { kind, code: `splunk_${code}` } });
    await close();
  });

  it('is not believed when something else answers in its place', async () => {
    const { fake, send, close } = await open(false);
    fake.receiver.disturbances.push({ status: 200, body: 'welcome' });
    expect(await send()).toMatchObject({ settled: 0, trouble: { code: 'splunk_answer_invalid' } });
    await close();
  });
});

describe('the copy', () => {
  it('is read back by search, and shows what was deleted and what was added', async () => {
    const { fake, send, read, close } = await open(false);
    await send();
    expect(await read()).toMatchObject({ proven: 30, faultsAll: 0 });
    const [gone] = fake.stored.splice(3, 1);
    fake.stored.push({ raw: gone?.raw.replace('shop-db', 'shop-dx') ?? '', fields: { vouchgate_index: 4 } });
    fake.stored.push({ raw: '{"free":"text"}', fields: {} });
    const found = await read();
    expect(found.faults.map(({ index, problem }) => [index, problem])).toEqual([
      [3, 'altered'],
      [undefined, 'added'],
    ]);
    await close();
  });

  it('is not judged when the search failed half-way', async () => {
    const { fake, read, close } = await open(false);
    const body = `${JSON.stringify({ messages: [{ type: 'ERROR', text: 'disk' }] })}\n`;
    fake.receiver.disturbances.push({ status: 200, body });
    await expect(read()).rejects.toMatchObject({ code: 'copy_unreadable' });
    await close();
  });
});
