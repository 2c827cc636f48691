import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newAdminLink } from '../secret-tokens.ts';
import { problemIn, PUBLIC_URL, startTestServer, type TestServer, valueOf } from '../server.fake.ts';

const COOKIE = '__Host-vouchgate-session';
const SAFE = { 'vouchgate-request': '1', 'sec-fetch-site': 'same-origin', origin: PUBLIC_URL };

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

async function signIn(headers: Record<string, string> = SAFE) {
  const link = newAdminLink({ clock: server.clock, publicUrl: PUBLIC_URL, ttlSeconds: 600 });
  await server.sessions.addAdminLink(link.stored);
  const json = { link: link.url.reveal(), cookie: true };
  return server.call({ path: '/v1/sessions', json, headers: { 'user-agent': 'Firefox', ...headers } });
}

async function cookieOf(): Promise<string> {
  const answer = await signIn();
  const [first] = [answer.headers['set-cookie']].flat();
  return String(first).split(';')[0] ?? '';
}

describe('a session of a browser', () => {
  it('is a cookie that only this host gets back, and that no script can read', async () => {
    const answer = await signIn();
    const session = valueOf('openSession', answer);
    expect(session.token).toBeNull();
    expect(answer.text).not.toContain('vgs_');
    expect(answer.headers['set-cookie']).toEqual(
      expect.stringMatching(
        new RegExp(`^${COOKIE}=vgs_[\\w-]{43}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$`),
      ),
    );
  });

  it('lets its person in, and tells them who they are', async () => {
    const cookie = await cookieOf();
    const answer = await server.call({ path: '/v1/me', headers: { cookie } });
    const me = valueOf('getMe', answer);
    expect(me).toMatchObject({
      subject: 'admin',
      signedInBy: 'link',
      grants: [{ role: 'owner', team: null }],
      session: { expiresAt: '2026-06-02T00:00:00.000Z', idleAt: '2026-06-01T13:00:00.000Z' },
    });
    const { sessions } = valueOf(
      'listSessions',
      await server.call({ path: '/v1/sessions', headers: { cookie } }),
    );
    expect(sessions).toMatchObject([
      { browser: true, client: 'Firefox', sourceIp: '127.0.0.1', current: true },
    ]);
  });

  it('is worth nothing as a bearer token, and a token nothing as a cookie', async () => {
    const cookie = await cookieOf();
    const token = cookie.slice(COOKIE.length + 1);
    expect(problemIn(await server.call({ path: '/v1/me', token })).code).toBe('session_invalid');
    const bearer = server.openSession();
    const headers = { cookie: `${COOKIE}=${bearer}` };
    expect(problemIn(await server.call({ path: '/v1/me', headers })).code).toBe('session_invalid');
  });

  it('ends after an hour without a request, and not while somebody works', async () => {
    const cookie = await cookieOf();
    const ask = () => server.call({ path: '/v1/me', headers: { cookie } });
    for (let minutes = 0; minutes < 120; minutes += 30) {
      server.time.nowMs += 30 * 60_000;
      expect((await ask()).status).toBe(200);
    }
    server.time.nowMs += 60 * 60_000;
    expect(problemIn(await ask()).code).toBe('session_invalid');
    expect(server.events.recorded.at(-1)).toMatchObject({
      type: 'session.refused',
      body: { reason: 'session_idle' },
    });
  });

  it('ends after twelve hours, however busy it is', async () => {
    const cookie = await cookieOf();
    let status = 200;
    let minutes = 0;
    for (; status === 200; minutes += 30) {
      server.time.nowMs += 30 * 60_000;
      ({ status } = await server.call({ path: '/v1/me', headers: { cookie } }));
    }
    expect(minutes).toBe(12 * 60);
  });

  it('ends with its cookie when its person leaves', async () => {
    const cookie = await cookieOf();
    const headers = { ...SAFE, cookie };
    const answer = await server.call({ method: 'DELETE', path: '/v1/sessions/current', headers });
    expect(answer.status).toBe(204);
    expect(answer.headers['set-cookie']).toEqual(expect.stringMatching(`^${COOKIE}=; Path=/; Max-Age=0;`));
    expect((await server.call({ path: '/v1/me', headers: { cookie } })).status).toBe(401);
  });

  it('ends when its browser signs in again', async () => {
    const cookie = await cookieOf();
    expect((await signIn({ ...SAFE, cookie })).status).toBe(201);
    expect((await server.call({ path: '/v1/me', headers: { cookie } })).status).toBe(401);
    expect(server.events.recorded.map(({ type }) => type)).toEqual([
      'session.opened',
      'session.opened',
      'session.closed',
      'session.refused',
    ]);
  });

  it('that stands in the request twice is not believed', async () => {
    const cookie = await cookieOf();
    for (const twice of [`${cookie}; ${COOKIE}=vgs_${'a'.repeat(43)}`, `${cookie}; ${cookie}`]) {
      const answer = await server.call({ path: '/v1/me', headers: { cookie: twice } });
      expect(problemIn(answer).code).toBe('authentication_required');
    }
  });

  it('does not stand in for an Authorization header that is wrong', async () => {
    const cookie = await cookieOf();
    const headers = { cookie, authorization: 'Basic dXNlcjpwYXNz' };
    expect(problemIn(await server.call({ path: '/v1/me', headers })).code).toBe('authentication_required');
  });

  it('on plain http, which is loopback, has a plain name', async () => {
    const local = await startTestServer({ publicUrl: 'http://127.0.0.1:8440' });
    try {
      const link = newAdminLink({ clock: local.clock, publicUrl: PUBLIC_URL, ttlSeconds: 600 });
      await local.sessions.addAdminLink(link.stored);
      const answer = await local.call({
        path: '/v1/sessions',
        json: { link: link.url.reveal(), cookie: true },
        headers: { ...SAFE, origin: 'http://127.0.0.1:8440' },
      });
      expect(String(answer.headers['set-cookie'])).toMatch(/^vouchgate-session=vgs_.*SameSite=Strict$/);
    } finally {
      await local.close();
    }
  });
});

