import { afterEach, describe, expect, it } from 'vitest';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import { systemClock } from '#core/clock.ts';
import { silentLogger } from '#core/log.ts';
import { Secret } from '#core/secret.ts';
import { createSignIn, type SignIn } from '#people/sign-in/sign-in.ts';
import type { SignInSettings } from '#people/settings.ts';
import { logInAt } from './oidc-provider/browse.ts';
import { installOidcProvider } from './oidc-provider/install-oidc-provider.ts';
import { type RealProvider, startOidcProvider } from './oidc-provider/start-oidc-provider.ts';

const REDIRECT = 'https://vouchgate.acme.example/auth/callback';
const CLIENT_SECRET = ['of', 'this', 'test', 'and long enough'].join(' ');

const installed = installOidcProvider();
const note = 'missing' in installed ? `SKIPPED: ${installed.missing}` : 'a certified implementation';
const closers: (() => Promise<void>)[] = [];

async function open(groupsInIdToken: boolean): Promise<{
  provider: RealProvider;
  signIn: SignIn;
  settings: SignInSettings;
}> {
  const entry = 'entry' in installed ? installed.entry : '';
  const provider = await startOidcProvider(entry, {
    clientSecret: CLIENT_SECRET,
    redirectUri: REDIRECT,
    groupsInIdToken,
  });
  const network = createBoundedFetch({
    clock: systemClock,
    log: silentLogger,
    trust: { allowPrivateHosts: [new URL(provider.issuer).host] },
  });
  closers.push(
    () => provider.close(),
    () => network.close(),
  );
  const signIn = createSignIn({
    redirectUri: REDIRECT,
    masterKey: Buffer.alloc(32, 9),
    fetch: network.fetch,
    resolveSecret: async () => new Secret(CLIENT_SECRET),
    clock: systemClock,
    log: silentLogger,
  });
  const settings: SignInSettings = {
    name: 'Acme',
    issuer: provider.issuer,
    clientId: 'vouchgate',
    clientSecret: { env: 'OIDC_SECRET' },
    scopes: ['openid', 'profile', 'groups'],
    groupsClaim: 'groups',
  };
  return { provider, signIn, settings };
}

describe.skipIf('missing' in installed)(`a person at oidc-provider (${note})`, () => {
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  it.each([
    ['in the ID token', true],
    ['at the userinfo endpoint', false],
  ])('signs in, with groups %s', async (_, groupsInIdToken) => {
    const { provider, signIn, settings } = await open(groupsInIdToken);
    const { location, cookie } = await signIn.start(settings, '/console/findings');
    const back = await logInAt(location, 'alice', REDIRECT);
    expect(await signIn.finish(settings, back.searchParams, cookie)).toEqual({
      ok: true,
      person: {
        subject: 'alice',
        name: 'alice of Acme',
        signedInBy: 'oidc',
        issuer: provider.issuer,
        groups: ['owner', 'everybody'],
      },
      returnTo: '/console/findings',
      signInHash: expect.any(String),
    });
    // The same callback again: the provider takes its code once.
    expect(await signIn.finish(settings, back.searchParams, cookie)).toEqual({
      ok: false,
      refusal: 'token_invalid',
    });
  });

  it('is refused with a client secret that is wrong', async () => {
    const { signIn, settings } = await open(true);
    const other = { ...settings, clientSecret: undefined };
    const { location, cookie } = await signIn.start(other, undefined);
    const back = await logInAt(location, 'alice', REDIRECT);
    expect(await signIn.finish(other, back.searchParams, cookie)).toEqual({
      ok: false,
      refusal: 'token_invalid',
    });
  });
});
