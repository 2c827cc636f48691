import { hash, randomBytes } from 'node:crypto';
import type { Clock } from '#core/clock.ts';
import { equalTexts } from '#core/equal-texts.ts';
import type { DevelopmentClient, DevelopmentPerson } from './people-provider.ts';

const CODE_MS = 60_000;
const CODES_MAX = 1_000;

export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly state: string | undefined;
  readonly nonce: string | undefined;
}

export interface CodeExchange {
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

/** RFC 6749 §4.1.1 with what RFC 9700 §2.1 makes of it: PKCE always, only S256, exact redirect URIs. */
export function readAuthorizationRequest(
  parameters: URLSearchParams,
  client: DevelopmentClient,
): { ok: true; request: AuthorizationRequest } | { ok: false; error: string } {
  const [clientId, redirectUri] = [parameters.get('client_id'), parameters.get('redirect_uri')];
  if (clientId !== client.clientId) return { ok: false, error: 'unauthorized_client' };
  if (redirectUri === null || !client.redirectUris.includes(redirectUri)) {
    return { ok: false, error: 'redirect_uri_mismatch' };
  }
  if (parameters.get('response_type') !== 'code') return { ok: false, error: 'unsupported_response_type' };
  if (parameters.get('scope')?.split(' ').includes('openid') !== true)
    return { ok: false, error: 'invalid_scope' };
  const codeChallenge = parameters.get('code_challenge');
  if (codeChallenge === null || parameters.get('code_challenge_method') !== 'S256') {
    return { ok: false, error: 'invalid_request' };
  }
  const state = parameters.get('state') ?? undefined;
  const nonce = parameters.get('nonce') ?? undefined;
  return { ok: true, request: { clientId, redirectUri, codeChallenge, state, nonce } };
}

interface Grant {
  person: DevelopmentPerson;
  request: AuthorizationRequest;
}

/** Codes that live for a minute and work once. */
export function createCodes(clock: Clock) {
  const grants = new Map<string, Grant & { expiresAtMs: number }>();
  return {
    issue(person: DevelopmentPerson, request: AuthorizationRequest): string {
      if (grants.size >= CODES_MAX) grants.clear();
      const code = randomBytes(32).toString('base64url');
      grants.set(code, { person, request, expiresAtMs: clock.nowMs() + CODE_MS });
      return code;
    },
    /** Used up by the attempt, whether it succeeds or not. */
    redeem({ code, codeVerifier, redirectUri }: CodeExchange): Grant | undefined {
      const grant = grants.get(code);
      grants.delete(code);
      if (grant === undefined || clock.nowMs() >= grant.expiresAtMs) return undefined;
      if (redirectUri !== grant.request.redirectUri) return undefined;
      const challenge = hash('sha256', codeVerifier, 'base64url');
      return equalTexts(challenge, grant.request.codeChallenge) ? grant : undefined;
    },
  };
}
