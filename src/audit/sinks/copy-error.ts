import { AppError } from '#core/errors.ts';

export type CopyErrorCode = 'copy_unreadable';

/** The copy in a sink cannot be read, or not all of it: nothing can be said about it then. */
export class CopyError extends AppError<CopyErrorCode> {}
