import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { toDocument } from '../../mapping/document.ts';
import { ORIGIN } from '../../outbox/delivery.fake.ts';
import { openProvenLog } from '../proven-log.fake.ts';
import { describeSink } from '../sink.contract.ts';
import { FakeBucket } from './s3.fake.ts';
import { encodePath, signRequest } from './signature.ts';
import { sink } from './sink.ts';

/** The time is in the signature: taken from the request, so that the clock of the suite may jump. */
function bucketWithAnyTime(): FakeBucket {
  const bucket: FakeBucket = new FakeBucket(() => {
    const stamp = bucket.receiver.requests.at(-1)?.headers['x-amz-date'] ?? '';
    return Date.parse(stamp.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
  });
  return bucket;
}

describeSink({
  kind: sink,
  // An object under its own digest is there once; batches that were cut differently repeat events.
  idempotent: false,
  parkedForPoison: 'none',
  open: async () => {
    const bucket = bucketWithAnyTime();
    await bucket.receiver.listen();
    const { receiver, settings, secrets } = bucket;
    return { receiver, settings, secrets, copy: () => bucket.lines() };
  },
});

describe('the signature', () => {
  it('is that of the example in the documentation of S3', () => {
    const headers = signRequest(
      {
        method: 'GET',
        url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
        headers: { range: 'bytes=0-9' },
        body: Buffer.of(),
      },
      {
        accessKeyId: ['AKIA', 'IOSFODNN7EXAMPLE'].join(''),
        secretAccessKey: ['wJalrXUtnFEMI', 'K7MDENG', 'bPxRfiCYEXAMPLEKEY'].join('/'),
        region: 'us-east-1',
      },
      Date.UTC(2013, 4, 24),
    );
    expect(headers['authorization']).toContain(
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
  });

  it('escapes every part of a path, and leaves the slashes', () => {
    expect(encodePath("a b/c'd(e)/ü+*")).toBe('a%20b/c%27d%28e%29/%C3%BC%2B%2A');
  });
});

describe('a bucket', () => {
  it('gets each batch once, with the checkpoint beside it, and is read back page by page', async () => {
    const bucket = bucketWithAnyTime();
    await bucket.receiver.listen();
    const clock = { nowMs: () => 1_800_000_000_000 };
    const trust = { allowPrivateHosts: [bucket.receiver.host] };
    const network = createBoundedFetch({ clock, log: silentLogger, trust });
    const secrets: Readonly<Record<string, string>> = bucket.secrets;
    const context = {
      clock,
      log: silentLogger,
      fetch: network.fetch,
      allowPrivateHosts: [],
      resolveSecret: async (reference: object) =>
        new Secret(secrets[String(Reflect.get(reference, 'env'))] ?? ''),
      sleep: async () => {},
    };
    const settings = sink.settings.parse(bucket.settings);
    const opened = await sink.open(settings, context);
    const log = await openProvenLog(50);
    const { checkpoint } = await log.head();
    const documents = log.events.map((event, index) => {
      const text = JSON.stringify(toDocument('vouchgate', event, { origin: ORIGIN, index }));
      return { event, index, text, bytes: text.length };
    });
    for (const from of [0, 10, 20, 20, 30, 40])
      expect(
        await opened.send(
          { origin: ORIGIN, checkpoint, documents: documents.slice(from, from + 10) },
          new AbortController().signal,
        ),
      ).toEqual({ settled: 10, rejected: [] });
    const keys = [...bucket.objects.keys()].toSorted();
    expect(keys).toHaveLength(6);
    expect(keys[0]).toBe('vouchgate/checkpoints/000000000000050.txt');
    expect(bucket.objects.get(keys[0] ?? '')?.bytes.toString()).toBe(checkpoint);
    expect(keys[1]).toMatch(/^vouchgate\/events\/2027\/01\/15\/0{15}-0{14}9-[0-9a-f]{16}\.ndjson\.gz$/);
    expect(
      gunzipSync(bucket.objects.get(keys[1] ?? '')?.bytes ?? '')
        .toString()
        .split('\n'),
    ).toHaveLength(11);
    const read = () =>
      log.compare(sink.readCopy?.(settings, context, { from: 0, until: 50 }) ?? (async function* () {})());
    expect(await read()).toMatchObject({ proven: 50, duplicates: 0, faultsAll: 0 });
    bucket.objects.delete(keys[2] ?? '');
    expect((await read()).faults.map(({ index, problem }) => `${index} ${problem}`)).toEqual(
      Array.from({ length: 10 }, (_, at) => `${at + 10} deleted`),
    );
    await network.close();
    await bucket.receiver.close();
  });
});
