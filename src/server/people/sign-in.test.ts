import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { StoreError } from '#core/store-error.ts';
import { type PeopleProvider, startPeopleProvider } from '#identity/emulator/people/people-provider.ts';
import { createSignIn } from '#people/sign-in/sign-in.ts';
import { PUBLIC_URL, startTestServer, type TestAnswer, type TestServer } from '../server.fake.ts';

const CALLBACK = `${PUBLIC_URL}/auth/callback`;
const HOSTILE_GROUP = '<img src=x onerror=alert(1)>';

let server: TestServer;
let provider: PeopleProvider;
let network: ReturnType<typeof createBoundedFetch>;

beforeEach(async () => {
  server = await startTestServer({ limits: { failuresMax: 1_000 } });
  const { clock } = server;
  provider = await startPeopleProvider({
    port: 0,
    clock,
    client: { clientId: 'vouchgate', redirectUris: [CALLBACK] },
    people: [
      { subject: 'alice', name: 'Alice', groups: ['owner', 'shop-devs'] },
      { subject: 'bob', name: '<b>Bob</b>', groups: ['friends', HOSTILE_GROUP] },
      { subject: 'carol', name: 'Carol', groups: [] },
    ],
  });
  const { host } = new URL(provider.issuer);
  network = createBoundedFetch({ clock, log: silentLogger, trust: { allowPrivateHosts: [host] } });
  const { inForce, signIn } = server.testPeople;
  inForce.settings = {
    ...inForce.settings,
    signIn: {
      name: 'Acme',
      issuer: provider.issuer,
      clientId: 'vouchgate',
      scopes: ['openid'],
      groupsClaim: 'groups',
    },
  };
  signIn.current = createSignIn({
    redirectUri: CALLBACK,
    masterKey: Buffer.alloc(32, 3),
    fetch: network.fetch,
    resolveSecret: async () => new Secret('unused'),
    clock,
    log: silentLogger,
  });
});
afterEach(async () => {
  await server.close();
  await provider.close();
  await network.close();
});

function cookiesIn(answer: TestAnswer): string[] {
  return [answer.headers['set-cookie']].flat().filter((cookie) => cookie !== undefined);
}

