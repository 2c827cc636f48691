/** Why a token was not accepted. Codes are API: they appear in decisions, in answers and in `docs/reference/errors.md`. */
export type TokenRefusalCode =
  | 'token_too_large'
  | 'token_malformed'
  | 'token_duplicate_member'
  | 'token_type_unsupported'
  | 'token_algorithm_forbidden'
  | 'token_critical_header'
  | 'token_issuer_unknown'
  | 'token_key_unknown'
  | 'token_key_ambiguous'
  | 'token_key_mismatch'
  | 'token_keys_unavailable'
  | 'token_signature_invalid'
  | 'token_audience_missing'
  | 'token_audience_mismatch'
  | 'token_audience_multiple'
  | 'token_claim_missing'
  | 'token_claim_invalid'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'token_lifetime_too_long';

/** A fact that failed: what was looked at, what would have passed, what was there. Never holds a secret. */
export interface Fact {
  /** Dotted path: `token.aud`, `principal.ref.full`, `context.time`. */
  name: string;
  expected: string;
  /** `undefined` when it was absent; absent is not the same as empty. */
  received: string | undefined;
}

export interface TokenRefusal {
  code: TokenRefusalCode;
  /** One sentence for the developer whose job was refused. */
  message: string;
  facts: readonly Fact[];
  remedy: string;
  /** True when the cause is ours or the issuer's (keys could not be fetched): the same token may pass later. */
  retryable: boolean;
}

export type Verification<T> = { ok: true; value: T } | { ok: false; refusal: TokenRefusal };
