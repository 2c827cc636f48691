import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sink as otlp } from '#audit/sinks/otlp/sink.ts';
import { FakeReceiver } from '#audit/sinks/receiver.fake.ts';
import { installCollector, startCollector } from './otel-collector/collector.ts';
import { BATCH, contextOf, COUNT, deliver, each, openHostileLog, send } from './sink-peer.ts';

const installed = installCollector();

/** What the collector passes on, in its own encoding. */
const Passed = z.object({
  resourceLogs: z.array(
    z.object({
      scopeLogs: z.array(
        z.object({
          logRecords: z.array(
            z.object({
              body: z.object({ stringValue: z.string() }),
              eventName: z.string(),
              timeUnixNano: z.string(),
              severityNumber: z.int(),
            }),
          ),
        }),
      ),
    }),
  ),
});

describe.skipIf('missing' in installed)(
  `OTLP through OpenTelemetry's collector (${'missing' in installed ? `SKIPPED: ${installed.missing}` : installed.version})`,
  { timeout: 240_000 },
  () => {
    it('passes every event on unaltered, and what fails behind it is sent again', async () => {
      const behind = await new FakeReceiver(() => ({ status: 200, body: '{}' })).listen();
      const collector = await startCollector(`${behind.url}/v1/logs`);
      const { context, close } = contextOf(new URL(collector.url).host, {});
      try {
        const sink = await otlp.open(otlp.settings.parse({ url: collector.url }), context);
        const log = await openHostileLog();
        behind.disturbances.push({ status: 503 });
        const failed = await send(sink, log, 0);
        expect(failed).toMatchObject({ settled: 0, trouble: { kind: 'retry' } });
        behind.disturbances.push({ status: 429 }, 'reset');
        await deliver(sink, log);
        const refused = behind.requests.length - COUNT / BATCH;
        expect(refused).toBeGreaterThanOrEqual(2);
        const records = behind.requests
          .slice(-COUNT / BATCH)
          .flatMap(({ body }) => Passed.parse(JSON.parse(body)).resourceLogs)
          .flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
        expect(await log.compare(each(records))).toMatchObject({
          proven: COUNT,
          duplicates: 0,
          faultsAll: 0,
        });
        expect(records[7]).toMatchObject({
          eventName: 'vouchgate.decision.denied',
          timeUnixNano: `${log.events[7]?.timeMs}000000`,
          severityNumber: 13,
        });
        await sink.close();
      } finally {
        await close();
        await collector.stop();
        await behind.close();
      }
    });
  },
);
