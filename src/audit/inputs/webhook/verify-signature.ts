import { createHmac } from 'node:crypto';
import { equalTexts } from '#core/equal-texts.ts';
import type { Secret } from '#core/secret.ts';
import type { Delivery } from '../input.ts';

export type WebhookScheme = 'github' | 'gitlab' | 'standard';

export type Verified =
  /** `id`: of the delivery, by the sender; `timestampMs` where the signature covers one. */
  { ok: true; id: string | undefined; timestampMs?: number } | { ok: false; reason: string };

const SIGNATURES_MAX = 10;

function hmac(key: string | Buffer, ...parts: readonly (string | Buffer)[]): Buffer {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

/** `X-Hub-Signature-256: sha256=<hex>`. GitHub signs no time: a replay is known by `X-GitHub-Delivery`. */
function verifyGithub({ header, body }: Delivery, secret: Secret): Verified {
  const given = header('x-hub-signature-256') ?? '';
  const expected = `sha256=${hmac(secret.reveal(), body).toString('hex')}`;
  if (!equalTexts(given, expected)) return { ok: false, reason: 'X-Hub-Signature-256 is not right' };
  return { ok: true, id: header('x-github-delivery') };
}

/** `X-Gitlab-Token` is the secret itself: it proves who sends, and nothing about the body. */
function verifyGitlab({ header }: Delivery, secret: Secret): Verified {
  if (!equalTexts(header('x-gitlab-token') ?? '', secret.reveal()))
    return { ok: false, reason: 'X-Gitlab-Token is not right' };
  return { ok: true, id: header('idempotency-key') ?? header('x-gitlab-event-uuid') };
}

/** Standard Webhooks: `v1,<base64>` over `id.timestamp.body`, one of several when a key is being changed. */
function verifyStandard({ header, body }: Delivery, secret: Secret): Verified {
  const id = header('webhook-id');
  const timestamp = header('webhook-timestamp') ?? '';
  if (id === undefined || !/^\d{1,12}$/.test(timestamp))
    return { ok: false, reason: 'webhook-id or webhook-timestamp is missing' };
  const text = secret.reveal();
  const key = Buffer.from(text.startsWith('whsec_') ? text.slice('whsec_'.length) : text, 'base64');
  const expected = `v1,${hmac(key, `${id}.${timestamp}.`, body).toString('base64')}`;
  const given = (header('webhook-signature') ?? '').split(' ', SIGNATURES_MAX);
  if (!given.some((each) => equalTexts(each, expected)))
    return { ok: false, reason: 'webhook-signature is not right' };
  return { ok: true, id, timestampMs: Number(timestamp) * 1_000 };
}

/** Whether a delivery comes from who holds the secret. An empty secret lets nobody in. */
export function verifySignature(scheme: WebhookScheme, delivery: Delivery, secret: Secret): Verified {
  if (secret.reveal() === '') return { ok: false, reason: 'the secret of this input is empty' };
  const verify = { github: verifyGithub, gitlab: verifyGitlab, standard: verifyStandard }[scheme];
  return verify(delivery, secret);
}
