import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';
import { SecretReference } from '#core/config/secret-reference.ts';
import { exchange, findReceiver, troubleOf } from '../http-answer.ts';
import { accepted, failed, type Sink, type SinkContext, type SinkDocument, type SinkKind } from '../sink.ts';
import { SinkUrl } from '../sink-url.ts';

const compress = promisify(gzip);

const DatadogSettings = z.strictObject({
  site: z
    .string()
    .regex(/^[a-z0-9.-]{1,100}$/, 'must be a site such as datadoghq.eu')
    .default('datadoghq.com')
    .describe('Where the account lives: `datadoghq.com`, `datadoghq.eu`, `us5.datadoghq.com`…'),
  url: SinkUrl.optional().describe('In place of the intake of the site: a proxy of your own.'),
  apiKey: SecretReference,
  service: z.string().min(1).max(100).default('vouchgate'),
  tags: z.array(z.string().min(1).max(200)).max(50).default([]).describe('`env:production`…'),
});
type DatadogSettings = z.infer<typeof DatadogSettings>;

/** The document goes along as attributes: searchable, and whole for a check of the copy. */
function formatLog({ text, event, index }: SinkDocument, settings: DatadogSettings): string {
  const fields = {
    ddsource: 'vouchgate',
    ddtags: settings.tags.join(','),
    service: settings.service,
    message: `${event.type} (log entry ${index})`,
    timestamp: event.timeMs,
  };
  return `${JSON.stringify(fields).slice(0, -1)},"document":${text}}`;
}

function intakeOf({ url, site }: DatadogSettings): string {
  return `${url ?? `https://http-intake.logs.${site}`}/api/v2/logs`;
}

async function open(settings: DatadogSettings, context: SinkContext): Promise<Sink> {
  const key = await context.resolveSecret(settings.apiKey);
  const url = intakeOf(settings);
  return {
    async send(batch, signal) {
      const logs = batch.documents.map((document) => formatLog(document, settings));
      const done = await exchange(context.fetch, url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-encoding': 'gzip',
          'dd-api-key': key.reveal(),
        },
        body: await compress(`[${logs.join(',')}]`),
        signal,
      });
      if ('trouble' in done) return failed(done.trouble);
      const trouble = troubleOf(done.answer, context.clock, [key]);
      return trouble === undefined ? accepted(batch) : failed(trouble);
    },
    close: async () => {},
  };
}

export const sink: SinkKind<DatadogSettings> = {
  id: 'datadog',
  title: 'Datadog Logs',
  description: 'Sends events to the logs intake (API v2), compressed.',
  settings: DatadogSettings,
  schemaDefault: 'vouchgate',
  // The intake takes 1,000 logs and 5 MB, and cuts a log at 1 MB without a word: room is left for our envelope.
  limits: { documentsMax: 1_000, bytesMax: 4_500_000, documentBytesMax: 950_000, delaySeconds: 2 },
  promise: 'The intake has answered 202: it has the events and indexes them later.',
  pitfalls: [
    'A log that arrives more than 18 hours late loses its own timestamp: the time of the event is in the document, too.',
    'There is no id to tell a second copy by: after a failure an event can be there twice.',
    'Exclusion filters and quotas of an index drop events after they were taken; archives do not.',
    'The copy is compared from an export: vouchgate audit reconcile NAME --file EXPORT.',
  ],
  open,
  check: (settings, { fetch }, signal) => findReceiver(fetch, intakeOf(settings), { signal }),
};
