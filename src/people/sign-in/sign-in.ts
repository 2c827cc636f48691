import { hash } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import type { Clock } from '#core/clock.ts';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import { FetchError } from '#core/fetch-error.ts';
import type { SecretReference } from '#core/config/secret-reference.ts';
import type { Logger } from '#core/log.ts';
import type { Secret } from '#core/secret.ts';
import type { SignedIn } from '../ports.ts';
import type { SignInSettings } from '../settings.ts';
import { createProviderClient, type ProviderClient, SignInError } from './provider-client.ts';
import { isOverage, isSubject, personOf, readGroups } from './read-person.ts';
import { returnPathOf } from './return-path.ts';
import { createSignInCookies, type SignInAttempt } from './sign-in-cookie.ts';

/** Why somebody does not get in, before their roles are looked at. */
export type SignInRefusal =
  /** The browser did not start it here, or took longer than ten minutes. */
  | 'sign_in_not_started'
  /** The provider said no, or the person did. */
  | 'provider_refused'
  /** The answer is not that of the provider or of this sign-in: a mix-up, a replay, or a forged request. */
  | 'answer_invalid'
  | 'token_invalid'
  | 'subject_invalid'
  | 'groups_left_out';

export type SignInResult =
  | { ok: true; person: SignedIn; returnTo: string /** Names this sign-in, once. */; signInHash: string }
  | { ok: false; refusal: SignInRefusal };

/** Signs people in by OpenID Connect: authorization code with PKCE (RFC 9700 §2.1), state, nonce and `iss`. */
export interface SignIn {
  /** @throws {SignInError} */
  start(
    settings: SignInSettings,
    returnTo: string | undefined,
  ): Promise<{ location: string; cookie: string }>;
  /** @throws {SignInError} when the provider cannot be reached */
  finish(
    settings: SignInSettings,
    parameters: URLSearchParams,
    cookie: string | undefined,
  ): Promise<SignInResult>;
}

export interface SignInOptions {
  /** Where the provider sends browsers back to; registered there exactly so. */
  readonly redirectUri: string;
  readonly masterKey: Buffer;
  readonly fetch: BoundedFetch;
  readonly resolveSecret: (reference: SecretReference) => Promise<Secret>;
  readonly clock: Clock;
  readonly log: Logger;
}

export function createSignIn(options: SignInOptions): SignIn {
  const { redirectUri, clock, log } = options;
  const cookies = createSignInCookies(options.masterKey, clock);
  let current: { settings: SignInSettings; provider: ProviderClient } | undefined;

  const providerFor = (settings: SignInSettings): ProviderClient => {
    // The configuration makes new settings when it changes, and only then.
    if (current?.settings === settings) return current.provider;
    const { clientSecret } = settings;
    const provider = createProviderClient({
      settings,
      fetch: options.fetch,
      clientSecret: async () => clientSecret && options.resolveSecret(clientSecret),
      clock,
    });
    current = { settings, provider };
    return provider;
  };

  return {
    async start(settings, returnTo) {
      const server = await providerFor(settings).metadata();
      const { attempt, cookie } = cookies.start(returnPathOf(returnTo));
      return { location: authorizationUrl(server, settings, redirectUri, attempt), cookie };
    },
    async finish(settings, parameters, cookie) {
      const attempt = cookies.read(cookie);
      if (attempt === undefined) return { ok: false, refusal: 'sign_in_not_started' };
      const provider = providerFor(settings);
      const server = await provider.metadata();
      try {
        const exchange = { provider, server, settings, attempt, parameters, redirectUri };
        return await exchangeCode(exchange);
      } catch (error) {
        const refusal = refusalOf(error);
        log.warn('sign_in.refused', { refusal, ...detailOf(error) });
        return { ok: false, refusal };
      }
    },
  };
}

function authorizationUrl(
  server: oauth.AuthorizationServer,
  settings: SignInSettings,
  redirectUri: string,
  attempt: SignInAttempt,
): string {
  const url = new URL(server.authorization_endpoint ?? settings.issuer);
  const parameters = {
    client_id: settings.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: settings.scopes.join(' '),
    code_challenge: hash('sha256', attempt.codeVerifier, 'base64url'),
    code_challenge_method: 'S256',
    state: attempt.state,
    nonce: attempt.nonce,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

interface Exchange {
  provider: ProviderClient;
  server: oauth.AuthorizationServer;
  settings: SignInSettings;
  attempt: SignInAttempt;
  parameters: URLSearchParams;
  redirectUri: string;
}

async function exchangeCode(exchange: Exchange): Promise<SignInResult> {
  const { provider, server, settings, attempt, redirectUri } = exchange;
  const { client, requests } = provider;
  const callback = oauth.validateAuthResponse(server, client, exchange.parameters, attempt.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    await provider.authentication(server),
    callback,
    redirectUri,
    attempt.codeVerifier,
    requests,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: attempt.nonce,
    requireIdToken: true,
  });
  // TLS alone would do (OpenID Connect Core §3.1.3.7); a proxy that ends it must not be able to make people up.
  await oauth.validateApplicationLevelSignature(server, response, requests);
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  if (claims === undefined || !isSubject(claims.sub)) return { ok: false, refusal: 'subject_invalid' };
  const groups = readGroups(claims, settings.groupsClaim);
  const told = groups === undefined ? await userInfo(exchange, tokens.access_token, claims.sub) : {};
  const all = groups ?? readGroups(told, settings.groupsClaim);
  if (all === undefined && isOverage(claims, settings.groupsClaim))
    return { ok: false, refusal: 'groups_left_out' };
  return {
    ok: true,
    person: personOf(settings.issuer, claims.sub, { ...told, ...claims }, all ?? []),
    returnTo: attempt.returnTo,
    signInHash: hash('sha256', attempt.state, 'base64url'),
  };
}

/** Some providers give groups only here. `sub` must be the same (OpenID Connect Core §5.3.2). */
async function userInfo(
  { provider: { client, requests }, server }: Exchange,
  accessToken: string,
  subject: string,
): Promise<oauth.UserInfoResponse | Record<string, never>> {
  if (server.userinfo_endpoint === undefined) return {};
  const response = await oauth.userInfoRequest(server, client, accessToken, requests);
  return oauth.processUserInfoResponse(server, client, subject, response);
}

/** @throws {SignInError} when it is the provider that is not there */
function refusalOf(error: unknown): SignInRefusal {
  if (error instanceof oauth.AuthorizationResponseError) return 'provider_refused';
  if (error instanceof oauth.ResponseBodyError) return 'token_invalid';
  if (isUnreachable(error)) {
    throw new SignInError('sign_in_unavailable', 'The identity provider did not answer as it should.', {
      cause: error,
    });
  }
  if (!(error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError))
    throw error;
  return error.code === oauth.INVALID_RESPONSE && isOfTheBrowser(error) ? 'answer_invalid' : 'token_invalid';
}

/** The library says by its cause whether the query of the callback was wrong, or what the provider sent. */
function isOfTheBrowser({ cause }: Error): boolean {
  return typeof cause === 'object' && cause !== null && 'parameters' in cause;
}

function isUnreachable(error: unknown): boolean {
  for (let depth = 0, current = error; depth < 5 && current instanceof Error; depth += 1) {
    if (current instanceof FetchError) return true;
    current = current.cause;
  }
  return error instanceof oauth.OperationProcessingError && error.code === oauth.RESPONSE_IS_NOT_CONFORM;
}

/** Codes, never what the provider or the browser wrote. */
function detailOf(error: unknown): { code?: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? { code: error.code }
    : {};
}
