import { AppError } from '#core/errors.ts';
import type { CredentialErrorCode } from './provider.ts';

/** What a credential provider throws. Its message and remedy go to the operator, so neither may hold a secret. */
export class CredentialError extends AppError<CredentialErrorCode> {}
