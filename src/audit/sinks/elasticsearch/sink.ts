import type { Secret } from '#core/secret.ts';
import { exchange, findReceiver, parseAnswer, quoteAnswer, troubleOf } from '../http-answer.ts';
import {
  failed,
  type Rejection,
  type SendResult,
  type Sink,
  type SinkBatch,
  type SinkContext,
  type SinkKind,
} from '../sink.ts';
import { authorize } from './authorize.ts';
import { readCopy } from './read-copy.ts';
import { ElasticsearchSettings } from './settings.ts';

const ANSWER_BYTES_MAX = 16_000_000;
/** Only what is looked at: an answer repeats each id and shard otherwise. */
const FILTER = 'filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason';
/** The event is there already: the answer to an earlier try was lost. */
const CONFLICT = 'version_conflict_engine_exception';

interface ItemAnswer {
  readonly status: number;
  readonly type: string;
  readonly reason: string;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function readItem(value: unknown): ItemAnswer {
  const create = fieldOf(value, 'create');
  const error = fieldOf(create, 'error');
  const [status, type, reason] = [
    fieldOf(create, 'status'),
    fieldOf(error, 'type'),
    fieldOf(error, 'reason'),
  ];
  return {
    status: typeof status === 'number' ? status : 0,
    type: typeof type === 'string' ? type.slice(0, 100) : 'unknown',
    reason: typeof reason === 'string' ? reason : '',
  };
}

/** In the order of the batch, as the protocol says; the first one that has to be sent again ends what is settled. */
function readItems(items: readonly unknown[], secrets: readonly Secret[]): SendResult {
  const rejected: Rejection[] = [];
  for (const [at, value] of items.entries()) {
    const { status, type, reason } = readItem(value);
    if ((status >= 200 && status < 300) || (status === 409 && type === CONFLICT)) continue;
    const message = `${type}: ${quoteAnswer(reason, secrets)}`;
    if (status >= 400 && status < 500 && status !== 429 && status !== 401 && status !== 403) {
      rejected.push({ at, code: `elasticsearch_${status}`, message });
      continue;
    }
    const kind = status === 401 || status === 403 ? 'refused' : 'retry';
    return { settled: at, rejected, trouble: { kind, code: `elasticsearch_${status}`, message } };
  }
  return { settled: items.length, rejected };
}

function formatBulk({ documents }: SinkBatch): string {
  return documents
    .map(({ event, text }) => `${JSON.stringify({ create: { _id: event.id } })}\n${text}\n`)
    .join('');
}

async function open(settings: ElasticsearchSettings, context: SinkContext): Promise<Sink> {
  const { headers, secrets } = await authorize(settings, context);
  const url = `${settings.url}/${settings.dataStream}/_bulk?${FILTER}`;
  return {
    async send(batch, signal) {
      const done = await exchange(context.fetch, url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/x-ndjson' },
        body: formatBulk(batch),
        bodyBytesMax: ANSWER_BYTES_MAX,
        signal,
      });
      if ('trouble' in done) return failed(done.trouble);
      const trouble = troubleOf(done.answer, context.clock, secrets);
      if (trouble !== undefined) return failed(trouble);
      const items = parseAnswer(done.answer.body)?.['items'];
      // A proxy that answers 200 to everything would be believed otherwise.
      if (!Array.isArray(items) || items.length !== batch.documents.length) {
        const message = 'Its answer is not that of a bulk request.';
        return failed({ kind: 'retry', code: 'elasticsearch_answer_invalid', message });
      }
      return readItems(items, secrets);
    },
    close: async () => {},
  };
}

export const sink: SinkKind<ElasticsearchSettings> = {
  id: 'elasticsearch',
  title: 'Elasticsearch and OpenSearch',
  description:
    'Adds each event to a data stream by `_bulk`, under its own id: what is sent twice stands there once. One sink for both products; templates/siem has index templates with life cycle, and a dashboard.',
  settings: ElasticsearchSettings,
  schemaDefault: 'ecs',
  limits: { documentsMax: 1_000, bytesMax: 8_000_000, documentBytesMax: 4_000_000, delaySeconds: 1 },
  promise: 'Each event is on the primary shard and on those copies that the index waits for.',
  pitfalls: [
    'Load the index template first: without it the cluster guesses types from the first event, and refuses later ones.',
    'An id is unique within one backing index: an event that is sent again right after a rollover may be there twice.',
    'Let the key only create documents (`create_doc`, `auto_configure`); reading for `audit reconcile` needs `read`.',
    'An ingest pipeline that changes events makes `audit reconcile` report them as altered.',
  ],
  open,
  check: async (settings, context, signal) => {
    const { headers } = await authorize(settings, context);
    return findReceiver(context.fetch, settings.url, { headers, signal });
  },
  readCopy,
};
