import { request } from 'node:https';
import { describe, expect, it } from 'vitest';
import { Secret } from '#core/secret.ts';
import { issuedExample } from './broker.fake.ts';
import { exchangeForm, problemIn, startTestServer } from './server.fake.ts';
import { createServer } from './server.ts';
import { ServerError } from './source-address.ts';
import { certificateExample } from './certificate.fake.ts';

describe('closing the server', () => {
  it('lets what is under way finish, and takes nothing new', async () => {
    const server = await startTestServer();
    const { promise, resolve } = Promise.withResolvers<void>();
    server.broker.onExchange = async () => {
      await promise;
      return issuedExample();
    };
    const slow = server.call({ path: '/oauth2/token', form: exchangeForm });
    await expect.poll(() => server.broker.requests.length).toBe(1);
    const closing = server.server.close({ graceMs: 5_000 });
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
    resolve();
    const answer = await slow;
    expect(answer.status).toBe(200);
    expect(answer.headers.connection).toBe('close');
    await closing;
    await server.close();
  });

  it('cuts off what takes longer than the grace', async () => {
    const server = await startTestServer();
    server.broker.onExchange = () => new Promise(() => {});
    const slow = server.call({ path: '/oauth2/token', form: exchangeForm });
    const outcome = slow.then(
      () => 'answered',
      () => 'cut off',
    );
    await expect.poll(() => server.broker.requests.length).toBe(1);
    await server.server.close({ graceMs: 50 });
    expect(await outcome).toBe('cut off');
    await server.close();
  });
});

describe('listening', () => {
  it('fails with a remedy where the address is taken', async () => {
    const first = await startTestServer();
    const second = createServer({ ...first, ...dependenciesOf(first) });
    await expect(second.listen({ host: '127.0.0.1', port: Number(new URL(first.url).port) })).rejects.toThrow(
      ServerError,
    );
    await first.close();
  });

  it('speaks TLS where it has a certificate, and keeps the key to itself', async () => {
    const { certPem, keyPem } = certificateExample();
    const server = await startTestServer({ tls: { certPem, keyPem: new Secret(keyPem) } });
    const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
    const url = new URL(`${server.url}/healthz`);
    expect(url.protocol).toBe('https:');
    request(url, { ca: certPem, servername: 'localhost' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
    expect(await promise).toBe(200);
    await server.close();
  });
});

describe('what nobody expected', () => {
  it('is a 500 problem with an incident, whose cause is only in the log', async () => {
    const server = await startTestServer();
    server.broker.configurationStatus = () => {
      throw new Error('cause-4711', { cause: new Secret('canary-4712') });
    };
    const answer = await server.call({ path: '/v1/configuration', token: server.openSession() });
    const { incident } = problemIn(answer);
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('cause-4711');
    const line = server.lines.find((text) => incident !== undefined && text.includes(incident));
    expect(line).toContain('cause-4711');
    expect(line).toContain('getConfiguration');
    expect(line).not.toContain('canary');
    await server.close();
  });
});

describe('trusted proxies', () => {
  it('say where an exchange comes from', async () => {
    const server = await startTestServer({ trustedProxies: ['127.0.0.0/8'] });
    const headers = { 'x-forwarded-for': '192.0.2.66, 198.51.100.7' };
    await server.call({ path: '/oauth2/token', form: exchangeForm, headers });
    expect(server.broker.requests[0]?.sourceIp).toBe('198.51.100.7');
    await server.close();
  });
});

function dependenciesOf(server: Awaited<ReturnType<typeof startTestServer>>) {
  return {
    signingKeys: { jwks: () => ({ keys: [] }), issuer: 'https://vouchgate.acme.example' },
    readiness: async () => {},
    log: { debug() {}, info() {}, warn() {}, error() {} },
    publicUrl: server.url,
    trustedProxies: [],
  };
}
