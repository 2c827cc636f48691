import type { SignatureAlgorithm, SignatureCheck } from '../jose/algorithms.ts';
import { isJsonObject } from '../jose/strict-json.ts';
import { type ImportedKey, importVerificationKey, type VerificationKey } from './verification-key.ts';

export const KEYS_MAX = 100;
const NOT_AN_OBJECT: ImportedKey = { ok: false, reason: 'not an object' };

export type KeySelectionFault = 'token_key_unknown' | 'token_key_mismatch' | 'token_key_ambiguous';
export type KeyChoice = { ok: true; check: SignatureCheck } | { ok: false; code: KeySelectionFault };

/** The keys of one issuer at one moment; immutable. */
export interface KeySet {
  readonly size: number;
  /** Why keys were left out, for the log. */
  readonly skipped: readonly string[];
  /**
   * The one key that a token's header means. Without a `kid` only a single fitting key will do: trying keys
   * until one verifies would let the token choose its judge.
   */
  choose(kid: string | undefined, algorithm: SignatureAlgorithm): KeyChoice;
}

/** Builds a set from the `keys` of a JWK Set (RFC 7517 §5); keys that cannot be used are left out, not fatal. */
export function createKeySet(jwks: readonly unknown[]): KeySet {
  const skipped: string[] = [];
  const byKid = new Map<string | undefined, VerificationKey[]>();
  const all: VerificationKey[] = [];
  for (const jwk of jwks.slice(0, KEYS_MAX)) {
    const imported = isJsonObject(jwk) ? importVerificationKey(jwk) : NOT_AN_OBJECT;
    if (!imported.ok) {
      skipped.push(imported.reason);
      continue;
    }
    const { key } = imported;
    const namesakes = byKid.get(key.kid) ?? [];
    // Some issuers publish one key twice; the same key twice is still one key.
    if (namesakes.some((other) => other.thumbprint === key.thumbprint && sameUse(other, key))) continue;
    namesakes.push(key);
    byKid.set(key.kid, namesakes);
    all.push(key);
  }
  return {
    size: all.length,
    skipped,
    choose(kid, algorithm) {
      const candidates = kid === undefined ? all : byKid.get(kid);
      if (candidates === undefined || candidates.length === 0)
        return { ok: false, code: 'token_key_unknown' };
      return chooseFitting(candidates, algorithm, kid === undefined);
    },
  };
}

function sameUse(left: VerificationKey, right: VerificationKey): boolean {
  return left.checks.size === right.checks.size && [...left.checks.keys()].every((a) => right.checks.has(a));
}

function chooseFitting(
  candidates: readonly VerificationKey[],
  algorithm: SignatureAlgorithm,
  anonymous: boolean,
): KeyChoice {
  let chosen: SignatureCheck | undefined;
  let chosenThumbprint: string | undefined;
  for (const { checks, thumbprint } of candidates) {
    const check = checks.get(algorithm);
    if (check === undefined || thumbprint === chosenThumbprint) continue;
    if (chosen !== undefined) return { ok: false, code: 'token_key_ambiguous' };
    chosen = check;
    chosenThumbprint = thumbprint;
  }
  if (chosen !== undefined) return { ok: true, check: chosen };
  // A token without `kid` names no key that could mismatch: the right one may not be published yet.
  return { ok: false, code: anonymous ? 'token_key_unknown' : 'token_key_mismatch' };
}
