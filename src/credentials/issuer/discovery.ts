import { IssuerError } from './issuer-error.ts';
import type { SigningAlgorithm } from './token-signer.ts';

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const LOOPBACK_HOSTS = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** OpenID Connect Discovery 1.0 §3, for those that trust our tokens (AWS, Google Cloud, Azure, Vault…). */
export type DiscoveryDocument = Readonly<Record<string, string | readonly string[]>>;

/**
 * Checks that a URL can be an issuer: relying parties compare it character by character and append paths to it.
 *
 * @throws {IssuerError} `issuer_invalid`
 */
export function checkIssuer(issuer: string): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  const secure =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname));
  const plain = url?.search === '' && url.hash === '' && url.username === '' && url.password === '';
  if (!secure || !plain || issuer.endsWith('/') || /[?#\s]/.test(issuer)) {
    throw new IssuerError('issuer_invalid', `${JSON.stringify(issuer.slice(0, 200))} cannot be an issuer.`, {
      remedy: 'Set `url` to an https URL without query, fragment and slash at the end.',
    });
  }
}

/** The document at `<issuer>/.well-known/openid-configuration`. */
export function buildDiscoveryDocument(
  issuer: string,
  algorithms: readonly SigningAlgorithm[] = ['ES256', 'RS256'],
): DiscoveryDocument {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    token_endpoint: `${issuer}/oauth2/token`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: algorithms,
    grant_types_supported: [TOKEN_EXCHANGE],
    token_endpoint_auth_methods_supported: ['none'],
    claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti'],
  };
}

/**
 * The document at `<issuer>/.well-known/oauth-authorization-server` (RFC 8414 §2), for clients of the token
 * endpoint.
 */
export function buildAuthorizationServerMetadata(
  issuer: string,
  dpopAlgorithms: readonly string[] = ['ES256', 'EdDSA'],
): DiscoveryDocument {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    token_endpoint: `${issuer}/oauth2/token`,
    // The member is required and may not be empty; there is no authorization endpoint.
    response_types_supported: ['none'],
    grant_types_supported: [TOKEN_EXCHANGE],
    token_endpoint_auth_methods_supported: ['none'],
    dpop_signing_alg_values_supported: dpopAlgorithms,
  };
}
