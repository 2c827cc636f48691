import type { RecordedEvent } from '#audit/event.ts';
import { toDocument } from '#audit/mapping/document.ts';
import type { SchemaName } from '#audit/mapping/schema-name.ts';
import { ORIGIN } from '#audit/outbox/delivery.fake.ts';
import { openProvenLog, type ProvenLog } from '#audit/sinks/proven-log.fake.ts';
import type { SendResult, Sink, SinkContext } from '#audit/sinks/sink.ts';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { eventually } from '#test/e2e/harness/wait.ts';

export const COUNT = 5_000;
export const BATCH = 500;

/** What a sink may use, with hosts that may be private. */
export function contextOf(hosts: string | readonly string[], secrets: Readonly<Record<string, string>>) {
  const allowPrivateHosts = [hosts].flat();
  const network = createBoundedFetch({
    clock: systemClock,
    log: silentLogger,
    trust: { allowPrivateHosts },
  });
  const context: SinkContext = {
    clock: systemClock,
    log: silentLogger,
    fetch: network.fetch,
    allowPrivateHosts,
    resolveSecret: async (reference) => new Secret('env' in reference ? (secrets[reference.env] ?? '') : ''),
    sleep: async () => {},
  };
  return { context, close: () => network.close() };
}

/** Events with everything in them that a protocol may trip over. */
export function openHostileLog(
  change: (at: number) => Partial<RecordedEvent> = () => ({}),
): Promise<ProvenLog> {
  const text = (at: number) =>
    `\n\r\t\u0000\u2028 "quoted" \\ ]  <13>1 ${'ü😀'.repeat(at % 40)} ${'x'.repeat(at % 900)}`;
  return openProvenLog(COUNT, (at) => ({ body: { text: text(at) }, ...change(at) }));
}

/** One batch, from an event on. */
export async function send(
  sink: Sink,
  log: ProvenLog,
  from: number,
  schema: SchemaName = 'vouchgate',
): Promise<SendResult> {
  const documents = log.events.slice(from, from + BATCH).map((event, at) => {
    const index = from + at;
    const text = JSON.stringify(toDocument(schema, event, { origin: ORIGIN, index }));
    return { event, index, text, bytes: Buffer.byteLength(text) };
  });
  const { checkpoint } = await log.head();
  return sink.send({ origin: ORIGIN, documents, checkpoint }, new AbortController().signal);
}

export async function* each(values: readonly unknown[]): AsyncGenerator {
  yield* values;
}

/** Batch after batch, each until it was taken. */
export async function deliver(sink: Sink, log: ProvenLog, schema?: SchemaName): Promise<void> {
  for (let from = 0; from < COUNT; from += BATCH) {
    await eventually('the batch is taken', 60_000, async () => {
      const { settled } = await send(sink, log, from, schema);
      return settled === BATCH ? true : undefined;
    });
  }
}
