import { hash } from 'node:crypto';
import { type Clock, nowSeconds } from '#core/clock.ts';
import { isSignatureAlgorithm, type SignatureAlgorithm } from './jose/algorithms.ts';
import { type CompactJws, parseCompactJws } from './jose/compact-jws.ts';
import { isSignatureValid } from './jose/signature-batch.ts';
import { isJsonObject } from './jose/strict-json.ts';
import { hasPrivateMembers, importVerificationKey, type VerificationKey } from './keys/verification-key.ts';
import type { Fact } from './refusal.ts';
import { showClaim } from './refuse.ts';

const PROOF_CHARS_MAX = 8 * 1_024;
const JTI_CHARS_MAX = 256;
const ALGORITHMS: ReadonlySet<SignatureAlgorithm> = new Set(['ES256', 'EdDSA', 'RS256']);

export interface DpopProofRequest {
  /** The `DPoP` header's value. */
  proof: string;
  /** The request's method, and its URL as the client knows it; query and fragment do not count. */
  method: string;
  url: string;
  clock: Clock;
  /** How far the proof's `iat` may lie from now, either way. */
  leewaySeconds: number;
}

export type DpopVerdict =
  | {
      ok: true;
      /** RFC 7638 SHA-256 of the proof's key, base64url: `jkt`. */
      thumbprint: string;
      /** What must not be seen twice: digest of key and `jti`. */
      proofKey: string;
      /** From here on the proof is too old anyway, and `proofKey` may be forgotten. */
      expiresAtMs: number;
    }
  | { ok: false; message: string; facts: readonly Fact[] };

/**
 * Checks a DPoP proof (RFC 9449 §4.3) at an endpoint that takes no access token, so without `ath`, and without
 * a server nonce. That a proof is used once is the caller's, with `proofKey`. Never throws.
 */
export async function verifyDpopProof(request: DpopProofRequest): Promise<DpopVerdict> {
  const parsed = parseCompactJws(request.proof, PROOF_CHARS_MAX);
  if (!parsed.ok) return deny('The DPoP proof is not a signed JWT.');
  const { jws } = parsed;
  const key = readProofKey(jws.header);
  if (!key.ok) return key;
  const { check, thumbprint } = key;
  if (!isSignatureValid(check, jws.signingInput, jws.signature)) {
    return deny('The DPoP proof is not signed by the key that it carries.');
  }
  return checkProofClaims(jws, thumbprint, request);
}

function deny(
  message: string,
  name?: string,
  expected = '',
  received?: unknown,
): { ok: false; message: string; facts: readonly Fact[] } {
  const facts =
    name === undefined ? [] : [{ name: `proof.${name}`, expected, received: showClaim(received) }];
  return { ok: false, message, facts };
}

type ProofKey =
  | { ok: true; check: NonNullable<ReturnType<VerificationKey['checks']['get']>>; thumbprint: string }
  | Extract<DpopVerdict, { ok: false }>;

function readProofKey({ alg, typ, jwk, crit }: CompactJws['header']): ProofKey {
  // The explicit type keeps an identity token from passing as a proof.
  if (typ !== 'dpop+jwt') return deny('The DPoP proof has the wrong type.', 'header.typ', 'dpop+jwt', typ);
  if (crit !== undefined) return deny('The DPoP proof has critical headers.', 'header.crit', 'absent', crit);
  if (!isSignatureAlgorithm(alg) || !ALGORITHMS.has(alg)) {
    const names = [...ALGORITHMS].join(', ');
    return deny("The DPoP proof's algorithm is not accepted.", 'header.alg', names, alg);
  }
  if (!isJsonObject(jwk)) {
    return deny('The DPoP proof carries no key.', 'header.jwk', 'a public key', undefined);
  }
  // §4.3 (7); never quoted: it would put the private key into the record.
  if (hasPrivateMembers(jwk)) return deny('The DPoP proof carries a private key: make a new key pair.');
  const imported = importVerificationKey(jwk);
  if (!imported.ok) return deny(`The DPoP proof's key cannot be used: ${imported.reason}.`);
  const check = imported.key.checks.get(alg);
  if (check === undefined)
    return deny("The DPoP proof's key is not for its algorithm.", 'header.alg', '', alg);
  return { ok: true, check, thumbprint: imported.key.thumbprint };
}

function checkProofClaims(
  { payload }: CompactJws,
  thumbprint: string,
  { method, url, clock, leewaySeconds }: DpopProofRequest,
): DpopVerdict {
  const { jti, htm, htu, iat } = payload;
  if (typeof jti !== 'string' || jti === '' || jti.length > JTI_CHARS_MAX) {
    return deny('The DPoP proof has no usable jti.', 'jti', `1 to ${JTI_CHARS_MAX} characters`, jti);
  }
  if (htm !== method) return deny('The DPoP proof is for another method.', 'htm', method, htm);
  const target = targetOf(url);
  if (target === undefined || typeof htu !== 'string' || targetOf(htu) !== target) {
    return deny('The DPoP proof is for another URL.', 'htu', target ?? url, htu);
  }
  const now = nowSeconds(clock);
  if (typeof iat !== 'number' || !(Math.abs(now - iat) <= leewaySeconds)) {
    return deny('The DPoP proof is not of this moment.', 'iat', `${now} ± ${leewaySeconds} s`, iat);
  }
  return {
    ok: true,
    thumbprint,
    proofKey: hash('sha256', `${thumbprint}.${jti}`, 'base64url'),
    expiresAtMs: (Math.ceil(iat) + leewaySeconds + 1) * 1_000,
  };
}

/** Scheme, host and path after syntax-based normalisation (RFC 9449 §4.3, RFC 3986 §6.2.2, §6.2.3). */
function targetOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, pathname, username, password } = new URL(text);
  if ((protocol !== 'https:' && protocol !== 'http:') || username !== '' || password !== '') return undefined;
  return `${protocol}//${host}${pathname}`;
}
