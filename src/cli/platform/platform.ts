import { AppError } from '#core/errors.ts';
import type { Secret } from '#core/secret.ts';

export type PlatformErrorCode =
  | 'token_source_missing'
  | 'token_permission_missing'
  | 'token_request_failed'
  | 'token_file_unreadable'
  | 'token_malformed'
  | 'masking_failed';

/** The job cannot say who it is, or the platform would not hide what the job receives. */
export class PlatformError extends AppError<PlatformErrorCode> {}

/** Where a job gets its token from. */
export interface TokenSource {
  id: 'github-actions' | 'gitlab-ci' | 'file' | 'stdin' | 'environment';
  /** True when every call gives a new token, so that a credential can be issued again later in the job. */
  canMintAgain: boolean;
  /** Variables that hold the token, or what a token can be had with: a child process does not get them. */
  variables: readonly string[];
  token(audience: string): Promise<Secret>;
}

/** How a value is kept out of the log that the platform shows. */
export interface LogMasking {
  id: 'github-actions' | 'buildkite' | 'azure-pipelines' | 'none';
  /**
   * Resolves when the platform was told. Every line of a value is a value of its own, for logs are
   * compared line by line.
   */
  mask(values: readonly string[]): Promise<void>;
  /** How long the platform may take to see the command; nothing secret may be printed before. */
  settleMs: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const TOKEN_CHARS_MAX = 64 * 1024;
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/u;

/** A token as read from a file or a variable: one compact JWS, else the reason why not (without the text). */
export function assertToken(text: string, where: string): string {
  const token = text.trim();
  if (token.length <= TOKEN_CHARS_MAX && COMPACT_JWS.test(token)) return token;
  throw new PlatformError('token_malformed', `what is in ${where} is no OIDC token`, {
    remedy: 'An OIDC token is three parts of base64url text with dots between them.',
  });
}
