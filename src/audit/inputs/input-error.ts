import { AppError } from '#core/errors.ts';

export type InputErrorCode =
  /** Comes back by itself: the network, a limit of the rate, a source that is down. */
  | 'input_unavailable'
  /** Somebody must change something: a token, a scope, a folder. */
  | 'input_refused'
  | 'input_unreadable';

export class InputError extends AppError<InputErrorCode> {
  readonly waitSeconds: number | undefined;

  constructor(
    code: InputErrorCode,
    message: string,
    options: { remedy?: string; cause?: unknown; waitSeconds?: number } = {},
  ) {
    super(code, message, options);
    this.waitSeconds = options.waitSeconds;
  }
}
