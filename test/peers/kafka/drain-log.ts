import { setTimeout as sleep } from 'node:timers/promises';
import { createMemorySinkStore } from '#storage/memory/memory-sink-store.ts';
import { createDelivery } from '#audit/outbox/delivery.ts';
import { ORIGIN } from '#audit/outbox/delivery.fake.ts';
import { sink as kafka } from '#audit/sinks/kafka/sink.ts';
import type { ProvenLog } from '#audit/sinks/proven-log.fake.ts';
import { silentLogger } from '#core/log.ts';

/** As the server does it, but for the time: no wait after a failure is longer than the broker needs to come back. */
export async function drainLog(
  log: ProvenLog,
  openSink: Parameters<typeof createDelivery>[0]['openSink'],
  onProgress: (nextIndex: number) => void = () => {},
) {
  const store = createMemorySinkStore();
  const time = { nowMs: 1_800_000_100_000 };
  await store.open('siem', { index: 0, sequence: 0 });
  await store.hold('siem', 'one', time.nowMs, time.nowMs + 1e12);
  const delivery = createDelivery({
    name: 'siem',
    server: 'one',
    origin: ORIGIN,
    schema: kafka.schemaDefault,
    limits: { ...kafka.limits, delaySeconds: 0 },
    openSink,
    store,
    head: log.head,
    readLog: log.readLog,
    clock: { nowMs: () => time.nowMs },
    log: silentLogger,
  });
  const { signal } = new AbortController();
  let failures = 0;
  for (let round = 0; round < 2_000; round += 1) {
    const more = await delivery.step(signal);
    const cursor = await store.find('siem');
    const nextIndex = cursor?.nextIndex ?? 0;
    onProgress(nextIndex);
    if (nextIndex === log.events.length) break;
    if (more) continue;
    failures += 1;
    time.nowMs += 3_700_000;
    await sleep(100);
  }
  await delivery.close();
  const parked = await store.parked('siem', { limit: 1_000 });
  return { store, failures, parked: parked.map(({ index, code }) => ({ index, code })) };
}
