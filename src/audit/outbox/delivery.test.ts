import { beforeEach, describe, expect, it } from 'vitest';
// A test may use the store in memory, which keeps the promises of the real ones (contract suite).
import { createMemorySinkStore } from '#storage/memory/memory-sink-store.ts';
import type { SendResult, SinkTrouble } from '../sinks/sink.ts';
import { type DeliveryBench, drain, makeEvent, openBench } from './delivery.fake.ts';

let bench: DeliveryBench;
beforeEach(async () => {
  bench = await openBench(createMemorySinkStore());
});

const trouble = (kind: SinkTrouble['kind'], more: Partial<SinkTrouble> = {}): SinkTrouble => ({
  kind,
  code: `test_${kind}`,
  message: 'as the test wants it',
  ...more,
});
const failing =
  (kind: SinkTrouble['kind'], more: Partial<SinkTrouble> = {}) =>
  (): SendResult => ({ settled: 0, rejected: [], trouble: trouble(kind, more) });
const indexes = () => bench.receiver.received.map(({ index }) => index);
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

describe('a delivery', () => {
  it('brings every event, once, in the order of the log, in batches within the limits', async () => {
    await drain(bench.open());
    expect(indexes()).toEqual(upTo(20));
    expect(bench.receiver.sizes).toEqual([8, 8, 4]);
    expect(await bench.cursor()).toMatchObject({ nextIndex: 20, lastSequence: 19 * 3 + 5 });
  });

  it('goes on with what comes later', async () => {
    const delivery = bench.open();
    await drain(delivery);
    bench.events.push(makeEvent(20), makeEvent(21));
    await drain(delivery);
    expect(indexes()).toEqual(upTo(22));
  });

  it('keeps within bytes, too', async () => {
    const big = { limits: { documentsMax: 8, bytesMax: 1_000, documentBytesMax: 20_000, delaySeconds: 0 } };
    await drain(bench.open(big));
    expect(indexes()).toEqual(upTo(20));
    expect(Math.max(...bench.receiver.sizes)).toBeLessThan(4);
  });

  it('waits for more while a batch is not full and its first event is young', async () => {
    const limits = { documentsMax: 50, bytesMax: 100_000, documentBytesMax: 20_000, delaySeconds: 2_000 };
    const delivery = bench.open({ limits });
    await drain(delivery);
    expect(indexes()).toEqual([]);
    bench.time.nowMs += 1_000_000;
    await drain(delivery);
    expect(indexes()).toEqual(upTo(20));
  });

  it('sends again after a crash between the answer and the cursor: twice perhaps, never not at all', async () => {
    const { store } = bench;
    const crash = { ...store, settle: () => Promise.reject(new Error('killed')) };
    await expect(drain(bench.open({ store: crash }))).rejects.toThrow('killed');
    expect((await bench.cursor()).nextIndex).toBe(0);
    await drain(bench.open());
    expect(indexes()).toEqual([...upTo(8), ...upTo(20)]);
  });

  it('stops when another server has taken the sink over', async () => {
    bench.receiver.answers.push(async () => {
      await bench.store.hold('siem', 'two', bench.time.nowMs + 2_000_000_000, bench.time.nowMs + 3e9);
      return { settled: 8, rejected: [] };
    });
    expect(await drain(bench.open())).toBe(1);
    expect((await bench.cursor()).nextIndex).toBe(0);
    await drain(bench.open({ server: 'two' }));
    expect((await bench.cursor()).nextIndex).toBe(20);
  });
});

describe('a sink that fails', () => {
  it('is tried again later, from where it was, and not before it asked for it', async () => {
    bench.receiver.answers.push(failing('retry', { retryAfterMs: 60_000 }));
    const delivery = bench.open();
    await drain(delivery);
    expect(await bench.cursor()).toMatchObject({ nextIndex: 0, health: { failures: 1, circuit: 'closed' } });
    bench.time.nowMs += 59_000;
    await drain(delivery);
    expect(bench.receiver.sizes).toHaveLength(1);
    bench.time.nowMs += 2_000;
    await drain(delivery);
    expect(indexes()).toEqual(upTo(20));
    expect((await bench.cursor()).health).toMatchObject({ failures: 0, lastError: { code: 'test_retry' } });
  });

  it('counts as down after five failures, is probed with one event, and says when it is back', async () => {
    bench.receiver.answers.push(...Array.from({ length: 7 }, () => failing('retry')));
    const delivery = bench.open();
    for (let attempt = 0; attempt < 8; attempt += 1) {
      await drain(delivery);
      bench.time.nowMs += 400_000;
    }
    expect(bench.receiver.sizes.slice(0, 8)).toEqual([8, 8, 8, 8, 8, 1, 1, 1]);
    expect(bench.circuits).toEqual(['open', 'closed']);
    expect(indexes()).toEqual(upTo(20));
  });

  it('keeps what it took of a batch, where it can say so', async () => {
    bench.receiver.answers.push(() => ({ settled: 3, rejected: [], trouble: trouble('retry') }));
    const delivery = bench.open();
    await drain(delivery);
    expect((await bench.cursor()).nextIndex).toBe(3);
    bench.time.nowMs += 10_000;
    await drain(delivery);
    expect(indexes()).toEqual(upTo(20));
  });

  it('opens a sink anew when its settings were refused, as a credential may have been renewed', async () => {
    bench.receiver.answers.push(failing('refused'));
    const delivery = bench.open();
    await drain(delivery);
    expect((await bench.cursor()).health.circuit).toBe('open');
    bench.time.nowMs += 300_001;
    await drain(delivery);
    expect(bench.receiver).toMatchObject({ opened: 2, closed: 1 });
    expect(indexes()).toEqual(upTo(20));
  });

  it('is left alone once it asked for no more, until somebody asks for another try', async () => {
    bench.receiver.answers.push(failing('stopped'));
    const delivery = bench.open();
    await drain(delivery);
    bench.time.nowMs += 1e9;
    await drain(delivery);
    expect(bench.receiver.sizes).toHaveLength(1);
    await bench.store.askRetry('siem', bench.time.nowMs);
    await drain(delivery);
    expect(indexes()).toEqual(upTo(20));
    expect((await bench.cursor()).health.stopped).toBe(false);
  });

  it('is retried when it throws, which no sink should', async () => {
    bench.receiver.answers.push(() => Promise.reject(new Error('a mistake of ours')));
    const delivery = bench.open();
    await drain(delivery);
    expect((await bench.cursor()).health.lastError?.code).toBe('sink_failed');
    bench.time.nowMs += 10_000;
    await drain(delivery);
    expect(indexes()).toEqual(upTo(20));
  });
});

