import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type BoundedFetchOptions,
  type BoundedRequest,
  createBoundedFetch,
  FetchError,
} from './bounded-fetch.ts';
import { systemClock } from './clock.ts';
import { silentLogger } from './log.ts';

const REQUEST: BoundedRequest = { bodyBytesMax: 1_000, timeoutMs: 5_000 };
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function open(options: Partial<BoundedFetchOptions>) {
  const bounded = createBoundedFetch({ clock: systemClock, log: silentLogger, ...options });
  closers.push(() => bounded.close());
  return bounded.fetch;
}

/** A server on loopback, and a fetch that may speak to it. */
async function serve(listener: RequestListener) {
  const host = `127.0.0.1:${await listen(createServer(listener))}`;
  return { url: `http://${host}`, fetch: open({ trust: { allowPrivateHosts: [host] } }) };
}

async function codeOf(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => 'answered',
    (error: unknown) => (error instanceof FetchError ? error.code : String(error)),
  );
}

describe('the bounded fetch', () => {
  test('brings status, headers and body of an allowed host', async () => {
    const { url, fetch } = await serve((request, response) => {
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.statusCode = 418;
      request.pipe(response);
    });
    const answer = await fetch(`${url}/path?query`, { ...REQUEST, method: 'POST', body: 'ünïcode' });
    expect(answer).toMatchObject({ status: 418, headers: { 'set-cookie': 'a=1, b=2' }, body: 'ünïcode' });
  });

  test.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00:ec2::254]/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://x.localhost/',
    'https://127.0.0.1./',
  ])('does not connect to %s', async (url) => {
    const fetch = open({ trust: { allowPrivateHosts: ['other.internal', '127.0.0.1:1'] } });
    expect(await codeOf(fetch(url, REQUEST))).toBe('fetch_address_forbidden');
  });

  test.each([
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'data:text/plain,x',
    'https://user:password@example.com/',
    'no url',
  ])('does not fetch %s', async (url) => {
    expect(await codeOf(open({})(url, REQUEST))).toBe('fetch_scheme_forbidden');
  });

  test('judges the addresses that a name resolves to when it connects', async () => {
    const answers = [['140.82.121.4', '10.0.0.1'], ['169.254.169.254'], ['::ffff:127.0.0.1']];
    for (const addresses of answers) {
      const asked: string[] = [];
      const fetch = open({
        lookup: (hostname, _options, callback) => {
          asked.push(hostname);
          callback(
            null,
            addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
          );
        },
      });
      expect(await codeOf(fetch('https://rebinding.example/', REQUEST))).toBe('fetch_address_forbidden');
      expect(asked).toEqual(['rebinding.example']);
    }
  });

  test('connects to the address that it judged, not to what a second look-up would give', async () => {
    let lookups = 0;
    const fetch = open({
      lookup: (_hostname, _options, callback) => {
        lookups += 1;
        callback(null, [{ address: lookups === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }]);
      },
    });
    expect(await codeOf(fetch('https://rebinding.example/', REQUEST))).toBe('fetch_address_forbidden');
    expect(lookups).toBe(1);
  });

  test('says that a name does not resolve', async () => {
    const fetch = open({
      lookup: (_hostname, _options, callback) =>
        callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []),
    });
    await expect(fetch('https://nowhere.example/?secret', REQUEST)).rejects.toMatchObject({
      code: 'fetch_failed',
      message: 'The request to nowhere.example failed (ENOTFOUND).',
      location: 'https://nowhere.example/',
    });
  });

  test.each([301, 302, 303, 307, 308, 300])('does not follow a %i', async (status) => {
    const asked: string[] = [];
    const { url, fetch } = await serve((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(status, { location: 'http://169.254.169.254/' }).end();
    });
    expect(await codeOf(fetch(`${url}/first`, REQUEST))).toBe('fetch_redirect_forbidden');
    expect(asked).toEqual(['/first']);
  });

  test.each([
    ['plain', undefined, (body: string) => Buffer.from(body)],
    ['gzip', 'gzip', (body: string) => gzipSync(body)],
    ['brotli', 'br', (body: string) => brotliCompressSync(body)],
  ])('counts the bytes of a %s body after decoding', async (_, encoding, compress) => {
    const { url, fetch } = await serve((request, response) => {
      if (encoding !== undefined) response.setHeader('content-encoding', encoding);
      response.end(compress('x'.repeat(Number(request.url?.slice(1)))));
    });
    expect((await fetch(`${url}/1000`, REQUEST)).body).toHaveLength(1_000);
    expect(await codeOf(fetch(`${url}/1001`, REQUEST))).toBe('fetch_too_large');
    expect(await codeOf(fetch(`${url}/2000000`, REQUEST))).toBe('fetch_too_large');
  });

  test.each([
    ['zstd', Buffer.from('x')],
    ['gzip', Buffer.from('no gzip at all')],
    ['gzip', gzipSync('cut short').subarray(0, 15)],
  ])('fails on a body that is not the %s it claims to be', async (encoding, body) => {
    const { url, fetch } = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body);
    });
    expect(await codeOf(fetch(url, REQUEST))).toBe('fetch_failed');
  });

  test('stops an endless body', async () => {
    const { url, fetch } = await serve((_, response) => {
      const timer = setInterval(() => response.write('x'.repeat(400)), 5);
      response.on('close', () => clearInterval(timer));
    });
    expect(await codeOf(fetch(url, REQUEST))).toBe('fetch_too_large');
  });

  test.each([
    ['no headers', (() => {}) satisfies RequestListener],
    ['a body that drips', ((_, response) => response.write('x')) satisfies RequestListener],
  ])('does not wait beyond its time for %s', async (_, listener) => {
    const { url, fetch } = await serve(listener);
    expect(await codeOf(fetch(url, { ...REQUEST, timeoutMs: 100 }))).toBe('fetch_timeout');
  });

  test('ends with the signal of its caller', async () => {
    const { url, fetch } = await serve(() => {});
    const answer = codeOf(fetch(url, { ...REQUEST, signal: AbortSignal.timeout(50) }));
    expect(await answer).toBe('fetch_failed');
  });

  test('names no user, query or body in its errors', async () => {
    const { url, fetch } = await serve((_, response) => response.writeHead(302).end());
    const error: unknown = await fetch(`${url}/p?token=canary`, {
      ...REQUEST,
      method: 'POST',
      body: 'canary',
    }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(FetchError);
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('canary');
    expect(error).toMatchObject({ location: `${url}/p` });
  });

  test('leaves the way out to a proxy, but not for private hosts and literals', async () => {
    const connects: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket: Socket) => {
      connects.push(request.url ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    const direct = await serve((_, response) => response.end('direct'));
    const fetch = open({
      proxyUrl: `http://user:canary@127.0.0.1:${await listen(proxy)}`,
      trust: { allowPrivateHosts: [new URL(direct.url).host] },
    });
    const error: unknown = await fetch('https://issuer.example/', REQUEST).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'fetch_failed' });
    expect(String(error)).not.toContain('canary');
    expect(connects).toEqual(['issuer.example:443']);
    expect(await codeOf(fetch('https://169.254.169.254/', REQUEST))).toBe('fetch_address_forbidden');
    expect((await fetch(direct.url, REQUEST)).body).toBe('direct');
    expect(connects).toHaveLength(1);
  });

  test('refuses a file of CA certificates that holds none', () => {
    expect(() => open({ trust: { caPem: 'nothing' } })).toThrow(FetchError);
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    expect(() => open({ trust: { caPem: broken } })).toThrow();
  });
});

function makeCertificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'bounded-fetch-'));
  closers.push(async () => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=issuer.internal', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!hasOpenssl)('over TLS (needs the openssl command)', () => {
  test('trusts a private CA only when it is given', async () => {
    const { key, cert } = makeCertificate();
    const host = `127.0.0.1:${await listen(createTlsServer({ key, cert }, (_, response) => response.end('private')))}`;
    const trust = { allowPrivateHosts: [host] };
    const trusting = open({ trust: { ...trust, caPem: cert } });
    expect((await trusting(`https://${host}/`, REQUEST)).body).toBe('private');
    expect(await codeOf(open({ trust })(`https://${host}/`, REQUEST))).toBe('fetch_failed');
  });

  test('reaches through a proxy by CONNECT, and still checks the certificate of the target', async () => {
    const { key, cert } = makeCertificate();
    const target = await listen(createTlsServer({ key, cert }, (_, response) => response.end('through')));
    const proxy = createServer();
    proxy.on('connect', (_request, client: Socket) => {
      const upstream = connect(target, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on('error', () => client.destroy());
      client.on('error', () => upstream.destroy());
    });
    const fetch = open({ proxyUrl: `http://127.0.0.1:${await listen(proxy)}`, trust: { caPem: cert } });
    // The certificate is for 127.0.0.1: for any other name it must not do.
    await expect(fetch('https://issuer.example/', REQUEST)).rejects.toMatchObject({
      message: 'The request to issuer.example failed (ERR_TLS_CERT_ALTNAME_INVALID).',
    });
  });
});
