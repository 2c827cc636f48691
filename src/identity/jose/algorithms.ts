import { constants, type KeyObject, type VerifyKeyObjectInput } from 'node:crypto';

/** What a platform's token may be signed with. Never `none`, never a shared-secret algorithm (RFC 8725 §3.1, §3.2). */
export const signatureAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'EdDSA',
] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

interface AlgorithmTraits {
  kty: 'RSA' | 'EC' | 'OKP';
  /** Curve that the key must be on. */
  crv?: string;
  /** Digest for `crypto.verify`; null where the algorithm brings its own. */
  digest: string | null;
  /** Exact size of a signature; an RSA signature is as long as its modulus. */
  signatureBytes?: number;
  /** RSASSA-PSS with a salt as long as the digest (RFC 7518 §3.5). */
  saltBytes?: number;
}

const TRAITS: Readonly<Record<SignatureAlgorithm, AlgorithmTraits>> = {
  RS256: { kty: 'RSA', digest: 'sha256' },
  RS384: { kty: 'RSA', digest: 'sha384' },
  RS512: { kty: 'RSA', digest: 'sha512' },
  PS256: { kty: 'RSA', digest: 'sha256', saltBytes: 32 },
  PS384: { kty: 'RSA', digest: 'sha384', saltBytes: 48 },
  PS512: { kty: 'RSA', digest: 'sha512', saltBytes: 64 },
  ES256: { kty: 'EC', crv: 'P-256', digest: 'sha256', signatureBytes: 64 },
  ES384: { kty: 'EC', crv: 'P-384', digest: 'sha384', signatureBytes: 96 },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', digest: null, signatureBytes: 64 },
};

export function isSignatureAlgorithm(name: unknown): name is SignatureAlgorithm {
  return typeof name === 'string' && Object.hasOwn(TRAITS, name);
}

/** Whether a key of this type and curve can carry the algorithm: a name in a token's header is only a claim. */
export function fitsAlgorithm(jwk: { kty?: string; crv?: string }, algorithm: SignatureAlgorithm): boolean {
  const traits = TRAITS[algorithm];
  return jwk.kty === traits.kty && (traits.crv === undefined || jwk.crv === traits.crv);
}

/** Everything `crypto.verify` needs, made once for a key and an algorithm. */
export interface SignatureCheck {
  digest: string | null;
  input: VerifyKeyObjectInput;
  signatureBytes: number;
}

export function signatureCheckFor(
  key: KeyObject,
  algorithm: SignatureAlgorithm,
  modulusBits: number,
): SignatureCheck {
  const traits = TRAITS[algorithm];
  const input: VerifyKeyObjectInput = { key };
  if (traits.kty === 'EC') input.dsaEncoding = 'ieee-p1363';
  if (traits.kty === 'RSA') {
    input.padding =
      traits.saltBytes === undefined ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_PSS_PADDING;
    if (traits.saltBytes !== undefined) input.saltLength = traits.saltBytes;
  }
  return {
    digest: traits.digest,
    input,
    signatureBytes: traits.signatureBytes ?? Math.ceil(modulusBits / 8),
  };
}
