import type { AuditEvent, RecordedEvent } from '../event.ts';
import type { LogHead } from '../log/ports.ts';
import type { SendResult, Sink, SinkBatch, SinkKind } from '../sinks/sink.ts';
import type { ParkedEvent, SinkCursor, SinkStore } from './ports.ts';
import { createDelivery, type Delivery, type DeliveryOptions } from './delivery.ts';

export const ORIGIN = 'vouchgate.acme.example/log';
export const START_MS = 1_800_000_000_000;

export function makeEvent(at: number, change: Partial<AuditEvent> = {}): RecordedEvent {
  return {
    id: `evt_${String(at).padStart(6, '0')}`,
    timeMs: START_MS + at,
    type: 'decision.denied',
    actor: { kind: 'workload', id: `github/456789/${at % 3}` },
    decision: `dec_${at}`,
    resource: 'shop-db',
    body: { denial: { code: 'no_permit' }, sourceIp: '203.0.113.7' },
    ...change,
    // Numbers of the record have gaps.
    sequence: at * 3 + 5,
  };
}

/** A receiver that keeps what it takes, and can be told what to do with the next batches. */
export class FakeReceiver {
  readonly received: { index: number; text: string }[] = [];
  readonly sizes: number[] = [];
  /** For each batch to come; without one, everything is taken. */
  readonly answers: ((batch: SinkBatch) => SendResult | Promise<SendResult>)[] = [];
  /** Applied when there is no answer of its own. */
  rule: (batch: SinkBatch) => SendResult | undefined = () => undefined;
  opened = 0;
  closed = 0;

  open(): Promise<Sink> {
    this.opened += 1;
    return Promise.resolve({
      send: async (batch) => {
        this.sizes.push(batch.documents.length);
        const result = (await this.answers.shift()?.(batch)) ??
          this.rule(batch) ?? { settled: batch.documents.length, rejected: [] };
        const rejected = new Set(result.rejected.map(({ at }) => at));
        batch.documents.forEach(({ index, text }, at) => {
          if (at < result.settled && !rejected.has(at)) this.received.push({ index, text });
        });
        return result;
      },
      close: async () => {
        this.closed += 1;
      },
    });
  }
}

export interface DeliveryBench {
  readonly receiver: FakeReceiver;
  readonly store: SinkStore;
  readonly events: (RecordedEvent | undefined)[];
  readonly time: { nowMs: number };
  readonly circuits: string[];
  open(change?: Partial<DeliveryOptions>): Delivery;
  cursor(): Promise<SinkCursor>;
  parked(): Promise<readonly ParkedEvent[]>;
}

const LIMITS: SinkKind['limits'] = {
  documentsMax: 8,
  bytesMax: 100_000,
  documentBytesMax: 20_000,
  delaySeconds: 0,
};

/** A log in memory, a store, and a receiver: what a delivery needs, with a clock that stands still. */
export async function openBench(store: SinkStore, count = 20): Promise<DeliveryBench> {
  const events: (RecordedEvent | undefined)[] = Array.from({ length: count }, (_, at) => makeEvent(at));
  const receiver = new FakeReceiver();
  const time = { nowMs: START_MS + 1_000_000 };
  const circuits: string[] = [];
  await store.open('siem', { index: 0, sequence: 0 });
  await store.hold('siem', 'one', time.nowMs, time.nowMs + 1_000_000_000);
  const head = (): LogHead => ({
    size: events.length,
    lastSequence: 0,
    checkpoint: undefined,
    signedAtMs: 0,
    erasures: 0,
  });
  const cursor = async () => {
    const found = await store.find('siem');
    if (found === undefined) throw new Error('there is no cursor');
    return found;
  };
  return {
    receiver,
    store,
    events,
    time,
    circuits,
    cursor,
    parked: () => store.parked('siem', { limit: 100 }),
    open: (change = {}) =>
      createDelivery({
        name: 'siem',
        server: 'one',
        origin: ORIGIN,
        schema: 'vouchgate',
        limits: LIMITS,
        openSink: () => receiver.open(),
        store,
        head: async () => head(),
        readLog: async ({ from, size, limit }) =>
          events.slice(from, Math.min(size, from + limit)).map((event, at) => ({
            index: from + at,
            sequence: (from + at) * 3 + 5,
            event,
          })),
        clock: { nowMs: () => time.nowMs },
        log: { debug() {}, info() {}, warn() {}, error() {} },
        onCircuit: async ({ health }) => {
          circuits.push(health.circuit);
        },
        ...change,
      }),
  };
}

/** Steps until there is nothing more to do at once. */
export async function drain(delivery: Delivery, stepsMax = 1_000): Promise<number> {
  const { signal } = new AbortController();
  let steps = 1;
  while (await delivery.step(signal)) {
    steps += 1;
    if (steps > stepsMax) throw new Error('it never comes to an end');
  }
  return steps;
}
