import type { ResolvedIdentityProvider } from './configured-provider.ts';
import { isSignatureAlgorithm, type SignatureAlgorithm } from './jose/algorithms.ts';
import { refuse, type Refused, showClaim } from './refuse.ts';

/**
 * Identity tokens come as `JWT`, as `JOSE` (SPIFFE) or without a type. Anything else is a JWT made for another
 * purpose: an access token (`at+jwt`), a DPoP proof, a logout token (RFC 8725 §3.11).
 */
const TYPES = new Set(['jwt', 'jose', 'application/jwt']);
const KID_CHARS_MAX = 1_000;

export interface ProtectedHeader {
  algorithm: SignatureAlgorithm;
  kid: string | undefined;
}

/**
 * Reads the few header members that we act on. `jku`, `x5u`, `jwk` and `x5c` are never looked at: a token does
 * not bring its own key (RFC 8725 §3.10).
 */
export function readProtectedHeader(
  header: Readonly<Record<string, unknown>>,
  provider: ResolvedIdentityProvider,
): { ok: true; header: ProtectedHeader } | Refused {
  const { alg, typ, kid } = header;
  // RFC 7515 §4.1.11: what is critical and not understood must be refused. We understand none. `b64` (RFC 7797)
  // changes what was signed, so it is refused without `crit` too.
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) {
    return refuse('token_critical_header', {
      message: 'The token demands a JWS extension that is not supported.',
      facts: [{ name: 'token.header.crit', expected: 'absent', received: showClaim(header.crit ?? 'b64') }],
      remedy: 'Use a token as the platform issues it.',
    });
  }
  if (typ !== undefined && !(typeof typ === 'string' && TYPES.has(typ.toLowerCase()))) {
    return refuse('token_type_unsupported', {
      message: 'This JWT is not an identity token.',
      facts: [{ name: 'token.header.typ', expected: 'JWT', received: showClaim(typ) }],
      remedy: 'Send the OIDC identity token of the job, no access token and no proof.',
    });
  }
  if (!isSignatureAlgorithm(alg) || !provider.algorithms.has(alg)) {
    return refuse('token_algorithm_forbidden', {
      message: 'The token is signed with an algorithm that this issuer may not use.',
      facts: [
        { name: 'token.header.alg', expected: [...provider.algorithms].join(', '), received: showClaim(alg) },
      ],
      remedy: `If the platform really signs so, add it to \`algorithms\` of ${provider.name}.`,
    });
  }
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > KID_CHARS_MAX)) {
    return refuse('token_malformed', {
      message: "The token's key id is not a short text.",
      facts: [{ name: 'token.header.kid', expected: 'text', received: showClaim(kid) }],
      remedy: 'Use a token as the platform issues it.',
    });
  }
  return { ok: true, header: { algorithm: alg, kid } };
}
