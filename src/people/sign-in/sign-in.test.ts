import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { systemClock } from '#core/clock.ts';
import { createJsonLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import {
  type PeopleProvider,
  type PeopleProviderOptions,
  startPeopleProvider,
} from '#identity/emulator/people/people-provider.ts';
import type { SignInSettings } from '../settings.ts';
import { createSignIn, type SignIn } from './sign-in.ts';

const REDIRECT = 'https://vouchgate.acme.example/auth/callback';
const CLIENT_SECRET = ['client', 'secret', '4711'].join('-');

const time = { aheadMs: 0 };
const clock = { nowMs: () => systemClock.nowMs() + time.aheadMs };
const lines: string[] = [];
const log = createJsonLogger({ level: 'debug', now: clock.nowMs, write: (line) => lines.push(line) });

let provider: PeopleProvider;
let network: ReturnType<typeof createBoundedFetch>;
let signIn: SignIn;
let settings: SignInSettings;

async function open(change: Partial<PeopleProviderOptions> = {}): Promise<void> {
  provider = await startPeopleProvider({
    port: 0,
    clock: systemClock,
    client: { clientId: 'vouchgate', clientSecret: CLIENT_SECRET, redirectUris: [REDIRECT] },
    people: [
      { subject: 'alice', name: 'Alice', email: 'alice@acme.example', groups: ['platform', 'audit'] },
      { subject: 'admin', name: 'Mallory', groups: ['platform'] },
    ],
    ...change,
  });
  network = createBoundedFetch({
    clock,
    log,
    trust: { allowPrivateHosts: [new URL(provider.issuer).host] },
  });
  signIn = createSignIn({
    redirectUri: REDIRECT,
    masterKey: Buffer.alloc(32, 7),
    fetch: network.fetch,
    resolveSecret: async () => new Secret(CLIENT_SECRET),
    clock,
    log,
  });
  settings = {
    name: 'Acme',
    issuer: provider.issuer,
    clientId: 'vouchgate',
    clientSecret: { env: 'OIDC_SECRET' },
    scopes: ['openid', 'profile'],
    groupsClaim: 'groups',
  };
}

async function shut(): Promise<void> {
  await provider.close();
  await network.close();
}

/** What a browser does at the provider: chooses somebody, and is sent back. */
async function chooseAt(location: string, subject: string): Promise<URLSearchParams> {
  const answer = await fetch(location, {
    method: 'POST',
    body: new URLSearchParams({ subject }),
    redirect: 'manual',
  });
  expect(answer.status).toBe(303);
  const back = new URL(answer.headers.get('location') ?? '');
  expect(`${back.origin}${back.pathname}`).toBe(REDIRECT);
  return back.searchParams;
}

async function goThrough(subject: string, returnTo?: string) {
  const { location, cookie } = await signIn.start(settings, returnTo);
  const parameters = await chooseAt(location, subject);
  return { cookie, parameters, result: await signIn.finish(settings, parameters, cookie) };
}

beforeEach(async () => {
  time.aheadMs = 0;
  lines.length = 0;
  await open();
});
afterEach(shut);

describe('a sign-in', () => {
  it('ends with who somebody is, and where they wanted to go', async () => {
    const { result } = await goThrough('alice', '/console/findings?severity=high#top');
    expect(result).toEqual({
      ok: true,
      person: {
        subject: 'alice',
        name: 'Alice',
        signedInBy: 'oidc',
        issuer: provider.issuer,
        groups: ['platform', 'audit'],
      },
      returnTo: '/console/findings?severity=high#top',
      signInHash: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    });
  });

  it('asks for a code with PKCE, state and nonce, and tells the browser none of the secrets', async () => {
    const { location, cookie } = await signIn.start(settings, undefined);
    const { searchParams } = new URL(location);
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: 'vouchgate',
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: 'openid profile',
      code_challenge: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      nonce: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    });
    for (const value of ['state', 'nonce', 'code_challenge']) {
      expect(cookie).not.toContain(searchParams.get(value));
    }
  });

  it.each(['id-token', 'userinfo'] as const)('finds groups that are only in the %s', async (groupsIn) => {
    await shut();
    await open({ groupsIn });
    const { result } = await goThrough('alice');
    expect(result).toMatchObject({ ok: true, person: { groups: ['platform', 'audit'] } });
  });

  it('works for a public client', async () => {
    await shut();
    await open({ client: { clientId: 'vouchgate', redirectUris: [REDIRECT] } });
    const { clientSecret: _none, ...open_ } = settings;
    settings = open_;
    expect((await goThrough('alice')).result).toMatchObject({ ok: true });
  });

  it('writes neither codes, nor tokens, nor secrets to the log', async () => {
    const { parameters, cookie } = await goThrough('alice');
    const written = lines.join('\n');
    for (const secret of [parameters.get('code') ?? '', cookie, CLIENT_SECRET]) {
      expect(written).not.toContain(secret);
    }
  });
});

