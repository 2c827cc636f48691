import type { BoundedFetch, BoundedResponse } from '../bounded-fetch.ts';
import type { Clock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Secret } from '../secret.ts';
import { encodeSpans, rejectedSpans } from './otlp-spans.ts';
import type { FinishedSpan } from './tracer.ts';

export interface SpanExporterOptions {
  /** Where OTLP/HTTP is taken, whole: `https://collector.example/v1/traces`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, Secret>>;
  readonly fetch: BoundedFetch;
  readonly service: { readonly name: string; readonly version: string };
  readonly clock: Clock;
  readonly log: Logger;
  readonly onOutcome: (outcome: 'exported' | 'dropped' | 'refused', spans: number) => void;
}

export interface SpanExporter {
  /** Never waits and never throws: what does not fit is dropped, and counted. */
  add(span: FinishedSpan): void;
  /** Sends what has gathered. For a timer; never rejects. */
  flush(): Promise<void>;
}

const QUEUE_MAX = 4_096;
const BATCH_MAX = 512;
const BATCHES_MAX = 16;
const TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 65_536;
const WAIT_MS_DEFAULT = 5_000;
const WAIT_MS_MAX = 300_000;
/** OTLP/HTTP: only these may be tried again. */
const RETRYABLE = new Set([429, 502, 503, 504]);

function waitMsOf({ headers }: BoundedResponse): number {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  if (!Number.isFinite(seconds) || seconds < 0) return WAIT_MS_DEFAULT;
  return Math.min(seconds * 1_000, WAIT_MS_MAX);
}

/** OTLP over HTTP in JSON. The queue is bounded, so a collector that is down costs some memory and nothing else. */
export function createSpanExporter(options: SpanExporterOptions): SpanExporter {
  const { endpoint, fetch, clock, log, onOutcome } = options;
  let queue: FinishedSpan[] = [];
  let notBeforeMs = 0;

  /** True when the batch is settled, well or not. */
  const send = async (batch: readonly FinishedSpan[]): Promise<boolean> => {
    const secrets = Object.entries(options.headers).map(([name, value]) => [name, value.reveal()]);
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { ...Object.fromEntries(secrets), 'content-type': 'application/json' },
      body: encodeSpans(batch, options.service),
      bodyBytesMax: ANSWER_BYTES_MAX,
      timeoutMs: TIMEOUT_MS,
    });
    if (RETRYABLE.has(response.status)) {
      notBeforeMs = clock.nowMs() + waitMsOf(response);
      return false;
    }
    const ok = response.status >= 200 && response.status < 300;
    const refused = ok ? Math.min(rejectedSpans(response.body), batch.length) : batch.length;
    if (refused > 0) log.warn('traces.refused', { status: response.status, spans: refused });
    if (refused > 0) onOutcome('refused', refused);
    if (refused < batch.length) onOutcome('exported', batch.length - refused);
    return true;
  };

  return {
    add(span) {
      if (queue.length >= QUEUE_MAX) onOutcome('dropped', 1);
      else queue.push(span);
    },
    async flush() {
      try {
        for (let sent = 0; sent < BATCHES_MAX && queue.length > 0; sent += 1) {
          if (clock.nowMs() < notBeforeMs) return;
          const batch = queue.slice(0, BATCH_MAX);
          if (!(await send(batch))) return;
          queue = queue.slice(batch.length);
        }
      } catch (error) {
        notBeforeMs = clock.nowMs() + WAIT_MS_DEFAULT;
        log.warn('traces.not_sent', { error: messageOf(error) });
      }
    },
  };
}
