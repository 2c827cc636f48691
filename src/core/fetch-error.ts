import { AppError } from './errors.ts';

export type FetchErrorCode =
  | 'fetch_address_forbidden'
  | 'fetch_scheme_forbidden'
  | 'fetch_redirect_forbidden'
  | 'fetch_too_large'
  | 'fetch_timeout'
  | 'fetch_failed';

/** `location` is the URL without its user, query and fragment. */
export class FetchError extends AppError<FetchErrorCode> {}
