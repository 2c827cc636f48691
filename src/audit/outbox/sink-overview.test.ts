import { beforeEach, describe, expect, it } from 'vitest';
import { createMemorySinkStore } from '#storage/memory/memory-sink-store.ts';
import { openProvenLog, type ProvenLog } from '../sinks/proven-log.fake.ts';
import { START_MS } from './delivery.fake.ts';
import { healthAfterTrouble } from './next-health.ts';
import type { SinkStore } from './ports.ts';
import { describeSinks } from './sink-overview.ts';

const COUNT = 300;
const NOW_MS = START_MS + 60_000;
let store: SinkStore;
let log: ProvenLog;
beforeEach(async () => {
  store = createMemorySinkStore();
  log = await openProvenLog(COUNT);
});

const describeAll = (...names: string[]) =>
  describeSinks({
    store,
    log: log.store,
    events: log.source,
    configured: () => names.map((name) => ({ name, type: 'file' })),
    clock: { nowMs: () => NOW_MS },
  });

async function moveTo(nextIndex: number, kind?: 'retry' | 'refused' | 'stopped'): Promise<void> {
  await store.open('siem', { index: 0, sequence: 0 });
  await store.hold('siem', 'one', NOW_MS, NOW_MS + 1);
  const before = (await store.find('siem'))?.health;
  if (before === undefined) throw new Error('there is no sink');
  const trouble = kind && { kind, code: 'http_503', message: 'busy' };
  const health = trouble === undefined ? before : healthAfterTrouble(before, trouble, NOW_MS);
  const step = { name: 'siem', server: 'one', fromIndex: 0, nextIndex, lastSequence: 0, health, parked: [] };
  expect(await store.settle(step)).toBe(true);
}

describe('the overview of sinks', () => {
  it('says how many events each is behind, and how old the first of them is', async () => {
    await moveTo(260);
    const [siem] = await describeAll('siem');
    expect(siem).toMatchObject({ state: 'sending', type: 'file', behind: 40, nextIndex: 260, parked: 0 });
    expect(siem?.oldestUnsentAgeSeconds).toBeCloseTo((60_000 - 260) / 1_000, 5);
  });

  it('is at rest when all is there', async () => {
    await moveTo(COUNT);
    expect(await describeAll('siem')).toMatchObject([
      { state: 'idle', behind: 0, oldestUnsentAgeSeconds: 0 },
    ]);
  });

  it.each([
    ['retry', 'retrying'],
    ['refused', 'down'],
    ['stopped', 'stopped'],
  ] as const)('tells trouble from trouble: %s is %s', async (kind, state) => {
    await moveTo(10, kind);
    expect(await describeAll('siem')).toMatchObject([
      { state, failures: 1, lastError: { code: 'http_503' } },
    ]);
  });

  it('names those that have not begun, and those that were taken out of the configuration last', async () => {
    await moveTo(COUNT);
    expect((await describeAll('later')).map(({ name, state }) => [name, state])).toEqual([
      ['later', 'starting'],
      ['siem', 'removed'],
    ]);
  });
});
