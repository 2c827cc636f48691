import type { Secret } from '#core/secret.ts';

export type SigningAlgorithm = 'ES256' | 'RS256';

/** Signs tokens as the OIDC issuer that we are. Adds `iss`; everything else is the caller's. */
export interface TokenSigner {
  /** Our issuer URL, exactly as it stands in `iss`. */
  readonly issuer: string;
  sign(claims: Readonly<Record<string, unknown>>, algorithm: SigningAlgorithm): Promise<Secret>;
}
