import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemorySinkStore } from '#storage/memory/memory-sink-store.ts';
import type { SendResult, SinkBatch, SinkTrouble } from '../sinks/sink.ts';
import { drain, openBench } from './delivery.fake.ts';

const COUNT = 60;

/** What may happen to one batch. `crash`: the receiver has it, and the process dies before it knows. */
type Step =
  | { readonly kind: 'take' | 'throw' | 'crash' }
  | { readonly kind: 'trouble'; readonly trouble: SinkTrouble['kind']; readonly settled: number }
  | { readonly kind: 'reject'; readonly at: number }
  | { readonly kind: 'part'; readonly settled: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom('take', 'throw', 'crash').map((kind) => ({ kind })),
  fc.record({
    kind: fc.constant('trouble'),
    trouble: fc.constantFrom<SinkTrouble['kind'][]>('split', 'retry', 'refused', 'stopped'),
    settled: fc.nat(8),
  }),
  fc.record({ kind: fc.constant('reject'), at: fc.nat(8) }),
  fc.record({ kind: fc.constant('part'), settled: fc.integer({ min: 1, max: 8 }) }),
);

function answer(action: Step, { documents }: SinkBatch): SendResult {
  const { length } = documents;
  if (action.kind === 'throw') throw new Error('a mistake of ours');
  if (action.kind === 'trouble') {
    const trouble = { kind: action.trouble, code: 'test', message: 'as generated' };
    return { settled: Math.min(action.settled, length - 1), rejected: [], trouble };
  }
  if (action.kind === 'reject' && action.at < length)
    return { settled: length, rejected: [{ at: action.at, code: 'test', message: 'as generated' }] };
  return { settled: action.kind === 'part' ? Math.min(action.settled, length) : length, rejected: [] };
}

describe('whatever happens to batches', () => {
  it('every event arrives or is parked, the first arrivals are in order, and the cursor never goes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const bench = await openBench(createMemorySinkStore(), COUNT);
        const queue = [...steps];
        let dies = false;
        // A store that a dying process does not reach any more.
        const store = {
          ...bench.store,
          settle: (change: Parameters<typeof bench.store.settle>[0]) =>
            dies ? Promise.reject(new Error('killed')) : bench.store.settle(change),
        };
        let delivery = bench.open({ store });
        let last = 0;
        for (let round = 0; round < steps.length + 20; round += 1) {
          const action = queue.shift() ?? { kind: 'take' as const };
          dies = action.kind === 'crash';
          bench.receiver.answers.splice(0, bench.receiver.answers.length, (batch) => answer(action, batch));
          const failure: unknown = await drain(delivery).catch((error: unknown) => error);
          if (failure instanceof Error) {
            dies = false;
            delivery = bench.open({ store });
          }
          bench.time.nowMs += 400_000;
          if ((await bench.cursor()).health.stopped) await bench.store.askRetry('siem', bench.time.nowMs);
          const { nextIndex } = await bench.cursor();
          expect(nextIndex).toBeGreaterThanOrEqual(last);
          last = nextIndex;
        }
        const arrived = bench.receiver.received.map(({ index }) => index);
        const parked = (await bench.parked()).map(({ index }) => index);
        expect(last).toBe(COUNT);
        const all = new Set([...arrived, ...parked]);
        expect([...all].toSorted((one, other) => one - other)).toEqual(
          Array.from({ length: COUNT }, (_, at) => at),
        );
        const first = [...new Set(arrived)].filter((index) => !parked.includes(index));
        // A parked event that is retried comes late; all others come first in the order of the log.
        if (parked.length === 0 && !steps.some(({ kind }) => kind === 'reject' || kind === 'trouble'))
          expect(first).toEqual(first.toSorted((one, other) => one - other));
      }),
      { numRuns: 150 },
    );
  });
});
