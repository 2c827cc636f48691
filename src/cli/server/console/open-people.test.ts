import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { Me } from '#api/person.ts';
import { type PeopleProvider, startPeopleProvider } from '#identity/emulator/people/people-provider.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import { type RunningServer, startServer } from '../start-server.ts';

/** What browsers would see; the test itself goes to where the server really listens. */
const PUBLIC_URL = 'http://127.0.0.1:8440';

let provider: PeopleProvider;
let server: RunningServer;
let files: Record<string, string>;

function configurationWith(role: string, host: string): string {
  return `version: 1
url: ${PUBLIC_URL}
people:
  signIn: { issuer: "${provider.issuer}", clientId: vouchgate }
  roles: [{ role: ${role}, groups: [platform] }]
network: { allowPrivateHosts: ["${host}"] }
`;
}

beforeEach(async () => {
  provider = await startPeopleProvider({
    port: 0,
    clock: systemClock,
    client: { clientId: 'vouchgate', redirectUris: [`${PUBLIC_URL}/auth/callback`] },
    people: [{ subject: 'alice', name: 'Alice', groups: ['platform'] }],
  });
  files = { 'vouchgate.yaml': configurationWith('owner', new URL(provider.issuer).host) };
  server = await startServer({
    storage: openMemoryStorage(),
    masterKey: Buffer.alloc(32, 5),
    readFiles: async () => files,
    listen: { host: '127.0.0.1', port: 0 },
    tls: undefined,
    env: {},
    clock: systemClock,
    log: silentLogger,
  });
  expect(server.problems).toEqual([]);
});
afterEach(async () => {
  await server.close();
  await provider.close();
});

function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ');
}

async function signIn(): Promise<Response> {
  const start = await fetch(`${server.url}/auth/sign-in`, { redirect: 'manual' });
  if (start.status !== 303) return start;
  const chosen = await fetch(start.headers.get('location') ?? '', {
    method: 'POST',
    body: new URLSearchParams({ subject: 'alice' }),
    redirect: 'manual',
  });
  const headers = { cookie: cookieOf(start) };
  const back = (chosen.headers.get('location') ?? '').replace(PUBLIC_URL, server.url);
  return fetch(back, { headers, redirect: 'manual' });
}

describe('people at a running server', () => {
  it('sign in, and have at once what a changed configuration gives them', async () => {
    const end = await signIn();
    expect([end.status, end.headers.get('location')]).toEqual([303, '/console/']);
    const headers = { cookie: cookieOf(end) };
    const rolesNow = async () => {
      const me = Me.parse(await (await fetch(`${server.url}/v1/me`, { headers })).json());
      return me.grants.map(({ role }) => role);
    };
    expect(await rolesNow()).toEqual(['owner']);
    files = { 'vouchgate.yaml': configurationWith('auditor', new URL(provider.issuer).host) };
    expect(await server.reload()).toEqual([]);
    expect(await rolesNow()).toEqual(['auditor']);
    files = {
      ...files,
      'people/own.cedar':
        '@id("no-alice") forbid (principal, action, resource) when { principal.subject == "alice" };',
    };
    expect(await server.reload()).toEqual([]);
    expect((await fetch(`${server.url}/v1/me`, { headers })).status).toBe(403);
  });

  it('are told that the provider cannot be reached where its private address is not allowed', async () => {
    files = { 'vouchgate.yaml': configurationWith('owner', 'other.example') };
    expect(await server.reload()).toEqual([]);
    expect((await signIn()).status).toBe(503);
    files = { 'vouchgate.yaml': configurationWith('owner', new URL(provider.issuer).host) };
    expect(await server.reload()).toEqual([]);
    expect((await signIn()).status).toBe(303);
  });
});
