import { AppError } from '#core/errors.ts';

export type IssuerKeysErrorCode = 'discovery_failed' | 'discovery_invalid' | 'jwks_failed' | 'jwks_invalid';

/** Why an issuer's keys could not be had. It ends in the log; the job is told `token_keys_unavailable`. */
export class IssuerKeysError extends AppError<IssuerKeysErrorCode> {}
