import { AppError } from '#core/errors.ts';

export type AuditErrorCode =
  | 'log_key_missing'
  | 'log_key_invalid'
  | 'log_key_changed'
  | 'receipt_unreadable'
  | 'export_refused'
  | 'log_not_whole'
  | 'copy_not_readable'
  | 'sink_not_named';

/** A check that cannot be made. That a check fails is an answer, and no error. */
export class AuditError extends AppError<AuditErrorCode> {}
