import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { InputError } from '#audit/inputs/input-error.ts';
import type { InputKind, Poll } from '#audit/inputs/input.ts';
import { createTakeIn } from '#audit/inputs/take-in.ts';
import { StoreError } from '#core/store-error.ts';
import { metricCatalogue } from '#core/telemetry/metric-catalogue.ts';
import { createMetrics } from '#core/telemetry/metric-registry.ts';
import { createRecordingLogger } from '#credentials/credential-provider.fakes.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import { createInputPolling } from './poll-inputs.ts';

const START_MS = 1_767_225_600_000;

type Answer = Poll | Error | 'hang';

/** A source whose answers are given, and what it was asked. */
function createSource(answers: Answer[]) {
  const asked: (string | undefined)[] = [];
  const kind: InputKind = {
    id: 'fake',
    title: 'Fake',
    description: 'For tests.',
    settings: z.strictObject({}),
    mode: 'poll',
    everySeconds: 60,
    open: () => ({
      poll: async (position, signal) => {
        asked.push(position);
        const answer = answers.shift() ?? poll([], position ?? 'end', false);
        if (answer instanceof Error) throw answer;
        if (answer !== 'hang') return answer;
        return new Promise<Poll>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        });
      },
    }),
  };
  return { kind, asked };
}

function poll(ids: readonly string[], position: string, more: boolean): Poll {
  const records = ids.map((externalId) => ({
    raw: {},
    draft: {
      externalId,
      platform: 'fake',
      timeMs: START_MS,
      actor: { id: '1' },
      action: 'a',
      outcome: 'success' as const,
      addresses: [],
      keys: ['actor:fake/1'],
    },
  }));
  return { records, refused: 0, position, more };
}

function start(sources: Readonly<Record<string, InputKind>>, storage = openMemoryStorage(), server = 'one') {
  const time = { nowMs: START_MS };
  const clock = { nowMs: () => time.nowMs };
  const metrics = createMetrics(metricCatalogue);
  const log = createRecordingLogger();
  const inputs = {
    sources: Object.entries(sources).map(([name, kind]) => ({ name, kind, settings: {} })),
    retentionSeconds: 1,
    timeline: false,
  };
  const current = { configuration: { inputs } };
  const polling = createInputPolling({
    storage,
    configuration: () => current.configuration,
    fetch: () => Promise.reject(new Error('nothing is fetched')),
    resolveSecret: () => Promise.reject(new Error('there is no secret')),
    takeIn: createTakeIn({ store: storage.activity, events: storage.events, clock }),
    metrics,
    server,
    clock,
    log,
  });
  const tick = async () => {
    await polling.tick();
    await delay(5);
  };
  const ids = async () => {
    const { entries } = await storage.activity.timeline('actor:fake/1', undefined, 100);
    return entries
      .flatMap((entry) => (entry.origin === 'activity' ? [entry.activity.externalId] : []))
      .toSorted();
  };
  return { polling, tick, time, storage, metrics, log, ids, current };
}

describe('an input that is asked', () => {
  test('is read to its end, then again when its time has come', async () => {
    const source = createSource([poll(['1'], 'p1', true), poll(['2'], 'p2', false)]);
    const { tick, time, ids } = start({ fake: source.kind });
    await tick();
    expect(source.asked).toEqual([undefined, 'p1']);
    expect(await ids()).toEqual(['1', '2']);
    time.nowMs += 59_000;
    await tick();
    expect(source.asked).toHaveLength(2);
    time.nowMs += 1_000;
    await tick();
    expect(source.asked.at(-1)).toBe('p2');
  });

  test('is left alone as long as it asks, whether it failed or not', async () => {
    const limited = new InputError('input_unavailable', 'limit', { waitSeconds: 300 });
    const source = createSource([limited, { ...poll([], 'p', true), waitSeconds: 400 }]);
    const { tick, time, metrics, log } = start({ fake: source.kind });
    await tick();
    time.nowMs += 299_000;
    await tick();
    expect(source.asked).toHaveLength(1);
    time.nowMs += 1_000;
    await tick();
    expect(source.asked).toHaveLength(2);
    time.nowMs += 399_000;
    await tick();
    expect(source.asked).toHaveLength(2);
    expect(metrics.expose()).toContain('vouchgate_input_failures_total{input="fake"} 1');
    expect(JSON.stringify(log)).not.toContain('undefined');
  });

  test('that goes on failing is asked less and less, up to a bound', async () => {
    const source = createSource(Array.from({ length: 8 }, () => new Error('down')));
    const { tick, time } = start({ fake: source.kind });
    const waits: number[] = [];
    let lastMs = START_MS;
    for (let second = 0; second < 4_000; second += 10) {
      const before = source.asked.length;
      await tick();
      if (source.asked.length > before) {
        waits.push((time.nowMs - lastMs) / 1_000);
        lastMs = time.nowMs;
      }
      time.nowMs += 10_000;
    }
    expect(waits.slice(1, 6)).toEqual([60, 120, 240, 480, 900]);
  }, 15_000);

  test('that hangs keeps no other one, and ends with the server', async () => {
    const [slow, fast] = [createSource(['hang']), createSource([poll(['1'], 'p', false)])];
    const { polling, tick, ids, log } = start({ slow: slow.kind, fast: fast.kind });
    await tick();
    expect(await ids()).toEqual(['1']);
    await polling.close();
    expect(JSON.stringify(log)).not.toContain('input.failed');
  });

  test('loses nothing and repeats nothing when the server dies before the position is kept', async () => {
    const storage = openMemoryStorage();
    const dying = createSource([poll(['1', '2'], 'p', false)]);
    const { moveCursor } = { moveCursor: storage.activity.moveCursor.bind(storage.activity) };
    storage.activity.moveCursor = () => Promise.reject(new StoreError('store_unavailable', 'gone'));
    await start({ fake: dying.kind }, storage).tick();
    storage.activity.moveCursor = moveCursor;
    const next = createSource([poll(['1', '2', '3'], 'p', false)]);
    const after = start({ fake: next.kind }, storage);
    await after.tick();
    expect(next.asked).toEqual([undefined]);
    expect(await after.ids()).toEqual(['1', '2', '3']);
    expect(after.metrics.expose()).toContain('outcome="repeated"} 2');
  });

  test('is asked by one server of several, and by another when that one is gone', async () => {
    const storage = openMemoryStorage();
    const [first, second] = [createSource(['hang']), createSource([])];
    const one = start({ fake: first.kind }, storage, 'one');
    const two = start({ fake: second.kind }, storage, 'two');
    await one.tick();
    await two.tick();
    expect([first.asked.length, second.asked.length]).toEqual([1, 0]);
    two.time.nowMs += 61_000;
    await two.tick();
    expect(second.asked).toHaveLength(1);
    await one.polling.close();
  });

  test('is not asked any more when it is taken out of the configuration', async () => {
    const source = createSource([]);
    const { tick, time, current } = start({ fake: source.kind });
    await tick();
    current.configuration = { inputs: { sources: [], retentionSeconds: 1, timeline: false } };
    time.nowMs += 600_000;
    await tick();
    expect(source.asked).toHaveLength(1);
  });
});
