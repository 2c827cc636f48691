import type { AppError } from './errors.ts';

export type FetchErrorCode =
  | 'fetch_address_forbidden'
  | 'fetch_scheme_forbidden'
  | 'fetch_redirect_forbidden'
  | 'fetch_too_large'
  | 'fetch_timeout'
  | 'fetch_failed';

export interface BoundedRequest {
  method?: 'GET' | 'POST' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Cap on the response's body, after decoding; more is `fetch_too_large`. */
  bodyBytesMax: number;
  /** Cap on the whole exchange: connect, headers and body. */
  timeoutMs: number;
  signal?: AbortSignal;
}

export interface BoundedResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** The only way to the network for everything that takes a URL from configuration or from a token. */
export type BoundedFetch = (url: string, request: BoundedRequest) => Promise<BoundedResponse>;

export type FetchError = AppError<FetchErrorCode>;
