import { createHash } from 'node:crypto';
import type { BoundedResponse } from '#core/bounded-fetch.ts';
import type { Secret } from '#core/secret.ts';
import { exchange, troubleOf } from '../http-answer.ts';
import type { SinkContext, SinkTrouble } from '../sink.ts';
import type { S3Settings } from './settings.ts';
import { encodePath, signRequest } from './signature.ts';

const DAY_MS = 86_400_000;
const TIMEOUT_MS = 60_000;
const OBJECT_BYTES_MAX = 64_000_000;
/** The object is there already: the answer to an earlier try was lost. */
const PRECONDITION_FAILED = 412;

export interface ObjectStore {
  /** Creates an object; one that is there stays, and that is a success. */
  create(
    name: string,
    body: Uint8Array,
    type: Readonly<Record<string, string>>,
  ): Promise<SinkTrouble | undefined>;
  get(path: string, query?: Readonly<Record<string, string>>): Promise<BoundedResponse | SinkTrouble>;
}

function addressOf({ endpoint, bucket, region }: S3Settings): string {
  return endpoint === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${endpoint}/${bucket}`;
}

export async function openObjectStore(settings: S3Settings, context: SinkContext): Promise<ObjectStore> {
  const { clock, fetch } = context;
  const resolve = (reference: S3Settings['accessKeyId']) => context.resolveSecret(reference);
  const accessKeyId = await resolve(settings.accessKeyId);
  const secretAccessKey = await resolve(settings.secretAccessKey);
  const sessionToken = settings.sessionToken === undefined ? undefined : await resolve(settings.sessionToken);
  const secrets: Secret[] = [
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? [] : [sessionToken]),
  ];
  const key = {
    accessKeyId: accessKeyId.reveal(),
    secretAccessKey: secretAccessKey.reveal(),
    sessionToken: sessionToken?.reveal(),
    region: settings.region,
  };
  const call = (
    method: 'GET' | 'PUT',
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
  ) =>
    exchange(fetch, url.href, {
      method,
      headers: signRequest({ method, url, headers, body }, key, clock.nowMs()),
      ...(method === 'PUT' ? { body } : {}),
      timeoutMs: TIMEOUT_MS,
      bodyBytesMax: OBJECT_BYTES_MAX,
    });
  const lock = () =>
    settings.objectLock === undefined
      ? {}
      : {
          'x-amz-object-lock-mode': settings.objectLock.mode,
          'x-amz-object-lock-retain-until-date': new Date(
            clock.nowMs() + settings.objectLock.days * DAY_MS,
          ).toISOString(),
        };
  return {
    async create(name, body, type) {
      const url = new URL(`${addressOf(settings)}/${encodePath(`${settings.prefix}${name}`)}`);
      const headers = {
        ...type,
        'if-none-match': '*',
        'x-amz-checksum-sha256': createHash('sha256').update(body).digest('base64'),
        ...lock(),
      };
      const done = await call('PUT', url, headers, body);
      if ('trouble' in done) return done.trouble;
      if (done.answer.status === PRECONDITION_FAILED) return undefined;
      const trouble = troubleOf(done.answer, clock, secrets);
      // 409: two conditional writes at once. No object is wrong by itself: a 400 is a matter of the settings.
      if (done.answer.status === 409 && trouble !== undefined) return { ...trouble, kind: 'retry' };
      return trouble?.kind === 'split' && done.answer.status !== 413
        ? { ...trouble, kind: 'refused' }
        : trouble;
    },
    async get(path, query = {}) {
      const url = new URL(`${addressOf(settings)}${path === '' ? '' : `/${encodePath(path)}`}`);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      const done = await call('GET', url, {}, Buffer.of());
      if ('trouble' in done) return done.trouble;
      return troubleOf(done.answer, clock, secrets) ?? done.answer;
    },
  };
}
