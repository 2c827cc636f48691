import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { nowSeconds } from '#core/clock.ts';
import { SecretReference } from '#core/config/secret-reference.ts';
import { AppError } from '#core/errors.ts';
import type { Secret } from '#core/secret.ts';
import { exchange, findReceiver, troubleOf } from '../http-answer.ts';
import { accepted, failed, type Sink, type SinkBatch, type SinkContext, type SinkKind } from '../sink.ts';
import { SinkUrl } from '../sink-url.ts';

const PREFIX = 'whsec_';
/** Standard Webhooks: 24 to 64 bytes. */
const KEY_BYTES_MIN = 24;
const GONE = 410;

const WebhookSettings = z.strictObject({
  url: SinkUrl,
  secrets: z
    .array(SecretReference)
    .min(1)
    .max(5)
    .describe('Keys as `whsec_` and base64; while one replaces another, each message is signed with both.'),
});
type WebhookSettings = z.infer<typeof WebhookSettings>;

export type WebhookErrorCode = 'webhook_secret_invalid';
export class WebhookError extends AppError<WebhookErrorCode> {}

function readKey(secret: Secret): Buffer {
  const text = secret.reveal();
  const key = Buffer.from(text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '', 'base64');
  if (key.length >= KEY_BYTES_MIN) return key;
  throw new WebhookError('webhook_secret_invalid', 'the secret of the webhook is no whsec_ key', {
    remedy: `Make one: echo ${PREFIX}$(openssl rand -base64 32)`,
  });
}

/** The same for the same entries, so that a receiver knows a message that it has already. */
function nameMessage({ origin, documents }: SinkBatch): string {
  const [first, last] = [documents[0]?.index ?? 0, documents.at(-1)?.index ?? 0];
  return `msg_${Buffer.from(origin).toString('base64url')}_${first}_${last}`;
}

function formatBody(batch: SinkBatch): string {
  const { documents, origin, checkpoint } = batch;
  const [first, last] = [documents[0], documents.at(-1)];
  const head = {
    type: 'vouchgate.audit.events',
    timestamp: new Date(last?.event.timeMs ?? 0).toISOString(),
    log: { origin, first: first?.index, last: last?.index, checkpoint },
  };
  return `${JSON.stringify(head).slice(0, -1)},"data":[${documents.map(({ text }) => text).join(',')}]}`;
}

async function open(settings: WebhookSettings, context: SinkContext): Promise<Sink> {
  const secrets = await Promise.all(settings.secrets.map((reference) => context.resolveSecret(reference)));
  const keys = secrets.map(readKey);
  return {
    async send(batch, signal) {
      const [id, timestamp, body] = [nameMessage(batch), nowSeconds(context.clock), formatBody(batch)];
      const signatures = keys.map(
        (key) => `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
      );
      const done = await exchange(context.fetch, settings.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signatures.join(' '),
        },
        body,
        signal,
      });
      if ('trouble' in done) return failed(done.trouble);
      const trouble = troubleOf(done.answer, context.clock, secrets);
      if (trouble === undefined) return accepted(batch);
      return failed(done.answer.status === GONE ? { ...trouble, kind: 'stopped' } : trouble);
    },
    close: async () => {},
  };
}

export const sink: SinkKind<WebhookSettings> = {
  id: 'webhook',
  title: 'Signed webhook',
  description:
    'Posts events to an endpoint of yours, signed as Standard Webhooks v1 says; any library of theirs verifies it. `data` is a list of events; `log` says which entries of the log they are, and carries the signed checkpoint.',
  settings: WebhookSettings,
  schemaDefault: 'vouchgate',
  limits: { documentsMax: 100, bytesMax: 1_000_000, documentBytesMax: 900_000, delaySeconds: 1 },
  promise: 'The endpoint has answered 2xx.',
  pitfalls: [
    'Verify the signature and the timestamp (five minutes), and keep `webhook-id` to leave out what comes twice. After a failure the batches can be cut differently: event ids are what counts.',
    '410 stops the sink until somebody asks for more: vouchgate audit sinks --retry NAME.',
    'Answer when the events are stored, not before.',
  ],
  open,
  check: ({ url }, { fetch }, signal) => findReceiver(fetch, url, { signal }),
};
