import { AppError } from '#core/errors.ts';

export type LocalPostgresErrorCode =
  | 'postgres_binaries_invalid'
  | 'postgres_user_missing'
  | 'postgres_initialisation_failed'
  | 'postgres_start_failed'
  | 'postgres_stop_failed'
  | 'postgres_platform_unsupported'
  | 'postgres_install_failed';

export class LocalPostgresError extends AppError<LocalPostgresErrorCode> {}