describe('a sign-in is refused', () => {
  it('when the person cancels', async () => {
    expect((await goThrough('nobody')).result).toEqual({ ok: false, refusal: 'provider_refused' });
  });

  it('when it did not start in this browser, or was changed on the way', async () => {
    const { parameters, cookie } = await goThrough('alice');
    for (const other of [
      undefined,
      '',
      'x',
      `${cookie}x`,
      cookie.replace('.', '..'),
      `A${cookie.slice(1)}`,
    ]) {
      expect(await signIn.finish(settings, parameters, other)).toEqual({
        ok: false,
        refusal: 'sign_in_not_started',
      });
    }
  });

  it('after ten minutes', async () => {
    const { location, cookie } = await signIn.start(settings, undefined);
    const parameters = await chooseAt(location, 'alice');
    time.aheadMs = 600_001;
    expect(await signIn.finish(settings, parameters, cookie)).toEqual({
      ok: false,
      refusal: 'sign_in_not_started',
    });
  });

  it('when somebody gives the victim their own code (login CSRF)', async () => {
    const victim = await signIn.start(settings, undefined);
    const attacker = await signIn.start(settings, undefined);
    const parameters = await chooseAt(attacker.location, 'alice');
    expect(await signIn.finish(settings, parameters, victim.cookie)).toEqual({
      ok: false,
      refusal: 'answer_invalid',
    });
    // Even with the victim's own state: the verifier is another one.
    parameters.set('state', new URL(victim.location).searchParams.get('state') ?? '');
    expect(await signIn.finish(settings, parameters, victim.cookie)).toEqual({
      ok: false,
      refusal: 'token_invalid',
    });
  });

  it('when the code is played again', async () => {
    const { parameters, cookie } = await goThrough('alice');
    expect(await signIn.finish(settings, parameters, cookie)).toEqual({
      ok: false,
      refusal: 'token_invalid',
    });
  });

  it.each([
    [
      'of another issuer (mix-up)',
      (parameters: URLSearchParams) => parameters.set('iss', 'https://evil.example'),
    ],
    [
      'without an issuer, where the provider always names itself',
      (parameters: URLSearchParams) => parameters.delete('iss'),
    ],
    ['without a state', (parameters: URLSearchParams) => parameters.delete('state')],
    ['with two states', (parameters: URLSearchParams) => parameters.append('state', 'x')],
    ['without a code', (parameters: URLSearchParams) => parameters.delete('code')],
    ['with an ID token in the address', (parameters: URLSearchParams) => parameters.set('id_token', 'x.y.z')],
  ])('when the answer is %s', async (_, change) => {
    const { location, cookie } = await signIn.start(settings, undefined);
    const parameters = await chooseAt(location, 'alice');
    change(parameters);
    expect(await signIn.finish(settings, parameters, cookie)).toMatchObject({ ok: false });
  });

  const now = () => Math.floor(systemClock.nowMs() / 1_000);
  it.each([
    ['another issuer', () => ({ iss: 'https://evil.example' })],
    ['another audience', () => ({ aud: 'another-client' })],
    ['many audiences, and another for whom it was made', () => ({ aud: ['vouchgate', 'x'], azp: 'x' })],
    ['another nonce', () => ({ nonce: 'x' })],
    ['no nonce', () => ({ nonce: undefined })],
    ['an end in the past', () => ({ iat: now() - 900, exp: now() - 600 })],
    ['a beginning in the future', () => ({ nbf: now() + 600 })],
    ['no subject', () => ({ sub: undefined })],
  ])('when the ID token has %s', async (_, change) => {
    await shut();
    await open({ tamper: (claims) => ({ ...claims, ...change() }) });
    expect((await goThrough('alice')).result).toEqual({ ok: false, refusal: 'token_invalid' });
  });

  it.each([
    ['that is reserved', 'admin'],
    ['with control characters', 'a\u001b[31m'],
    ['that is not ASCII', 'аlice'],
    ['without end', 'a'.repeat(300)],
  ])('when the ID token has a subject %s', async (_, sub) => {
    await shut();
    await open({ tamper: (claims) => ({ ...claims, sub }) });
    expect((await goThrough('alice')).result).toEqual({ ok: false, refusal: 'subject_invalid' });
  });

  it('when the signature is that of another key', async () => {
    await shut();
    await open();
    const other = await startPeopleProvider({
      port: 0,
      clock: systemClock,
      client: { clientId: 'vouchgate', clientSecret: CLIENT_SECRET, redirectUris: [REDIRECT] },
      people: [{ subject: 'alice', name: 'Alice', groups: ['platform'] }],
      tamper: (claims) => ({ ...claims, iss: provider.issuer }),
    });
    const { fetch } = network;
    // Somebody between us and the provider, who answers in its place.
    const between = createSignIn({
      redirectUri: REDIRECT,
      masterKey: Buffer.alloc(32, 7),
      fetch: (url, request) =>
        url.endsWith('/token')
          ? createdFetch.fetch(url.replace(provider.issuer, other.issuer), request)
          : fetch(url, request),
      resolveSecret: async () => new Secret(CLIENT_SECRET),
      clock,
      log,
    });
    const createdFetch = createBoundedFetch({
      clock,
      log,
      trust: { allowPrivateHosts: [new URL(other.issuer).host] },
    });
    const { location, cookie } = await between.start(settings, undefined);
    const parameters = await chooseAt(location.replace(provider.issuer, other.issuer), 'alice');
    parameters.set('iss', provider.issuer);
    expect(await between.finish(settings, parameters, cookie)).toEqual({
      ok: false,
      refusal: 'token_invalid',
    });
    await other.close();
    await createdFetch.close();
  });

  it('when Entra ID leaves the groups out', async () => {
    await shut();
    await open({
      groupsIn: 'userinfo',
      people: [{ subject: 'alice', name: 'Alice', groups: [] }],
      tamper: (claims) => ({ ...claims, _claim_names: { roles: 'src1' } }),
    });
    settings = { ...settings, groupsClaim: 'roles' };
    expect((await goThrough('alice')).result).toEqual({ ok: false, refusal: 'groups_left_out' });
  });
});

