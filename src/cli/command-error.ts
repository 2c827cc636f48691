import { AppError } from '#core/errors.ts';

export type CommandErrorCode =
  | 'usage_invalid'
  | 'command_unknown'
  | 'secret_on_terminal'
  | 'output_refused'
  | 'output_closed'
  | 'environment_conflict'
  | 'environment_name_refused'
  | 'field_unknown'
  | 'report_file_unreadable'
  | 'report_file_too_large'
  | 'not_found';

/** A mistake in how a command was called, or in what it was asked to write. */
export class CommandError extends AppError<CommandErrorCode> {}
