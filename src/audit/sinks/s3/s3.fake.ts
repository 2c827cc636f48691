import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { type FakeAnswer, FakeReceiver, type FakeRequest } from '../receiver.fake.ts';
import { signRequest } from './signature.ts';

const SECRET = ['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYEXAMPLEKEY'].join('/');
const ACCESS = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');
const PAGE = 3;

interface Stored {
  readonly bytes: Buffer;
  readonly headers: FakeRequest['headers'];
}

/** A bucket that checks signature, checksum and condition, as S3 does, and lists three keys at a time. */
export class FakeBucket {
  readonly objects = new Map<string, Stored>();
  readonly receiver = new FakeReceiver((request) => this.#handle(request));
  readonly secrets = { ACCESS, SECRET };
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get settings() {
    return {
      bucket: 'audit-copies',
      endpoint: this.receiver.url,
      accessKeyId: { env: 'ACCESS' },
      secretAccessKey: { env: 'SECRET' },
      objectLock: { days: 30 },
    };
  }

  lines(): readonly string[] {
    return [...this.objects]
      .filter(([key]) => key.includes('/events/'))
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([, { bytes }]) => gunzipSync(bytes).toString('utf8').trimEnd().split('\n'));
  }

  #handle(request: FakeRequest): FakeAnswer {
    if (!this.#isSigned(request)) return { status: 403, body: '<Code>SignatureDoesNotMatch</Code>' };
    if (!request.path.startsWith('/audit-copies')) return { status: 404 };
    const key = decodeURIComponent(request.path.slice('/audit-copies/'.length));
    if (request.method === 'PUT') return this.#put(key, request);
    if (request.query.has('list-type')) return this.#list(request.query);
    const found = this.objects.get(key);
    return found === undefined
      ? { status: 404 }
      : { status: 200, body: gunzipSync(found.bytes).toString('utf8') };
  }

  /** Signs what arrived once more: every header that was named counts. */
  #isSigned({ method, path, query, headers, bytes }: FakeRequest): boolean {
    const given = headers['authorization'] ?? '';
    const names = /SignedHeaders=([^,]+)/.exec(given)?.[1]?.split(';') ?? [];
    const own = new Set(['host', 'x-amz-content-sha256', 'x-amz-date']);
    const signed = Object.fromEntries(
      names.filter((name) => !own.has(name)).map((name) => [name, headers[name] ?? '']),
    );
    const url = new URL(`${this.receiver.url}${path}${query.size === 0 ? '' : `?${query.toString()}`}`);
    const key = { accessKeyId: ACCESS, secretAccessKey: SECRET, region: 'us-east-1' };
    const wanted = signRequest(
      { method: method === 'PUT' ? 'PUT' : 'GET', url, headers: signed, body: bytes },
      key,
      this.#nowMs(),
    );
    return (
      wanted['authorization'] === given && headers['x-amz-content-sha256'] === wanted['x-amz-content-sha256']
    );
  }

  #put(key: string, { headers, bytes }: FakeRequest): FakeAnswer {
    const digest = createHash('sha256').update(bytes).digest('base64');
    if (headers['x-amz-checksum-sha256'] !== digest) return { status: 400, body: '<Code>BadDigest</Code>' };
    if (headers['x-amz-object-lock-mode'] !== 'COMPLIANCE') return { status: 400 };
    if (headers['if-none-match'] !== '*') return { status: 501 };
    if (this.objects.has(key)) return { status: 412 };
    this.objects.set(key, { bytes, headers });
    return { status: 200 };
  }

  #list(query: URLSearchParams): FakeAnswer {
    const after = query.get('continuation-token') ?? '';
    const keys = [...this.objects.keys()]
      .toSorted()
      .filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after);
    const page = keys.slice(0, PAGE);
    const next = keys.length > PAGE ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    const contents = page.map((key) => `<Contents><Key>${encodeURIComponent(key)}</Key></Contents>`).join('');
    return {
      status: 200,
      body: `<?xml version="1.0"?><ListBucketResult>${contents}${next}</ListBucketResult>`,
    };
  }
}