describe('a provider', () => {
  it('whose clock is a little off is believed', async () => {
    await shut();
    await open({
      tamper: (claims) => ({ ...claims, iat: Number(claims['iat']) + 20, nbf: Number(claims['iat']) + 20 }),
    });
    expect((await goThrough('alice')).result).toMatchObject({ ok: true });
  });

  it('that is down is unavailable, and asked again only later', async () => {
    await provider.close();
    await expect(signIn.start(settings, undefined)).rejects.toMatchObject({ code: 'sign_in_unavailable' });
    await expect(signIn.start(settings, undefined)).rejects.toMatchObject({ code: 'sign_in_unavailable' });
    expect(lines.join('')).not.toContain('alice');
    await open();
  });

  it('that is down at the end of a sign-in is unavailable', async () => {
    const { location, cookie } = await signIn.start(settings, undefined);
    const parameters = await chooseAt(location, 'alice');
    await provider.close();
    await expect(signIn.finish(settings, parameters, cookie)).rejects.toMatchObject({
      code: 'sign_in_unavailable',
    });
    await open();
  });

  it('that names itself otherwise than the configuration is not used', async () => {
    const alias = provider.issuer.replace('127.0.0.1', 'localhost');
    const other = createBoundedFetch({
      clock,
      log,
      trust: { allowPrivateHosts: ['localhost', new URL(alias).host] },
    });
    const elsewhere = createSignIn({
      redirectUri: REDIRECT,
      masterKey: Buffer.alloc(32, 7),
      fetch: other.fetch,
      resolveSecret: async () => new Secret(CLIENT_SECRET),
      clock,
      log,
    });
    await expect(elsewhere.start({ ...settings, issuer: alias }, undefined)).rejects.toMatchObject({
      code: 'sign_in_unavailable',
    });
    await other.close();
  });

  it('in a private network is not reached unless the configuration says so', async () => {
    const strict = createBoundedFetch({ clock, log });
    const guarded = createSignIn({
      redirectUri: REDIRECT,
      masterKey: Buffer.alloc(32, 7),
      fetch: strict.fetch,
      resolveSecret: async () => new Secret(CLIENT_SECRET),
      clock,
      log,
    });
    await expect(guarded.start(settings, undefined)).rejects.toMatchObject({ code: 'sign_in_unavailable' });
    await strict.close();
  });

  it('for development wants the exact redirect URI, and PKCE with S256', async () => {
    const { location } = await signIn.start(settings, undefined);
    const changed = (name: string, value: string | undefined) => {
      const url = new URL(location);
      if (value === undefined) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
      return fetch(url, { redirect: 'manual' }).then(({ status }) => status);
    };
    expect(await changed('client_id', 'vouchgate')).toBe(200);
    expect(await changed('redirect_uri', `${REDIRECT}/`)).toBe(400);
    expect(await changed('redirect_uri', `${REDIRECT}?x=1`)).toBe(400);
    expect(await changed('code_challenge', undefined)).toBe(400);
    expect(await changed('code_challenge_method', 'plain')).toBe(400);
    expect(await changed('response_type', 'token')).toBe(400);
    expect(await changed('client_id', 'other')).toBe(400);
  });
});
