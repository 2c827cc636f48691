import { describe, expect, it } from 'vitest';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { toDocument } from '../../mapping/document.ts';
import { makeEvent, ORIGIN } from '../../outbox/delivery.fake.ts';
import { openProvenLog } from '../proven-log.fake.ts';
import { describeSink } from '../sink.contract.ts';
import type { SinkContext, SinkDocument } from '../sink.ts';
import { FakeElasticsearch } from './elasticsearch.fake.ts';
import { sink } from './sink.ts';

describeSink({
  kind: sink,
  idempotent: true,
  parkedForPoison: 'one',
  open: async () => {
    const fake = new FakeElasticsearch();
    await fake.receiver.listen();
    const { receiver, settings, secrets } = fake;
    return { receiver, settings, secrets, copy: () => fake.hits };
  },
});

async function open() {
  const fake = new FakeElasticsearch();
  await fake.receiver.listen();
  const clock = { nowMs: () => 1_800_000_000_000 };
  const trust = { allowPrivateHosts: [fake.receiver.host] };
  const network = createBoundedFetch({ clock, log: silentLogger, trust });
  const context: SinkContext = {
    clock,
    log: silentLogger,
    fetch: network.fetch,
    allowPrivateHosts: [],
    resolveSecret: async () => new Secret(fake.secrets.ES_KEY),
    sleep: async () => {},
  };
  const settings = sink.settings.parse(fake.settings);
  const close = async () => {
    await network.close();
    await fake.receiver.close();
  };
  return { fake, context, settings, opened: await sink.open(settings, context), close };
}

function documentOf(at: number): SinkDocument {
  const event = makeEvent(at);
  const text = JSON.stringify(toDocument('ecs', event, { origin: ORIGIN, index: at }));
  return { event, index: at, text, bytes: text.length };
}

describe('a bulk answer', () => {
  it('settles up to the first item that has to be sent again', async () => {
    const { fake, opened, close } = await open();
    const batch = { origin: ORIGIN, checkpoint: undefined, documents: [0, 1, 2].map(documentOf) };
    await opened.send({ ...batch, documents: batch.documents.slice(0, 1) }, new AbortController().signal);
    fake.overloaded = 0;
    const original = fake.hits.length;
    fake.overloaded = 1;
    const result = await opened.send(batch, new AbortController().signal);
    expect(original).toBe(1);
    expect(result).toMatchObject({ settled: 0, trouble: { kind: 'retry', code: 'elasticsearch_429' } });
    expect(await opened.send(batch, new AbortController().signal)).toEqual({ settled: 3, rejected: [] });
    await close();
  });

  it('is not believed when it is not one of a bulk request', async () => {
    const { fake, opened, close } = await open();
    fake.receiver.disturbances.push({ status: 200, body: '{}' }, { status: 200, body: '<html>' });
    const batch = { origin: ORIGIN, checkpoint: undefined, documents: [documentOf(0)] };
    for (let count = 0; count < 2; count += 1)
      expect(await opened.send(batch, new AbortController().signal)).toMatchObject({
        settled: 0,
        trouble: { code: 'elasticsearch_answer_invalid' },
      });
    await close();
  });
});

describe('the copy', () => {
  const COUNT = 40;
  async function filled() {
    const opened = await open();
    const log = await openProvenLog(COUNT);
    const documents = log.events.map((event, index) => {
      const text = JSON.stringify(toDocument('ecs', event, { origin: ORIGIN, index }));
      return { event, index, text, bytes: text.length };
    });
    await opened.opened.send(
      { origin: ORIGIN, checkpoint: undefined, documents },
      new AbortController().signal,
    );
    const read = () =>
      log.compare(sink.readCopy?.(opened.settings, opened.context, { from: 0, until: COUNT }) ?? empty());
    return { ...opened, read };
  }
  async function* empty(): AsyncGenerator {}

  it('is read back whole', async () => {
    const { read, close } = await filled();
    expect(await read()).toMatchObject({ proven: COUNT, faultsAll: 0, duplicates: 0 });
    await close();
  });

  it('shows what was deleted, altered in any field, and added', async () => {
    const { fake, read, close } = await filled();
    const at = (index: number) =>
      fake.hits.find(({ _source }) => Reflect.get(Object(_source['vouchgate']), 'index') === index);
    fake.hits.splice(
      fake.hits.findIndex((hit) => hit === at(5)),
      1,
    );
    // The event is left alone; only what a search looks at says something else.
    Object.assign(Object(at(7)?._source['event']), { outcome: 'success' });
    const altered = at(9)?._source ?? {};
    const inner = Object(altered['event']) as { original: string };
    inner.original = inner.original.replace('shop-db', 'shop-dc');
    fake.hits.push({ _id: 'evt_x', _source: structuredClone(at(11)?._source ?? {}) });
    fake.hits.push({ _id: 'evt_y', _source: { message: 'nothing to see here' } });
    const forged = structuredClone(at(12)?._source ?? {});
    Object.assign(forged, { message: 'forged' });
    fake.hits.push({ _id: 'evt_z', _source: forged });
    const far = structuredClone(at(13)?._source ?? {});
    Object.assign(Object(far['vouchgate']), { index: 900 });
    fake.hits.push({ _id: 'evt_far', _source: far });
    const found = await read();
    expect(found.faults.map(({ index, problem }) => [index, problem])).toEqual(
      expect.arrayContaining([
        [5, 'deleted'],
        [7, 'altered'],
        [9, 'altered'],
        [12, 'added'],
        [900, 'added'],
        [undefined, 'added'],
      ]),
    );
    expect(found).toMatchObject({ faultsAll: 6, duplicates: 1, proven: COUNT - 3 });
    await close();
  });

  it('is not judged when the search did not see all of it', async () => {
    const { fake, read, close } = await filled();
    const body = JSON.stringify({ timed_out: false, _shards: { failed: 1 }, hits: { hits: [] } });
    // The first request asks for a refresh, which a reader may be refused.
    fake.receiver.disturbances.push({ status: 403 }, { status: 200, body });
    await expect(read()).rejects.toMatchObject({ code: 'copy_unreadable' });
    await close();
  });
});