describe('an event that is not taken', () => {
  const poison = (at: number) => {
    bench.receiver.rule = ({ documents }) =>
      documents.some(({ index }) => index === at)
        ? { settled: 0, rejected: [], trouble: trouble('split') }
        : undefined;
  };

  it('is found by halves and parked with the reason; all others arrive', async () => {
    poison(11);
    await drain(bench.open());
    expect(indexes()).toEqual(upTo(20).filter((at) => at !== 11));
    expect(await bench.parked()).toMatchObject([{ index: 11, eventId: 'evt_000011', code: 'test_split' }]);
    expect((await bench.cursor()).nextIndex).toBe(20);
  });

  it('is parked alone where the sink names it', async () => {
    bench.receiver.answers.push(() => ({ settled: 8, rejected: [{ at: 2, code: 'bad', message: 'no' }] }));
    await drain(bench.open());
    expect(indexes()).toEqual(upTo(20).filter((at) => at !== 2));
    expect(await bench.parked()).toMatchObject([{ index: 2, code: 'bad' }]);
  });

  it('is never sent when it is larger than the sink takes, and gone ones are named', async () => {
    bench.events[4] = makeEvent(4, { body: { text: 'x'.repeat(30_000) } });
    bench.events[5] = undefined;
    await drain(bench.open());
    expect(indexes()).toEqual(upTo(20).filter((at) => at !== 4 && at !== 5));
    expect((await bench.parked()).map(({ code }) => code)).toEqual(['event_too_large', 'event_gone']);
  });

  it('is tried again when somebody asks, and is parked no more once it is taken', async () => {
    poison(11);
    const delivery = bench.open();
    await drain(delivery);
    bench.time.nowMs += 5_000;
    await bench.store.askRetry('siem', bench.time.nowMs);
    await drain(delivery);
    expect(await bench.parked()).toMatchObject([{ index: 11, retryAsked: false }]);
    bench.receiver.rule = () => undefined;
    bench.time.nowMs += 5_000;
    await bench.store.askRetry('siem', bench.time.nowMs);
    await drain(delivery);
    expect(await bench.parked()).toEqual([]);
    expect(indexes().at(-1)).toBe(11);
  });

  it('stays parked, and asked for, while the sink is down', async () => {
    poison(11);
    const delivery = bench.open();
    await drain(delivery);
    bench.receiver.rule = failing('retry');
    bench.time.nowMs += 5_000;
    await bench.store.askRetry('siem', bench.time.nowMs);
    await drain(delivery);
    expect(await bench.parked()).toMatchObject([{ index: 11, retryAsked: true }]);
    bench.receiver.rule = () => undefined;
    bench.time.nowMs += 10_000;
    await drain(delivery);
    expect(await bench.parked()).toEqual([]);
  });

  it('is not parked when the sink takes none at all: then it is the sink that is wrong', async () => {
    bench.events.push(...Array.from({ length: 80 }, (_, at) => makeEvent(20 + at)));
    bench.receiver.rule = failing('split');
    const delivery = bench.open();
    await drain(delivery);
    expect((await bench.parked()).length).toBeLessThanOrEqual(20);
    expect((await bench.cursor()).health.lastError?.code).toBe('everything_rejected');
    bench.receiver.rule = () => undefined;
    bench.time.nowMs += 400_000;
    await drain(delivery);
    const parked = (await bench.parked()).map(({ index }) => index);
    expect([...indexes(), ...parked].toSorted((one, other) => one - other)).toEqual(upTo(100));
  });
});