describe('another site', () => {
  const attacks: [string, Record<string, string>][] = [
    ['a form of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    [
      'a page of a neighbour domain',
      { ...SAFE, 'sec-fetch-site': 'same-site', origin: 'https://www.acme.example' },
    ],
    [
      'another origin with the right field',
      { ...SAFE, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    ],
    ['an origin that only begins like ours', { ...SAFE, origin: `${PUBLIC_URL}.evil.example` }],
    ['an opaque origin', { ...SAFE, origin: 'null' }],
    ['no field', { origin: PUBLIC_URL, 'sec-fetch-site': 'same-origin' }],
    ['a wrong field', { ...SAFE, 'vouchgate-request': '0' }],
    ['a browser that does not say where it is', { 'vouchgate-request': '1' }],
    ['another host on plain http', { ...SAFE, origin: PUBLIC_URL.replace('https', 'http') }],
  ];

  it.each(attacks)('changes nothing with the cookie of somebody: %s', async (_, headers) => {
    const cookie = await cookieOf();
    const before = server.events.recorded.length;
    const answer = await server.call({
      path: '/v1/api-tokens',
      json: { name: 'x', actions: ['view'] },
      headers: { ...headers, cookie },
    });
    expect(problemIn(answer)).toMatchObject({ status: 403, code: 'csrf_refused' });
    expect(server.testPeople.apiTokens.tokens.size).toBe(0);
    expect(server.events.recorded).toHaveLength(before);
  });

  it.each(attacks)('signs nobody in as somebody else: %s', async (_, headers) => {
    expect(problemIn(await signIn(headers)).code).toBe('csrf_refused');
    expect(server.sessions.sessions.size).toBe(0);
  });

  it('does not matter to those who send a token of their own', async () => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const answer = await server.call({
      path: '/v1/api-tokens',
      json: { name: 'x', actions: ['view'] },
      token: server.openSession(),
      headers,
    });
    expect(answer.status).toBe(201);
  });
});

describe('sessions of others', () => {
  it('are seen and ended by an owner, on record, and by nobody else', async () => {
    const victim = server.openSessionAs('developer');
    const owner = server.openSessionAs('owner');
    const { sessions } = valueOf(
      'listSessionsOfAll',
      await server.call({ path: '/v1/people/sessions', token: owner }),
    );
    const id = sessions.find(({ subject }) => subject === 'developer-person')?.id ?? '';
    const auditor = server.openSessionAs('auditor');
    const own = await server.call({ method: 'DELETE', path: `/v1/sessions/${id}`, token: auditor });
    expect(problemIn(own)).toMatchObject({ status: 404, code: 'session_unknown' });
    const path = `/v1/people/sessions/${id}`;
    expect(problemIn(await server.call({ method: 'DELETE', path, token: auditor })).code).toBe(
      'action_denied',
    );
    expect((await server.call({ path: '/v1/me', token: victim })).status).toBe(200);
    expect((await server.call({ method: 'DELETE', path, token: owner })).status).toBe(204);
    expect((await server.call({ path: '/v1/me', token: victim })).status).toBe(401);
    expect(server.events.recorded).toContainEqual(
      expect.objectContaining({
        type: 'session.closed',
        actor: { kind: 'person', id: 'owner-person' },
        body: expect.objectContaining({ session: id, subject: 'developer-person' }),
      }),
    );
    expect(problemIn(await server.call({ method: 'DELETE', path, token: owner })).code).toBe(
      'session_unknown',
    );
  });
});
