import { describe, expect, it } from 'vitest';
import { buildAuthorizationServerMetadata, buildDiscoveryDocument } from './discovery.ts';

const ISSUER = 'https://vouchgate.acme.example/tenant';

describe('discovery', () => {
  it('has every member that OpenID Connect Discovery requires of an issuer without a login page', () => {
    expect(buildDiscoveryDocument(ISSUER, ['ES256'])).toEqual({
      issuer: ISSUER,
      jwks_uri: `${ISSUER}/.well-known/jwks.json`,
      token_endpoint: `${ISSUER}/oauth2/token`,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      grant_types_supported: ['urn:ietf:params:oauth:grant-type:token-exchange'],
      token_endpoint_auth_methods_supported: ['none'],
      claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti'],
    });
  });

  it('has no empty list, which RFC 8414 §3.2 forbids', () => {
    for (const document of [buildDiscoveryDocument(ISSUER), buildAuthorizationServerMetadata(ISSUER)]) {
      for (const value of Object.values(document)) expect(value.length).toBeGreaterThan(0);
      expect(document.issuer).toBe(ISSUER);
    }
  });

  it('says which proofs of possession the token endpoint takes', () => {
    const { dpop_signing_alg_values_supported } = buildAuthorizationServerMetadata(ISSUER, ['ES256']);
    expect(dpop_signing_alg_values_supported).toEqual(['ES256']);
  });
});
