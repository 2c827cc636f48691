import { AppError } from '#core/errors.ts';

export type IssuerErrorCode =
  | 'issuer_invalid'
  /** The algorithm is not among those that this issuer was given. */
  | 'signing_algorithm_unavailable'
  /** `iss` is the issuer's own to set. */
  | 'signing_claims_invalid'
  | 'signing_overloaded'
  | 'signing_failed'
  /** No key that this server can sign with; see the cause. */
  | 'signing_key_unavailable'
  | 'issuer_closed';

export class IssuerError extends AppError<IssuerErrorCode> {}
