import { AppError } from '#core/errors.ts';

/** Codes as AWS writes them, for SDKs branch on them. */
export type StsFaultCode =
  | 'AccessDenied'
  | 'ExpiredTokenException'
  | 'IDPCommunicationError'
  | 'InternalFailure'
  | 'InvalidAction'
  | 'InvalidIdentityToken'
  | 'InvalidParameterCombination'
  | 'MalformedPolicyDocument'
  | 'MalformedQueryString'
  | 'PackedPolicyTooLarge'
  | 'ValidationError';

const STATUS: Partial<Record<StsFaultCode, number>> = { AccessDenied: 403, InternalFailure: 500 };

export class StsFault extends AppError<StsFaultCode> {
  get status(): number {
    return STATUS[this.code] ?? 400;
  }
}
