import { hash } from 'node:crypto';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import { type Clock, nowSeconds } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import {
  type ConfiguredIdentityProvider,
  type ResolvedIdentityProvider,
  resolveIdentityProviders,
} from './configured-provider.ts';
import { flattenClaims } from './flatten-claims.ts';
import { type CompactJws, parseCompactJws } from './jose/compact-jws.ts';
import type { JsonObject } from './jose/strict-json.ts';
import { createSignatureBatch, type SignatureBatch } from './jose/signature-batch.ts';
import { createPinnedKeySource, type KeySource } from './keys/key-source.ts';
import { createRemoteKeySource } from './keys/remote-key-source.ts';
import { type ProtectedHeader, readProtectedHeader } from './protected-header.ts';
import type { VerifiedClaims } from './provider.ts';
import type { Verification } from './refusal.ts';
import { refuse, refuseClaim, type Refused, showClaim } from './refuse.ts';
import { checkAudience, checkPresence, checkRequired, checkTimes } from './registered-claims.ts';
import { refuseKey, refuseOverload, refuseSignature, refuseUnparsed } from './token-refusals.ts';
import type { VerifiedToken } from './workload-identity.ts';

export const TOKEN_CHARS_MAX = 16 * 1_024;

/** Turns platforms' tokens into verified identities. */
export interface IdentityVerifier {
  /** Every fault of a token is a refusal; a rejection is a bug of ours. Using a token up is the broker's. */
  verify(token: string): Promise<Verification<VerifiedToken>>;
  /** Stops fetching keys. Tokens of pinned issuers still verify. */
  close(): void;
}

export interface IdentityVerifierOptions {
  providers: readonly ConfiguredIdentityProvider[];
  /** What tokens must be issued for, unless their provider says otherwise. */
  audience: string;
  clock: Clock;
  log: Logger;
  fetch: BoundedFetch;
}

interface Trusted {
  provider: ResolvedIdentityProvider;
  keys: KeySource;
}

/** Throws {@link IdentityConfigurationError} when the providers contradict each other. */
export function createIdentityVerifier(options: IdentityVerifierOptions): IdentityVerifier {
  const { clock } = options;
  const batch = createSignatureBatch();
  const trusted = new Map<string, Trusted>();
  for (const [issuer, provider] of resolveIdentityProviders(options.providers, options.audience)) {
    trusted.set(issuer, { provider, keys: createKeySource(provider, options) });
  }
  return {
    async verify(token) {
      const parsed = parseCompactJws(token, TOKEN_CHARS_MAX);
      if (!parsed.ok) return refuseUnparsed(parsed.fault, TOKEN_CHARS_MAX);
      const { jws } = parsed;
      const { iss } = jws.payload;
      const issuer = typeof iss === 'string' ? trusted.get(iss) : undefined;
      if (issuer === undefined) return refuseIssuer(iss, trusted.keys());
      const header = readProtectedHeader(jws.header, issuer.provider);
      if (!header.ok) return header;
      const failed = await checkSignature(jws, header.header, issuer, batch);
      return failed ?? acceptClaims(jws, issuer.provider, nowSeconds(clock));
    },
    close() {
      for (const { keys } of trusted.values()) keys.close();
    },
  };
}

function createKeySource(
  { issuer, jwks }: ResolvedIdentityProvider,
  { clock, log, fetch }: IdentityVerifierOptions,
): KeySource {
  if (jwks !== undefined && 'keys' in jwks) return createPinnedKeySource(jwks.keys);
  return createRemoteKeySource({ location: { issuer, jwksUri: jwks?.uri }, clock, log, fetch });
}

/** Compared as it stands: no trailing slash, no letter case is forgiven (RFC 8725 §3.8). */
function refuseIssuer(iss: unknown, known: Iterable<string>): Refused {
  const expected = [...known].slice(0, 20).join(', ');
  return refuse('token_issuer_unknown', {
    message: 'No identity provider is configured for the issuer of this token.',
    facts: [{ name: 'token.iss', expected, received: showClaim(iss) }],
    remedy: 'Compare the issuer letter by letter with `identityProviders` in the configuration.',
  });
}

async function checkSignature(
  { signingInput, signature }: CompactJws,
  header: ProtectedHeader,
  { keys, provider }: Trusted,
  batch: SignatureBatch,
): Promise<Refused | undefined> {
  const selection = keys.select(header.kid, header.algorithm);
  const choice = selection instanceof Promise ? await selection : selection;
  if (!choice.ok) return refuseKey(choice, header, provider);
  const checked = batch.verify(choice.check, signingInput, signature);
  if (checked === undefined) return refuseOverload();
  return (await checked) ? undefined : refuseSignature(header, provider);
}

/**
 * Only after the signature: what a refusal says of the claims is then what the issuer really signed, and its
 * place in the record is worth something.
 */
function acceptClaims(
  { payload, signingInput }: CompactJws,
  provider: ResolvedIdentityProvider,
  atSeconds: number,
): Verification<VerifiedToken> {
  const refused = checkAudience(payload, provider.audience);
  if (refused !== undefined) return refused;
  const timed = checkTimes(payload, atSeconds, provider);
  if (!timed.ok) return timed;
  const absent = checkPresence(payload, provider.kind.claimsRequired);
  if (absent !== undefined) return absent;
  if (!namesSubject(payload)) return refuseClaim('sub', 'text', payload.sub);
  const flattened = flattenClaims(payload);
  if (!flattened.ok) return flattened;
  const unlike = checkRequired(flattened.claims, provider);
  if (unlike !== undefined) return unlike;
  const normalised = provider.kind.normalise(payload, provider.settings);
  if (!normalised.ok) return normalised;
  const identity = {
    provider: provider.name,
    platform: provider.kind.id,
    issuer: payload.iss,
    subject: payload.sub,
    ...normalised.identity,
    claims: flattened.claims,
  };
  return acceptToken(payload.jti, { ...timed.times, identity, tokenDigest: digestOf(signingInput) });
}

function namesSubject(payload: JsonObject): payload is VerifiedClaims {
  return typeof payload.iss === 'string' && typeof payload.sub === 'string';
}

/**
 * Over what was signed, without the signature: whoever holds an ECDSA token can compute a second valid
 * signature of it (r, −s), and would have a token that no replay check has seen.
 */
function digestOf(signingInput: Buffer): string {
  return hash('sha256', signingInput, 'base64url');
}

function acceptToken(jti: unknown, token: Omit<VerifiedToken, 'tokenId'>): Verification<VerifiedToken> {
  if (jti === undefined) return { ok: true, value: { ...token, tokenId: undefined } };
  if (typeof jti === 'string' && jti !== '') return { ok: true, value: { ...token, tokenId: jti } };
  return refuseClaim('jti', 'text', jti);
}
