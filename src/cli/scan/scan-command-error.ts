import { AppError } from '#core/errors.ts';

export type ScanCommandErrorCode =
  | 'baseline_unreadable'
  | 'nothing_to_scan'
  | 'output_unwritable'
  | 'pins_unreadable'
  | 'rule_unknown'
  | 'file_changed_meanwhile';

/** A scan that was asked for something that cannot be. */
export class ScanCommandError extends AppError<ScanCommandErrorCode> {}
