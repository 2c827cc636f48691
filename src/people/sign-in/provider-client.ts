import * as oauth from 'oauth4webapi';
import { AppError } from '#core/errors.ts';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import { systemClock, type Clock } from '#core/clock.ts';
import type { Secret } from '#core/secret.ts';
import type { SignInSettings } from '../settings.ts';
import { createOauthFetch } from './bounded-oauth-fetch.ts';

const METADATA_MS = 600_000;
const FAILURE_MS = 5_000;
const CLOCK_TOLERANCE_SECONDS = 30;

export interface ProviderClientOptions {
  readonly settings: SignInSettings;
  readonly fetch: BoundedFetch;
  readonly clientSecret: () => Promise<Secret | undefined>;
  readonly clock: Clock;
}

/** `sign_in_unavailable`: the provider cannot be reached, or is not what the configuration says. */
export class SignInError extends AppError<'sign_in_unavailable'> {}

/** One provider with our registration at it; the protocol itself is oauth4webapi's. */
export interface ProviderClient {
  readonly client: oauth.Client;
  readonly requests: oauth.HttpRequestOptions<'GET'> & oauth.HttpRequestOptions<'POST', URLSearchParams>;
  /** @throws {SignInError} */
  metadata(): Promise<oauth.AuthorizationServer>;
  authentication(server: oauth.AuthorizationServer): Promise<oauth.ClientAuth>;
}

export function createProviderClient(options: ProviderClientOptions): ProviderClient {
  const { settings, clock } = options;
  const requests = {
    [oauth.customFetch]: createOauthFetch(options.fetch),
    // http is for loopback only: the configuration takes no other issuer with it.
    [oauth.allowInsecureRequests]: settings.issuer.startsWith('http:'),
  };
  const client: oauth.Client = {
    client_id: settings.clientId,
    [oauth.clockTolerance]: CLOCK_TOLERANCE_SECONDS,
    // The library reads the system's clock; ours may be another one.
    get [oauth.clockSkew]() {
      return Math.round((clock.nowMs() - systemClock.nowMs()) / 1_000);
    },
  };
  let known: { metadata: Promise<oauth.AuthorizationServer>; untilMs: number } | undefined;

  const discover = async (): Promise<oauth.AuthorizationServer> => {
    try {
      const issuer = new URL(settings.issuer);
      const response = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...requests });
      const server = await oauth.processDiscoveryResponse(issuer, response);
      if (server.authorization_endpoint !== undefined && server.token_endpoint !== undefined) return server;
      throw new TypeError('its metadata has no endpoints for authorization');
    } catch (cause) {
      throw new SignInError('sign_in_unavailable', `The metadata of ${settings.issuer} cannot be used.`, {
        cause,
      });
    }
  };

  return {
    client,
    requests,
    // Anybody can start a sign-in: however many do, the provider is asked rarely.
    metadata() {
      const nowMs = clock.nowMs();
      if (known !== undefined && nowMs < known.untilMs) return known.metadata;
      const metadata = discover();
      const entry = { metadata, untilMs: nowMs + METADATA_MS };
      known = entry;
      metadata.catch(() => {
        entry.untilMs = clock.nowMs() + FAILURE_MS;
      });
      return metadata;
    },
    async authentication(server) {
      const secret = await options.clientSecret();
      if (secret === undefined) return oauth.None();
      // OpenID Connect Discovery §3: without a list it is Basic.
      const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
      return methods.includes('client_secret_basic')
        ? oauth.ClientSecretBasic(secret.reveal())
        : oauth.ClientSecretPost(secret.reveal());
    },
  };
}
