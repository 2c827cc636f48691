import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiTokenRequest } from '#api/person.ts';
import { StoreError } from '#core/store-error.ts';
import { problemIn, startTestServer, type TestServer, valueOf } from '../server.fake.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const DAY_MS = 86_400_000;

function create(token: string, change: Partial<ApiTokenRequest> = {}) {
  const json = { name: 'nightly import', actions: ['view', 'upload'], ...change };
  return server.call({ path: '/v1/api-tokens', json, token });
}

async function tokenOf(session: string, change: Partial<ApiTokenRequest> = {}): Promise<string> {
  return valueOf('createApiToken', await create(session, change)).token;
}

describe('an API token', () => {
  it('is shown once, is on record, and is nowhere afterwards', async () => {
    const session = server.openSessionAs('developer');
    const { token, details } = valueOf('createApiToken', await create(session));
    expect(token).toMatch(/^vga_[A-Za-z0-9_-]{43}$/);
    expect(details).toMatchObject({
      id: expect.stringMatching(/^tok_/),
      name: 'nightly import',
      subject: 'developer-person',
      actions: ['view', 'upload'],
      repositories: null,
      expiresAt: '2026-07-01T12:00:00.000Z',
      lastUsedAt: null,
      revokedAt: null,
    });
    const list = await server.call({ path: '/v1/api-tokens', token: session });
    expect(valueOf('listApiTokens', list).tokens).toEqual([details]);
    const kept = JSON.stringify([
      ...server.testPeople.apiTokens.tokens,
      server.events.recorded,
      server.lines,
    ]);
    expect(kept + list.text).not.toContain(token);
    expect(server.events.recorded).toMatchObject([
      {
        type: 'api_token.created',
        actor: { kind: 'person', id: 'developer-person' },
        body: { token: details.id, name: 'nightly import', actions: ['view', 'upload'] },
      },
    ]);
  });

  it('does what it was made for, in the name of its maker, and nothing else', async () => {
    const token = await tokenOf(server.openSessionAs('security'), { actions: ['view', 'manageLeases'] });
    const me = valueOf('getMe', await server.call({ path: '/v1/me', token }));
    expect(me).toMatchObject({ subject: 'security-person', signedInBy: 'token' });
    expect(me.actions.map(({ action }) => action)).toEqual(['own', 'view', 'manageLeases']);
    expect((await server.call({ path: '/v1/leases', token })).status).toBe(200);
    const record = await server.call({ path: '/v1/events', token });
    expect(problemIn(record)).toMatchObject({ status: 403, code: 'action_denied' });
    expect(server.events.recorded.at(-1)).toMatchObject({
      type: 'access.refused',
      body: { action: 'viewRecord', token: me.session.id },
    });
  });

  it('sees the repositories that it was made for, of those that its maker may see', async () => {
    const token = await tokenOf(server.openSessionAs('shop-devs'), {
      actions: ['view'],
      repositories: ['acme/*'],
    });
    const me = valueOf('getMe', await server.call({ path: '/v1/me', token }));
    expect(me.actions.find(({ action }) => action === 'view')?.scope).toEqual({
      kind: 'some',
      patterns: ['acme/shop', 'acme/shop-deploy'],
    });
  });

  it.each<[string, Partial<ApiTokenRequest>, Parameters<TestServer['openSessionAs']>[0]]>([
    ['more than its maker may do', { actions: ['viewRecord'] }, 'developer'],
    ['what its maker may not see', { actions: ['view'], repositories: ['other/x'] }, 'shop-devs'],
    ['the record, and some repositories', { actions: ['viewRecord'], repositories: ['acme/shop'] }, 'owner'],
    [
      'configuration, and some repositories',
      { actions: ['configure'], repositories: ['acme/shop'] },
      'owner',
    ],
  ])('is not made for %s', async (_, change, role) => {
    const answer = await create(server.openSessionAs(role), change);
    expect(problemIn(answer)).toMatchObject({ status: 409, code: 'api_token_refused' });
    expect(server.testPeople.apiTokens.tokens.size).toBe(0);
  });

  it.each([
    [{ actions: ['approve'] }],
    [{ actions: ['administer'] }],
    [{ actions: ['own'] }],
    [{ actions: [] }],
    [{ expiresInDays: 91 }],
    [{ expiresInDays: 0 }],
    [{ repositories: ['*'] }],
    [{ repositories: [] }],
    [{ name: 'a\u001b[31m' }],
    [{ owner: true }],
  ])('is never made with %j', async (change) => {
    const json = { name: 'x', actions: ['view'], ...change };
    const answer = await server.call({ path: '/v1/api-tokens', json, token: server.openSessionAs('owner') });
    expect(problemIn(answer)).toMatchObject({ status: 400, code: 'request_invalid' });
  });

  it('makes no token, ends none, and sees and ends no session', async () => {
    const session = server.openSessionAs('owner');
    const token = await tokenOf(session, { actions: ['view', 'configure'] });
    const { id } = [...server.testPeople.apiTokens.tokens.values()][0] ?? {};
    for (const call of [
      { path: '/v1/sessions' },
      { path: '/v1/api-tokens' },
      { path: '/v1/api-tokens', json: { name: 'x', actions: ['view'] } },
      { method: 'DELETE', path: `/v1/api-tokens/${id}` } as const,
      { method: 'DELETE', path: '/v1/sessions/current' } as const,
      { method: 'DELETE', path: '/v1/sessions/ses_01JBTXQ4G6M7W8Z9V0R2K3N5PA' } as const,
    ]) {
      expect(problemIn(await server.call({ ...call, token })).code).toBe('session_required');
    }
    expect((await server.call({ path: '/v1/me', token: session })).status).toBe(200);
  });

  it('loses what its maker loses', async () => {
    const token = await tokenOf(server.openSessionAs('security'), { actions: ['view'] });
    const { tokens } = server.testPeople.apiTokens;
    for (const [hash, stored] of tokens) tokens.set(hash, { ...stored, groups: [] });
    expect(problemIn(await server.call({ path: '/v1/me', token })).code).toBe('action_denied');
  });

  it('ends by the clock', async () => {
    const token = await tokenOf(server.openSessionAs('developer'), { expiresInDays: 1 });
    server.time.nowMs += DAY_MS - 1;
    expect((await server.call({ path: '/v1/me', token })).status).toBe(200);
    server.time.nowMs += 1;
    expect(problemIn(await server.call({ path: '/v1/me', token })).code).toBe('session_invalid');
  });

  it('is ended by its maker at once, or by an owner, and by nobody else', async () => {
    const maker = server.openSessionAs('developer');
    const stranger = server.openSessionAs('security');
    const owner = server.openSessionAs('owner');
    const first = await tokenOf(maker);
    const second = await tokenOf(maker);
    const [one, two] = [...server.testPeople.apiTokens.tokens.values()].map(({ id }) => id);
    const end = (path: string, token: string) => server.call({ method: 'DELETE', path, token });
    expect(problemIn(await end(`/v1/api-tokens/${one}`, stranger)).code).toBe('api_token_unknown');
    expect(problemIn(await end(`/v1/people/api-tokens/${one}`, stranger)).code).toBe('action_denied');
    expect((await end(`/v1/api-tokens/${one}`, maker)).status).toBe(204);
    expect((await server.call({ path: '/v1/me', token: first })).status).toBe(401);
    expect((await server.call({ path: '/v1/me', token: second })).status).toBe(200);
    expect((await end(`/v1/people/api-tokens/${two}`, owner)).status).toBe(204);
    expect((await server.call({ path: '/v1/me', token: second })).status).toBe(401);
    const ended = server.events.recorded.filter(({ type }) => type === 'api_token.revoked');
    expect(ended.map(({ actor }) => actor.id)).toEqual(['developer-person', 'owner-person']);
  });

  it('tells when it was used, to the hour, and is taken when that cannot be noted', async () => {
    const session = server.openSessionAs('developer');
    const token = await tokenOf(session);
    await server.call({ path: '/v1/me', token });
    server.time.nowMs += 60_000;
    await server.call({ path: '/v1/me', token });
    const { tokens } = valueOf(
      'listApiTokens',
      await server.call({ path: '/v1/api-tokens', token: session }),
    );
    expect(tokens[0]?.lastUsedAt).toBe('2026-06-01T12:00:00.000Z');
    server.time.nowMs += 3_600_000 - 60_000;
    server.testPeople.apiTokens.touchApiToken = () =>
      Promise.reject(new StoreError('store_full', 'no space'));
    expect((await server.call({ path: '/v1/me', token })).status).toBe(200);
  });

  it('is not made when that cannot be recorded', async () => {
    const session = server.openSessionAs('developer');
    server.events.failure = new StoreError('store_full', 'no space');
    expect((await create(session)).status).toBe(503);
    expect(server.testPeople.apiTokens.tokens.size).toBe(0);
  });

  it('is guessed as slowly as a session', async () => {
    for (let index = 0; index < 10; index += 1) {
      await server.call({ path: '/v1/me', token: `vga_${'x'.repeat(42)}${index}` });
    }
    const answer = await server.call({ path: '/v1/me', token: `vga_${'y'.repeat(43)}` });
    expect(problemIn(answer)).toMatchObject({ status: 429, code: 'too_many_failures' });
  });
});
