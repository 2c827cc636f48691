import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { parseSignedCheckpoint } from '../../log/checkpoint.ts';
import { accepted, failed, type Sink, type SinkBatch, type SinkContext, type SinkKind } from '../sink.ts';
import { openObjectStore } from './object-store.ts';
import { readCopy } from './read-copy.ts';
import { S3Settings } from './settings.ts';

const compress = promisify(gzip);
const DIGITS = 15;
/** As CloudTrail does it: readers of HTTP see lines, readers of files a gzip. */
const gzipped = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
const plain = { 'content-type': 'text/plain; charset=utf-8' };

function padded(number: number): string {
  return String(number).padStart(DIGITS, '0');
}

/**
 * By the day of the first event, then by the entries: in the order of the log. The digest of what is in it makes the
 * name its own: one that exists already holds the same.
 */
function nameBatch({ documents }: SinkBatch, text: string): string {
  const [first, last] = [documents[0], documents.at(-1)];
  const day = new Date(first?.event.timeMs ?? 0).toISOString().slice(0, 10).replaceAll('-', '/');
  const digest = hash('sha256', text, 'hex').slice(0, 16);
  return `events/${day}/${padded(first?.index ?? 0)}-${padded(last?.index ?? 0)}-${digest}.ndjson.gz`;
}

async function open(settings: S3Settings, context: SinkContext): Promise<Sink> {
  const store = await openObjectStore(settings, context);
  let lastCheckpoint = '';
  const keepCheckpoint = async (checkpoint: string | undefined) => {
    const size = parseSignedCheckpoint(checkpoint ?? '')?.checkpoint.size;
    if (checkpoint === undefined || size === undefined || checkpoint === lastCheckpoint) return undefined;
    const name = `checkpoints/${padded(size)}.txt`;
    const trouble = await store.create(name, Buffer.from(checkpoint), plain);
    if (trouble === undefined) lastCheckpoint = checkpoint;
    return trouble;
  };
  return {
    async send(batch) {
      const text = batch.documents.map((document) => `${document.text}\n`).join('');
      const name = nameBatch(batch, text);
      const trouble =
        (await store.create(name, await compress(text), gzipped)) ??
        // After the events that it speaks of: a reader never finds it without them.
        (await keepCheckpoint(batch.checkpoint));
      return trouble === undefined ? accepted(batch) : failed(trouble);
    },
    close: async () => {},
  };
}

export const sink: SinkKind<S3Settings> = {
  id: 's3',
  title: 'S3-compatible object storage',
  description:
    'Writes each batch as one compressed object, never over another one, with its checksum, and with Object Lock where it is asked for. Signed checkpoints lie beside the events: kept under another owner, they are what nobody can rewrite.',
  settings: S3Settings,
  schemaDefault: 'vouchgate',
  limits: { documentsMax: 20_000, bytesMax: 16_000_000, documentBytesMax: 16_000_000, delaySeconds: 60 },
  promise: 'The store has checked the checksum and has the object.',
  pitfalls: [
    'Give the key s3:PutObject only (and s3:PutObjectRetention with Object Lock); `audit reconcile` needs s3:GetObject and s3:ListBucket, better with another key.',
    'A store that ignores `If-None-Match` lets objects be replaced: use versioning or Object Lock there.',
    'Up to a minute passes before a batch is written: set `delay` for less.',
  ],
  open,
  async check(settings, context) {
    const answer = await (await openObjectStore(settings, context)).get('', {
      'list-type': '2',
      'max-keys': '1',
    });
    // A key that may only write is told so, and a wrong one hears the same.
    return 'status' in answer || answer.code === 'http_403' ? [] : [answer.message];
  },
  readCopy,
};
