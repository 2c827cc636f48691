import { AppError, type AppErrorOptions } from '#core/errors.ts';

export type ClientErrorCode =
  | 'server_missing'
  | 'server_url_invalid'
  | 'ca_file_unreadable'
  | 'proxy_unsupported'
  | 'server_unreachable'
  | 'server_certificate_untrusted'
  | 'server_timeout'
  | 'server_answer_too_large'
  | 'server_answer_invalid'
  | 'server_unavailable'
  | 'server_refused'
  | 'session_missing'
  | 'session_rejected'
  | 'session_file_unreadable'
  | 'not_found';

/** The way to the server failed, or its answer was not an answer. Never holds a token. */
export class ClientError extends AppError<ClientErrorCode> {
  /** The server's own code (RFC 9457 `code`), where it gave one. */
  readonly serverCode: string | undefined;

  constructor(
    code: ClientErrorCode,
    message: string,
    options: AppErrorOptions & { serverCode?: string | undefined } = {},
  ) {
    super(code, message, options);
    this.serverCode = options.serverCode;
  }
}
