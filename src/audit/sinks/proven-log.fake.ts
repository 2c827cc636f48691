import { generateKeyPairSync } from 'node:crypto';
import type { RecordedEvent } from '../event.ts';
import { textsOf } from '../log/event-texts.fake.ts';
import { MemoryLogStore } from '../log/memory-log-store.fake.ts';
import type { EventFilter } from '../ports.ts';
import { createNoteSigner } from '../log/note-key.ts';
import { createSealer } from '../log/sealer.ts';
import { createTransparencyLog } from '../log/transparency-log.ts';
import { makeEvent, ORIGIN } from '../outbox/delivery.fake.ts';
import { compareCopy, type CopyComparison } from '../outbox/compare-copy.ts';
import { readLog } from '../outbox/read-log.ts';

/** A real log over events in memory: what a copy is compared with. */
export async function openProvenLog(
  count: number,
  change: (at: number) => Partial<RecordedEvent> = () => ({}),
) {
  const events = Array.from({ length: count }, (_, at) => makeEvent(at, change(at)));
  const source = {
    list: async ({ afterSequence, beforeSequence = Number.POSITIVE_INFINITY, limit }: EventFilter) =>
      afterSequence === undefined
        ? events
            .filter(({ sequence }) => sequence < beforeSequence)
            .toReversed()
            .slice(0, limit)
        : events.filter(({ sequence }) => sequence > afterSequence).slice(0, limit),
  };
  const store = new MemoryLogStore();
  const key = createNoteSigner(ORIGIN, 'ed25519', generateKeyPairSync('ed25519').privateKey);
  const clock = { nowMs: () => 1_800_000_100_000 };
  const sealer = createSealer({
    store,
    events: textsOf(source),
    origin: ORIGIN,
    signers: () => [key],
    clock,
  });
  while ((await sealer.seal()).outcome === 'sealed');
  const log = createTransparencyLog({ store, events: source, key });
  return {
    events,
    store,
    source,
    head: () => store.head(),
    openingsOf: async (bundle: number) => (await log.openingsOf(bundle)) ?? [],
    readLog: (range: { from: number; size: number; limit: number }) =>
      readLog({ log: store, events: source }, range),
    compare: (documents: AsyncIterable<unknown>, parked: readonly number[] = []): Promise<CopyComparison> =>
      compareCopy({
        documents,
        origin: ORIGIN,
        range: { from: 0, until: count },
        size: count,
        parked: new Set(parked),
        openingsOf: async (bundle) => (await log.openingsOf(bundle)) ?? [],
      }),
  };
}

export type ProvenLog = Awaited<ReturnType<typeof openProvenLog>>;
