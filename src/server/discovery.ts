import { buildOpenApi } from '#api/openapi.ts';
import { buildAuthorizationServerMetadata, buildDiscoveryDocument } from '#credentials/issuer/discovery.ts';
import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';

/** New signing keys are published this long before they sign, so that nobody's cache is without them. */
const CACHE_CONTROL = 'public, max-age=300';
// Public documents, the same for everybody, without cookies: any page may read them.
const ANY_ORIGIN = ['Access-Control-Allow-Origin', '*'];

type Json = Record<string, unknown>;

function isKeySet(value: object): value is { keys: ({ kty: string } & Json)[] } {
  return 'keys' in value && Array.isArray(value.keys);
}

function publicly<Value>(value: Value) {
  return { value, headers: ANY_ORIGIN, cacheControl: CACHE_CONTROL };
}

export function createDiscoveryHandlers({
  signingKeys,
}: Pick<ServerDependencies, 'signingKeys'>): HandlersOf<
  'getOpenIdConfiguration' | 'getAuthorizationServerMetadata' | 'getJwks' | 'getOpenApi'
> {
  const { issuer } = signingKeys;
  const urls = {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    token_endpoint: `${issuer}/oauth2/token`,
  };
  const openApi = buildOpenApi();
  return {
    getOpenIdConfiguration: () => publicly({ ...buildDiscoveryDocument(issuer), ...urls }),
    getAuthorizationServerMetadata: () => publicly({ ...buildAuthorizationServerMetadata(issuer), ...urls }),
    getJwks() {
      const keySet = signingKeys.jwks();
      if (!isKeySet(keySet)) throw new TypeError('signingKeys.jwks() is not a JWK Set');
      return publicly(keySet);
    },
    getOpenApi: () => ({ value: openApi, cacheControl: CACHE_CONTROL }),
  };
}
