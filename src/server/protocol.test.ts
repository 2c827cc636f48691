import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issuedExample } from './broker.fake.ts';
import { exchangeForm, problemIn, startTestServer, type TestServer } from './server.fake.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ limits: { headerTimeoutMs: 300, requestTimeoutMs: 600 } });
});
afterAll(() => server.close());

function open(): Socket {
  const { hostname, port } = new URL(server.url);
  return connect(Number(port), hostname);
}

/** Writes the pieces one after the other and reads until the server ends the connection. */
async function exchangeRaw(pieces: readonly string[], pauseMs = 0): Promise<string> {
  const socket = open();
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let received = '';
  socket.setTimeout(8_000, () => socket.destroy(new Error('the server kept the connection')));
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  let failure: Error | undefined;
  socket.on('error', (error) => (failure = error));
  socket.on('close', () => (received === '' && failure !== undefined ? reject(failure) : resolve(received)));
  for (const piece of pieces) {
    if (socket.writable) socket.write(piece, 'latin1');
    if (pauseMs > 0) await new Promise((done) => setTimeout(done, pauseMs));
  }
  return promise;
}

const statusesIn = (raw: string) =>
  [...raw.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
const get = (extra = '') => `GET /healthz HTTP/1.1\r\nHost: x\r\n${extra}Connection: close\r\n\r\n`;
const post = (headers: string, body: string, path = '/oauth2/token') =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n${headers}\r\n\r\n${body}`;
const form = new URLSearchParams(exchangeForm).toString();

describe('what is not HTTP/1.1', () => {
  it.each([
    ['a length and chunks at once', post(`Content-Length: 5\r\nTransfer-Encoding: chunked`, '0\r\n\r\n')],
    ['two lengths', post('Content-Length: 5\r\nContent-Length: 6', 'aaaaaa')],
    ['a length with a sign', post('Content-Length: +5', 'aaaaa')],
    ['chunked, but not at the end', post('Transfer-Encoding: chunked, identity', '0\r\n\r\n')],
    ['an unknown transfer coding', post('Transfer-Encoding: xchunked', '0\r\n\r\n')],
    ['a broken chunk size', post('Transfer-Encoding: chunked', 'zz\r\nabc\r\n0\r\n\r\n')],
    ['a folded header', get('X-A: 1\r\n 2\r\n')],
    ['a space before the colon', get('Content-Length : 0\r\n')],
    ['a bare CR', 'GET /healthz HTTP/1.1\rHost: x\r\n\r\n'],
    ['a NUL in a header', get('X-A: a\u0000b\r\n')],
    ['no host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['an unknown method', 'HACK /healthz HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['HTTP/2 without TLS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001'],
  ])('is refused: %s', async (_name, request) => {
    const raw = await exchangeRaw([request]);
    expect(statusesIn(raw).filter((status) => status !== 400)).toEqual([]);
    expect(raw.toLowerCase()).toContain('connection: close');
  });

  it('is answered with a problem and the security headers', async () => {
    const raw = await exchangeRaw(['nonsense\r\n\r\n']);
    expect(raw).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(raw).toContain('X-Content-Type-Options: nosniff\r\n');
    const answer = {
      status: 400,
      headers: { 'content-type': /Content-Type: (\S+)/.exec(raw)?.[1] },
      text: raw,
      bytes: Buffer.from(raw),
      json: JSON.parse(raw.slice(raw.indexOf('\r\n\r\n') + 4)),
    };
    expect(problemIn(answer).code).toBe('request_malformed');
  });

  it('does not smuggle a second request behind a body', async () => {
    const inner = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
    const raw = await exchangeRaw([
      post(`Content-Length: 0\r\nTransfer-Encoding: chunked`, `0\r\n\r\n${inner}`),
    ]);
    expect(statusesIn(raw)).toEqual([400]);
  });

  it('is not answered into the answer of the request before it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    server.broker.onExchange = async () => {
      await promise;
      return issuedExample();
    };
    const raw = exchangeRaw([post(`Content-Length: ${form.length}`, form), 'nonsense\r\n\r\n']);
    await expect(raw).resolves.toBe('');
    resolve();
    server.broker.onExchange = () => issuedExample();
  });
});

describe('what is too large', () => {
  it('as a header is a 431', async () => {
    const raw = await exchangeRaw([get(`X-A: ${'a'.repeat(17_000)}\r\n`)]);
    expect(statusesIn(raw)).toEqual([431]);
    expect(raw).toContain('"code":"headers_too_large"');
  });

  it('as a path is a 431', async () => {
    const raw = await exchangeRaw([`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`]);
    expect(statusesIn(raw)).toEqual([431]);
  });

  it('as a body is a 413 that arrives, announced or not', async () => {
    const body = 'x'.repeat(300_000);
    const announced = await exchangeRaw([post(`Content-Length: ${body.length}\r\nConnection: close`, body)]);
    expect(statusesIn(announced)).toEqual([413]);
    const chunk = `${(300_000).toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const chunked = await exchangeRaw([post('Transfer-Encoding: chunked\r\nConnection: close', chunk)]);
    expect(statusesIn(chunked)).toEqual([413]);
  });

  it('as JSON is a 413 problem', async () => {
    const answer = await server.call({ path: '/v1/whoami', json: { token: 'x'.repeat(1_100_000) } });
    expect(problemIn(answer)).toMatchObject({ status: 413, code: 'body_too_large' });
  });

  it('as JSON of a person is a 413 from a megabyte on', async () => {
    const call = { path: '/v1/simulate', token: server.openSession() };
    const answer = await server.call({ ...call, json: { token: 'x'.repeat(1_048_577) } });
    expect(problemIn(answer)).toMatchObject({ status: 413, code: 'body_too_large' });
    const smaller = await server.call({ ...call, json: { token: 'x'.repeat(500_000) } });
    expect(problemIn(smaller)).toMatchObject({ status: 400, code: 'request_invalid' });
  });

  it('as all bodies together is a 503, and passes', async () => {
    const small = await startTestServer({ limits: { heldBodyBytesMax: 1_000, requestTimeoutMs: 60_000 } });
    try {
      const { hostname, port } = new URL(small.url);
      const waiting = connect(Number(port), hostname);
      waiting.write(post('Content-Length: 1000', 'x'.repeat(900)));
      await expect
        .poll(async () => (await small.call({ path: '/oauth2/token', form: exchangeForm })).status)
        .toBe(503);
      waiting.destroy();
      await expect
        .poll(async () => (await small.call({ path: '/oauth2/token', form: exchangeForm })).status)
        .toBe(200);
    } finally {
      await small.close();
    }
  });

  it('and not even looked at does not cost the caller the answer', async () => {
    const body = 'x'.repeat(900_000);
    const head = 'POST /v1/simulate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    const request = `${head}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
    const answers = await Promise.all(Array.from({ length: 20 }, () => exchangeRaw([request])));
    expect(answers.flatMap(statusesIn)).toEqual(Array.from({ length: 20 }, () => 401));
  });

  it('and never ends is cut off', async () => {
    const started = performance.now();
    const raw = await exchangeRaw([post('Content-Length: 999999999', 'x'.repeat(100_000))]);
    expect(statusesIn(raw)).toEqual([413]);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

describe('what is too slow', () => {
  it('as a header is a 408', async () => {
    const raw = await exchangeRaw(['GET /healthz HTTP/1.1\r\n', 'Host: x\r\n'], 50);
    expect(statusesIn(raw)).toEqual([408]);
    expect(raw).toContain('"code":"request_timeout"');
  });

  it('as a body is a 408, and reaches no broker', async () => {
    const before = server.broker.requests.length;
    const raw = await exchangeRaw([post(`Content-Length: ${form.length}`, form.slice(0, 20))]);
    expect(statusesIn(raw)).toEqual([408]);
    expect(server.broker.requests).toHaveLength(before);
  });

  it('but in time is served, byte by byte', async () => {
    const request = post(`Content-Length: ${form.length}\r\nConnection: close`, form);
    const raw = await exchangeRaw([request.slice(0, 30), request.slice(30, 200), request.slice(200)], 20);
    expect(statusesIn(raw)).toEqual([200]);
  });

  it('and goes away in the middle disturbs nobody', async () => {
    const socket = open();
    socket.write(post(`Content-Length: ${form.length}`, form.slice(0, 20)));
    await new Promise((done) => setTimeout(done, 50));
    socket.destroy();
    expect((await server.call({ path: '/healthz' })).status).toBe(200);
    expect(server.lines.filter((line) => line.includes('http.incident'))).toEqual([]);
  });
});

describe('fields that come twice', () => {
  it('are refused: DPoP', async () => {
    const raw = await exchangeRaw([
      post(`DPoP: a.b.c\r\nDPoP: d.e.f\r\nContent-Length: ${form.length}\r\nConnection: close`, form),
    ]);
    expect(statusesIn(raw)).toEqual([400]);
    expect(raw).toContain('"error":"invalid_dpop_proof"');
  });

  it('are refused: Authorization', async () => {
    const twice = `Authorization: Bearer a\r\nauthorization: Bearer b\r\n`;
    const atToken = await exchangeRaw([
      post(`${twice}Content-Length: ${form.length}\r\nConnection: close`, form),
    ]);
    expect(statusesIn(atToken)).toEqual([400]);
    const atLeases = await exchangeRaw([
      `GET /v1/leases HTTP/1.1\r\nHost: x\r\n${twice}Connection: close\r\n\r\n`,
    ]);
    expect(statusesIn(atLeases)).toEqual([400]);
  });
});

describe('methods and paths', () => {
  it('that do not exist are problems', async () => {
    expect(problemIn(await server.call({ path: '/nothing' }))).toMatchObject({
      status: 404,
      code: 'not_found',
    });
    const wrong = await server.call({ method: 'PUT', path: '/v1/leases' });
    expect(problemIn(wrong)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(wrong.headers.allow).toBe('GET, HEAD');
    const options = await server.call({ method: 'OPTIONS', path: '/oauth2/token' });
    expect(problemIn(options).status).toBe(405);
    expect(options.headers.allow).toBe('POST');
  });

  it('answer HEAD like GET, without the body', async () => {
    const head = await server.call({ method: 'HEAD', path: '/healthz' });
    const whole = await server.call({ path: '/healthz' });
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers['content-length']).toBe(whole.headers['content-length']);
  });

  it('take JSON only as JSON', async () => {
    for (const headers of [
      {},
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/json; charset=latin1' },
    ]) {
      const answer = await server.call({ path: '/v1/whoami', body: '{}', headers });
      expect(problemIn(answer)).toMatchObject({ status: 415, code: 'media_type_unsupported' });
    }
  });

  it('are served on one connection one after the other', async () => {
    const raw = await exchangeRaw([
      `GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n${get()}`,
    ]);
    expect(statusesIn(raw)).toEqual([200, 404, 200]);
  });
});

describe('every answer', () => {
  it.each(['/', '/healthz', '/nothing', '/v1/leases', '/.well-known/jwks.json'])(
    'of %s has the security headers',
    async (path) => {
      const { headers } = await server.call({ path });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringMatching(/^max-age=\d+$/),
        'content-security-policy': expect.stringMatching(/^default-src 'none'/),
        'cache-control': expect.stringMatching(/^(?:no-store|public, max-age=300)$/),
      });
      expect(headers).not.toHaveProperty('server');
      expect(headers).not.toHaveProperty('x-powered-by');
    },
  );
});
