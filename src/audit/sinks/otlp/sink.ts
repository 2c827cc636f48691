import { z } from 'zod';
import { SecretReference } from '#core/config/secret-reference.ts';
import type { Secret } from '#core/secret.ts';
import { eventMeanings } from '../../mapping/event-meaning.ts';
import { exchange, findReceiver, parseAnswer, quoteAnswer, troubleOf } from '../http-answer.ts';
import {
  accepted,
  failed,
  type SendResult,
  type Sink,
  type SinkBatch,
  type SinkContext,
  type SinkDocument,
  type SinkKind,
} from '../sink.ts';
import { SinkUrl } from '../sink-url.ts';

const OtlpSettings = z.strictObject({
  url: SinkUrl.describe('Base URL of the receiver, port 4318 as a rule: `/v1/logs` is added.'),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]{1,100}$/), SecretReference)
    .default({})
    .describe('Header fields with secret values, such as `authorization`.'),
});
type OtlpSettings = z.infer<typeof OtlpSettings>;

/** The only codes that the protocol lets us try again (OTLP, "retryable response codes"). */
const RETRYABLE = new Set([429, 502, 503, 504]);
const INFO = { severityNumber: 9, severityText: 'INFO' };
const WARN = { severityNumber: 13, severityText: 'WARN' };

function text(key: string, value: string | undefined): readonly object[] {
  return value === undefined ? [] : [{ key, value: { stringValue: value } }];
}

/** OTLP JSON: camelCase, and 64-bit integers as text. */
function toRecord({ event, index, text: body }: SinkDocument): object {
  const time = `${event.timeMs}000000`;
  return {
    timeUnixNano: time,
    observedTimeUnixNano: time,
    ...(eventMeanings[event.type]?.outcome === 'failure' ? WARN : INFO),
    eventName: `vouchgate.${event.type}`,
    body: { stringValue: body },
    attributes: [
      { key: 'vouchgate.index', value: { intValue: String(index) } },
      { key: 'vouchgate.sequence', value: { intValue: String(event.sequence) } },
      ...text('vouchgate.event.id', event.id),
      ...text('vouchgate.decision', event.decision),
      ...text('vouchgate.resource', event.resource),
      ...text('vouchgate.lease', event.lease),
    ],
  };
}

function formatRequest({ origin, documents }: SinkBatch): string {
  return JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: [...text('service.name', 'vouchgate'), ...text('vouchgate.log', origin)] },
        scopeLogs: [{ scope: { name: 'vouchgate.audit' }, logRecords: documents.map(toRecord) }],
      },
    ],
  });
}

/** How many were rejected is all that the protocol says, and it forbids to send the request again. */
function readPartialSuccess(batch: SinkBatch, body: string, secrets: readonly Secret[]): SendResult {
  const partial: unknown = Object(parseAnswer(body)?.['partialSuccess']);
  const [count, said] = [
    Number(Reflect.get(Object(partial), 'rejectedLogRecords') ?? 0),
    Reflect.get(Object(partial), 'errorMessage'),
  ];
  if (!(count > 0)) return accepted(batch);
  const message = `${count} of ${batch.documents.length} rejected: ${quoteAnswer(typeof said === 'string' ? said : '', secrets)}`;
  const rejected = batch.documents.map((_, at) => ({ at, code: 'otlp_partial_success', message }));
  const taken = Math.max(0, batch.documents.length - count);
  return { settled: batch.documents.length, rejected, taken };
}

async function open(settings: OtlpSettings, context: SinkContext): Promise<Sink> {
  const secrets: Secret[] = [];
  const headers: Record<string, string> = {};
  for (const [name, reference] of Object.entries(settings.headers)) {
    const secret = await context.resolveSecret(reference);
    secrets.push(secret);
    headers[name.toLowerCase()] = secret.reveal();
  }
  return {
    async send(batch, signal) {
      const done = await exchange(context.fetch, `${settings.url}/v1/logs`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: formatRequest(batch),
        signal,
      });
      if ('trouble' in done) return failed(done.trouble);
      const trouble = troubleOf(done.answer, context.clock, secrets);
      if (trouble === undefined) return readPartialSuccess(batch, done.answer.body, secrets);
      if (trouble.kind === 'retry' && !RETRYABLE.has(done.answer.status))
        return failed({ ...trouble, kind: 'refused' });
      return failed(trouble);
    },
    close: async () => {},
  };
}

export const sink: SinkKind<OtlpSettings> = {
  id: 'otlp',
  title: 'OpenTelemetry (OTLP logs)',
  description:
    'Sends events as log records by OTLP over HTTP in JSON. The way to whatever a collector reaches.',
  settings: OtlpSettings,
  schemaDefault: 'vouchgate',
  // Small: when a receiver rejects some of a request, it does not say which, and all of them are parked.
  limits: { documentsMax: 100, bytesMax: 3_000_000, documentBytesMax: 2_000_000, delaySeconds: 1 },
  promise: 'The receiver has answered 200; a collector may hold events in memory only.',
  pitfalls: [
    'A collector that batches in memory loses events when it stops: give its exporters a persistent queue (`file_storage`).',
    'When some records of a request are rejected, the protocol does not say which and forbids to repeat it: all of them are parked, and `audit sinks --retry` sends them one by one. Those that were taken are there twice then.',
  ],
  open,
  check: ({ url }, { fetch }, signal) => findReceiver(fetch, url, { signal }),
};