/** The header that a browser would send after these `Set-Cookie`. */
function jarOf(...answers: TestAnswer[]): string {
  const jar = new Map<string, string>();
  for (const cookie of answers.flatMap(cookiesIn)) {
    const [pair = ''] = cookie.split(';');
    const [name = '', value = ''] = pair.split('=');
    if (cookie.includes('Max-Age=0')) jar.delete(name);
    else jar.set(name, value);
  }
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

/** From the button to the callback, as a browser goes. */
async function goTo(subject: string, query = '', cookie = '') {
  const start = await server.call({
    path: `/auth/sign-in${query}`,
    headers: cookie === '' ? {} : { cookie },
  });
  const chosen = await fetch(String(start.headers['location']), {
    method: 'POST',
    body: new URLSearchParams({ subject }),
    redirect: 'manual',
  });
  const back = new URL(chosen.headers.get('location') ?? '');
  const path = back.pathname + back.search;
  const headers = { cookie: [jarOf(start), cookie].filter((part) => part !== '').join('; ') };
  return { start, path, headers, end: await server.call({ path, headers }) };
}

describe('signing in at the identity provider', () => {
  it('opens a session with the roles of the groups, and goes on where somebody wanted to', async () => {
    const { start, end } = await goTo('alice', `?return=${encodeURIComponent('/console/findings?q=1')}`);
    expect(start.status).toBe(303);
    expect(cookiesIn(start)).toEqual([
      expect.stringMatching(/^__Host-vouchgate-sign-in=.*; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/),
    ]);
    expect(end.status).toBe(303);
    expect(end.headers['location']).toBe('/console/findings?q=1');
    const me = await server.call({ path: '/v1/me', headers: { cookie: jarOf(start, end) } });
    expect(me.json).toMatchObject({
      subject: 'alice',
      name: 'Alice',
      signedInBy: 'oidc',
      grants: [
        { role: 'owner', team: null },
        { role: 'developer', team: 'shop' },
      ],
    });
    expect(server.events.recorded).toMatchObject([
      {
        type: 'session.opened',
        actor: { kind: 'person', id: 'alice' },
        body: { roles: ['owner', 'developer'], issuer: provider.issuer, browser: true, signedInBy: 'oidc' },
      },
    ]);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/console/../x',
    'javascript:alert(1)',
  ])('leads nobody away to %s', async (wanted) => {
    const { end } = await goTo('alice', `?return=${encodeURIComponent(wanted)}`);
    expect(String(end.headers['location'])).toBe('/console/');
  });

  it('takes each callback once, and has no session for the second time', async () => {
    const { path, headers, end } = await goTo('alice');
    expect(end.status).toBe(303);
    const again = await server.call({ path, headers });
    expect(again.status).toBe(403);
    expect(cookiesIn(again).join()).not.toContain('vouchgate-session');
    expect(server.sessions.sessions.size).toBe(1);
  });

  it('takes a finished sign-in once even where a provider would take its code again', async () => {
    const { signIn } = server.testPeople;
    const person = {
      subject: 'alice',
      name: undefined,
      signedInBy: 'oidc',
      issuer: provider.issuer,
      groups: ['owner'],
    } as const;
    signIn.current = {
      start: () => Promise.reject(new Error('not asked for')),
      finish: async () => ({ ok: true, person, returnTo: '/console/', signInHash: 'the same' }),
    };
    expect((await server.call({ path: '/auth/callback?code=x' })).status).toBe(303);
    const again = await server.call({ path: '/auth/callback?code=x' });
    expect([again.status, again.text.includes('finished before')]).toEqual([403, true]);
  });

  it('ends the session that the browser had before', async () => {
    const first = await goTo('alice');
    const cookie = jarOf(first.start, first.end);
    const second = await goTo('alice', '', cookie);
    expect(second.end.status).toBe(303);
    expect((await server.call({ path: '/v1/me', headers: { cookie } })).status).toBe(401);
    const fresh = jarOf(second.start, second.end);
    expect((await server.call({ path: '/v1/me', headers: { cookie: fresh } })).status).toBe(200);
  });

  it('is refused to whoever has no role, with the groups that came, as text', async () => {
    const { end } = await goTo('bob');
    expect(end.status).toBe(403);
    expect(end.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(end.text).toContain('<li><code>friends</code></li>');
    expect(end.text).not.toMatch(/<img|<b>Bob/);
    expect(end.text).toContain('&lt;b&gt;Bob&lt;/b&gt;');
    expect(server.sessions.sessions.size).toBe(0);
    expect(server.events.recorded).toMatchObject([
      { type: 'session.refused', actor: { id: 'bob' }, body: { reason: 'no_role' } },
    ]);
    expect((await goTo('carol')).end.text).toContain('No groups came with your token');
  });

  it.each([
    ['a cookie that is missing', 'sign_in_not_started', (): Record<string, string> => ({})],
    [
      'a cookie that was made up',
      'sign_in_not_started',
      () => ({ cookie: '__Host-vouchgate-sign-in=a.b.c.d' }),
    ],
  ])('is refused with %s, by a page and on record', async (_, reason, headers) => {
    const { path } = await goTo('alice');
    server.events.recorded.length = 0;
    const answer = await server.call({ path, headers: headers() });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('did not start in this browser');
    expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'/);
    expect(server.events.recorded).toMatchObject([{ type: 'session.refused', body: { reason } }]);
  });

  it('shows nothing of what the address of the callback says', async () => {
    const hostile = encodeURIComponent('<script>alert(1)</script>');
    const path = `/auth/callback?error=${hostile}&error_description=${hostile}&state=${hostile}`;
    const answer = await server.call({ path });
    expect(answer.status).toBe(403);
    expect(answer.text).not.toContain('<script>');
  });

  it('is said to be unavailable while the provider is down, and the admin link still works', async () => {
    await provider.close();
    const answer = await server.call({ path: '/auth/sign-in' });
    expect([answer.status, answer.text.includes('cannot be reached')]).toEqual([503, true]);
    expect(answer.text).toContain('vouchgate up --admin-link');
    expect(server.events.recorded).toEqual([]);
  });

  it('lets nobody in who cannot be recorded', async () => {
    server.events.failure = new StoreError('store_full', 'no space');
    const { end } = await goTo('alice');
    expect(end.status).toBe(503);
    expect(cookiesIn(end)).toEqual([]);
    expect([...server.sessions.sessions.values()].every(({ revokedAtMs }) => revokedAtMs !== undefined)).toBe(
      true,
    );
  });

  it('is offered only where it is configured', async () => {
    const options = await server.call({ path: '/v1/sign-in' });
    expect(options.json).toEqual({ oidc: { name: 'Acme', issuer: provider.issuer } });
    const { inForce } = server.testPeople;
    inForce.settings = { ...inForce.settings, signIn: undefined };
    expect((await server.call({ path: '/v1/sign-in' })).json).toEqual({ oidc: null });
    expect((await server.call({ path: '/auth/sign-in' })).status).toBe(404);
    expect((await server.call({ path: '/auth/callback?code=x&state=y' })).status).toBe(404);
  });
});
