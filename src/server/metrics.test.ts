import { afterEach, describe, expect, test } from 'vitest';
import { TOKEN_PATH } from '#api/token-exchange.ts';
import { Secret } from '#core/secret.ts';
import type { MetricsDependencies } from './metrics.ts';
import { problemIn, startTestServer, type TestServer } from './server.fake.ts';

const TOKEN = ['metrics', 'token'].join('-');

let server: TestServer | undefined;
afterEach(() => server?.close());

async function start(access: Awaited<ReturnType<MetricsDependencies['access']>>): Promise<TestServer> {
  server = await startTestServer({
    metrics: { access: async () => access, expose: async () => 'figure 1\n' },
  });
  return server;
}

describe('figures', () => {
  test('are not there by default', async () => {
    server = await startTestServer();
    expect((await server.call({ path: '/metrics' })).status).toBe(404);
    await server.close();
    expect((await (await start(undefined)).call({ path: '/metrics' })).status).toBe(404);
  });

  test('are for who is on this machine, as text', async () => {
    const { call } = await start({ kind: 'loopback' });
    const answer = await call({ path: '/metrics' });
    expect([answer.status, answer.text]).toEqual([200, 'figure 1\n']);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  test.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-proto', 'x-forwarded-host'])(
    'are not for who comes through a proxy on this machine: %s',
    async (name) => {
      const { call } = await start({ kind: 'loopback' });
      expect((await call({ path: '/metrics', headers: { [name]: '127.0.0.1' } })).status).toBe(404);
    },
  );

  test('are for who sends the token, and guessing is slowed down', async () => {
    const { call } = await start({ kind: 'token', token: new Secret(TOKEN) });
    const right = { authorization: `Bearer ${TOKEN}` };
    expect((await call({ path: '/metrics', headers: right })).status).toBe(200);
    expect(problemIn(await call({ path: '/metrics' })).code).toBe('authentication_required');
    let last = 401;
    for (let at = 0; at < 12; at += 1) last = (await call({ path: '/metrics', token: 'guess' })).status;
    expect(last).toBe(429);
  });

  test('are for nobody when the token is empty', async () => {
    const { call } = await start({ kind: 'token', token: new Secret('') });
    expect((await call({ path: '/metrics', headers: { authorization: 'Bearer ' } })).status).toBe(401);
  });

  test('are told of every answer by its operation, and of no path', async () => {
    const answers: string[] = [];
    server = await startTestServer({
      metrics: {
        access: async () => undefined,
        expose: async () => '',
        onAnswer: (operation, status, seconds) =>
          answers.push(`${operation} ${status} ${seconds >= 0 && seconds < 60}`),
      },
    });
    const { call } = server;
    await call({ path: '/healthz' });
    await call({ path: '/healthz', method: 'DELETE' });
    await call({ path: '/v1/of-acme/shop?repository=acme' });
    await call({ path: '/v1/leases' });
    await call({ path: TOKEN_PATH, form: { grant_type: 'nonsense' } });
    expect(answers).toEqual([
      'getLiveness 200 true',
      'unrouted 405 true',
      'unrouted 404 true',
      'listLeases 401 true',
      'exchangeToken 400 true',
    ]);
  });
});
