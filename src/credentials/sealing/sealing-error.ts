import { AppError } from '#core/errors.ts';

export type SealingErrorCode =
  | 'master_key_invalid'
  | 'sealing_context_invalid'
  | 'sealing_value_invalid'
  | 'sealed_malformed'
  | 'sealed_version_unknown'
  /** Sealed under a master key that this server was not given. */
  | 'sealed_key_unknown'
  /** Changed, or moved here from another row: the context is part of what is authenticated. */
  | 'sealed_not_authentic';

/** Never holds plaintext, key material or the sealed text itself. */
export class SealingError extends AppError<SealingErrorCode> {}
