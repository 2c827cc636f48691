import { randomUUID } from 'node:crypto';
import type { Secret } from '#core/secret.ts';
import { exchange, findReceiver } from '../http-answer.ts';
import {
  accepted,
  failed,
  type SendResult,
  type Sink,
  type SinkBatch,
  type SinkContext,
  type SinkDocument,
  type SinkKind,
  type SinkTrouble,
} from '../sink.ts';
import { awaitAcknowledgement } from './acknowledgement.ts';
import { readHecAnswer } from './hec-answer.ts';
import { readCopy } from './read-copy.ts';
import { SplunkSettings } from './settings.ts';

/** Splunk Cloud takes 1 MB in one request. */
const REQUEST_BYTES_MAX = 900_000;

function formatEvent({ event, index, text }: SinkDocument, settings: SplunkSettings): string {
  const head = {
    // Seconds with a fraction, so that no rounding moves it.
    time: (event.timeMs / 1_000).toFixed(3),
    host: 'vouchgate',
    source: 'vouchgate',
    sourcetype: settings.sourcetype,
    ...(settings.index === undefined ? {} : { index: settings.index }),
    fields: { vouchgate_id: event.id, vouchgate_index: index, vouchgate_sequence: event.sequence },
  };
  return `${JSON.stringify(head).slice(0, -1)},"event":${text}}`;
}

/** Requests that the collector takes, in order. */
function cutRequests(documents: readonly SinkDocument[], settings: SplunkSettings): readonly string[][] {
  const requests: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const document of documents) {
    const line = formatEvent(document, settings);
    const length = Buffer.byteLength(line);
    if (bytes + length > REQUEST_BYTES_MAX) {
      requests.push([]);
      bytes = 0;
    }
    requests.at(-1)?.push(line);
    bytes += length;
  }
  return requests;
}

class SplunkSink implements Sink {
  readonly #settings: SplunkSettings;
  readonly #context: SinkContext;
  readonly #token: Secret;
  /** Ids of acknowledgements count within a channel: a new one after each failure, so that none is mixed up. */
  #channel: string = randomUUID();

  constructor(settings: SplunkSettings, context: SinkContext, token: Secret) {
    this.#settings = settings;
    this.#context = context;
    this.#token = token;
  }

  async send(batch: SinkBatch, signal: AbortSignal): Promise<SendResult> {
    const result = await this.#sendRequests(batch, signal);
    if (result.trouble !== undefined) this.#channel = randomUUID();
    return result;
  }

  async #sendRequests(batch: SinkBatch, signal: AbortSignal): Promise<SendResult> {
    const { acknowledgement } = this.#settings;
    const ackIds: number[] = [];
    let sent = 0;
    for (const lines of cutRequests(batch.documents, this.#settings)) {
      const answer = await this.#post(lines.join('\n'), signal);
      // Without acknowledgement, what was taken before stands.
      const before = acknowledgement ? 0 : sent;
      if ('kind' in answer) return failed(answer, before);
      const { trouble, ackId } = answer;
      if (trouble !== undefined) return failed(trouble, before);
      if (ackId !== undefined) ackIds.push(ackId);
      else if (acknowledgement) return failed(noAckId);
      sent += lines.length;
    }
    if (!acknowledgement) return accepted(batch);
    const { url, acknowledgementTimeout } = this.#settings;
    const [channel, token, timeoutMs] = [this.#channel, this.#token, acknowledgementTimeout * 1_000];
    const trouble = await awaitAcknowledgement(
      this.#context,
      { url, channel, token, timeoutMs },
      ackIds,
      signal,
    );
    return trouble === undefined ? accepted(batch) : failed(trouble);
  }

  async #post(body: string, signal: AbortSignal): Promise<SinkTrouble | ReturnType<typeof readHecAnswer>> {
    const { fetch, clock } = this.#context;
    const done = await exchange(fetch, `${this.#settings.url}/services/collector/event`, {
      method: 'POST',
      headers: {
        authorization: `Splunk ${this.#token.reveal()}`,
        'content-type': 'application/json',
        ...(this.#settings.acknowledgement ? { 'x-splunk-request-channel': this.#channel } : {}),
      },
      body,
      signal,
    });
    return 'trouble' in done ? done.trouble : readHecAnswer(done.answer, clock, [this.#token]);
  }

  async close(): Promise<void> {}
}

const noAckId: SinkTrouble = {
  kind: 'refused',
  code: 'splunk_no_acknowledgement',
  message: 'The token has no indexer acknowledgement: enable it, or set acknowledgement to false.',
};

export const sink: SinkKind<SplunkSettings> = {
  id: 'splunk-hec',
  title: 'Splunk HTTP Event Collector',
  description:
    'Sends events to the HTTP Event Collector, each with `vouchgate_id`, `vouchgate_index` and `vouchgate_sequence` as indexed fields, and waits for the indexers where acknowledgement is on.',
  settings: SplunkSettings,
  schemaDefault: 'vouchgate',
  // Several requests make one batch, so that one round of acknowledgements covers many events.
  limits: { documentsMax: 5_000, bytesMax: 5_000_000, documentBytesMax: 800_000, delaySeconds: 1 },
  promise:
    'With acknowledgement: the indexers have the events. Without: the collector has parsed them, and loses what it holds when it dies.',
  pitfalls: [
    'Events are cut at `TRUNCATE` (10,000 bytes by default): set `TRUNCATE = 0` and `KV_MODE = json` for the sourcetype.',
    'After a failure an event can be there twice: `dedup vouchgate_id` in searches.',
    '`audit reconcile` searches by `vouchgate_index`: templates/siem/splunk-fields.conf makes it a field that searches find.',
    'Splunk Cloud offers acknowledgement for Firehose only: leave it off there.',
    'A load balancer before several collectors must keep a channel on one of them, or acknowledgements are never found.',
  ],
  open: async (settings, context) =>
    new SplunkSink(settings, context, await context.resolveSecret(settings.token)),
  check: ({ url }, { fetch }, signal) => findReceiver(fetch, `${url}/services/collector/health`, { signal }),
  readCopy,
};
