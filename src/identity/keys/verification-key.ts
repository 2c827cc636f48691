import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import {
  fitsAlgorithm,
  type SignatureAlgorithm,
  type SignatureCheck,
  signatureAlgorithms,
  signatureCheckFor,
} from '../jose/algorithms.ts';
import { decodeBase64url } from '../jose/base64url.ts';

/** NIST SP 800-131A: less is no longer acceptable. More than 8,192 bits only costs us time. */
const RSA_BITS_MIN = 2_048;
const RSA_BITS_MAX = 8_192;
const KID_CHARS_MAX = 1_000;
/** Members that make a key, public ones only: whatever else a JWK carries is never imported. */
const PUBLIC_MEMBERS = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'], OKP: ['crv', 'x'] } as const;
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const;

/** A public key of an issuer or of a DPoP proof, imported once and kept as a KeyObject. */
export interface VerificationKey {
  kid: string | undefined;
  /** RFC 7638, SHA-256, base64url. */
  thumbprint: string;
  /** One entry for each algorithm that this key may be used with; empty for an encryption key. */
  checks: ReadonlyMap<SignatureAlgorithm, SignatureCheck>;
}

export type ImportedKey = { ok: true; key: VerificationKey } | { ok: false; reason: string };

type Jwk = Readonly<Record<string, unknown>>;

interface PublicJwk extends Record<string, string> {
  kty: 'RSA' | 'EC' | 'OKP';
}

/** Whether a JWK holds private or secret material, which nobody should ever have handed us. */
export function hasPrivateMembers(jwk: Jwk): boolean {
  return PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member));
}

/** Imports the public half of a JWK (RFC 7517). Never throws; `reason` says what is wrong with the key. */
export function importVerificationKey(jwk: Jwk): ImportedKey {
  const { kid } = jwk;
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > KID_CHARS_MAX)) {
    return { ok: false, reason: '`kid` is not a short text' };
  }
  const members = publicMembersOf(jwk);
  if (members === undefined) return { ok: false, reason: 'not an RSA, EC or OKP public key' };
  let key: KeyObject;
  try {
    key = createPublicKey({ key: members, format: 'jwk' });
  } catch {
    return { ok: false, reason: `the ${members.kty} key cannot be imported` };
  }
  const modulusBits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  const weakness = members.kty === 'RSA' ? rsaWeakness(modulusBits, key) : undefined;
  if (weakness !== undefined) return { ok: false, reason: weakness };
  return {
    ok: true,
    key: { kid, thumbprint: thumbprintOf(key), checks: checksOf(jwk, members, key, modulusBits) },
  };
}

function publicMembersOf(jwk: Jwk): PublicJwk | undefined {
  const { kty } = jwk;
  if (kty !== 'RSA' && kty !== 'EC' && kty !== 'OKP') return undefined;
  const members: PublicJwk = { kty };
  for (const name of PUBLIC_MEMBERS[kty]) {
    const value = Object.hasOwn(jwk, name) ? jwk[name] : undefined;
    if (typeof value !== 'string' || value === '') return undefined;
    if (name !== 'crv' && decodeBase64url(value) === undefined) return undefined;
    members[name] = value;
  }
  return members;
}

function rsaWeakness(modulusBits: number, key: KeyObject): string | undefined {
  if (modulusBits < RSA_BITS_MIN) return `RSA key of ${modulusBits} bits; ${RSA_BITS_MIN} are the least`;
  if (modulusBits > RSA_BITS_MAX) return `RSA key of ${modulusBits} bits; ${RSA_BITS_MAX} are the most`;
  const exponent = key.asymmetricKeyDetails?.publicExponent ?? 0n;
  // With exponent 1 every text is its own signature.
  return exponent < 3n || exponent % 2n === 0n ? 'RSA key with an unsafe exponent' : undefined;
}

function checksOf(
  jwk: Jwk,
  members: PublicJwk,
  key: KeyObject,
  modulusBits: number,
): ReadonlyMap<SignatureAlgorithm, SignatureCheck> {
  const checks = new Map<SignatureAlgorithm, SignatureCheck>();
  if (jwk.use !== undefined && jwk.use !== 'sig') return checks;
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify'))) {
    return checks;
  }
  // RFC 9864 gives EdDSA on Ed25519 a name of its own.
  const declared = jwk.alg === 'Ed25519' ? 'EdDSA' : jwk.alg;
  for (const algorithm of signatureAlgorithms) {
    if (declared !== undefined && declared !== algorithm) continue;
    if (!fitsAlgorithm(members, algorithm)) continue;
    checks.set(algorithm, signatureCheckFor(key, algorithm, modulusBits));
  }
  return checks;
}

/** Over the members as we would write them, so that one key never has two thumbprints (RFC 7638 §3). */
function thumbprintOf(key: KeyObject): string {
  const { kty, crv, e, n, x, y } = key.export({ format: 'jwk' });
  const required = kty === 'RSA' ? { e, kty, n } : kty === 'EC' ? { crv, kty, x, y } : { crv, kty, x };
  return hash('sha256', JSON.stringify(required), 'base64url');
}
