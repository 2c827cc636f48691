import { AppError } from '#core/errors.ts';

export type ImportErrorCode =
  | 'report_too_large'
  | 'report_unreadable'
  | 'report_refused'
  | 'report_unknown'
  | 'report_ambiguous';

/** A report that cannot be taken in at all. Nothing of it was stored. */
export class ImportError extends AppError<ImportErrorCode> {}
