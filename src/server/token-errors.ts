import type { TokenError, TokenErrorCode, TokenErrorReason } from '#api/token-exchange.ts';
import type { ExchangeDenial, ExchangeDenialCode } from '#broker/exchange.ts';
import type { Answer } from './answer.ts';
import { factsOf } from './views.ts';

const DESCRIPTION_CHARS_MAX = 1_000;
const RETRY_SECONDS = 1;

interface TokenFailure {
  status: number;
  error: TokenErrorCode;
}

const BAD_REQUEST: TokenFailure = { status: 400, error: 'invalid_request' };
const BAD_TARGET: TokenFailure = { status: 400, error: 'invalid_target' };
const BAD_PROOF: TokenFailure = { status: 400, error: 'invalid_dpop_proof' };
const UNAVAILABLE: TokenFailure = { status: 503, error: 'temporarily_unavailable' };
// Not 503: asking again will not help, a back-end said no.
const REFUSED_BEHIND: TokenFailure = { status: 502, error: 'server_error' };

/** Refusals of the token itself: `invalid_request` (RFC 8693 §2.2.2), but where its keys could not be had. */
type TokenCode = Extract<ExchangeDenialCode, `token_${string}`>;

const DECIDED: Readonly<Record<Exclude<ExchangeDenialCode, TokenCode>, TokenFailure>> = {
  no_permit: BAD_TARGET,
  forbidden: BAD_TARGET,
  evaluation_error: BAD_TARGET,
  posture_failed: BAD_TARGET,
  posture_unknown: BAD_TARGET,
  resource_unknown: BAD_TARGET,
  frozen: BAD_TARGET,
  exchange_in_progress: BAD_REQUEST,
  proof_replayed: BAD_REQUEST,
  proof_invalid: BAD_PROOF,
  proof_required: BAD_PROOF,
  configuration_missing: UNAVAILABLE,
  store_unavailable: UNAVAILABLE,
  backend_unavailable: UNAVAILABLE,
  backend_refused: REFUSED_BEHIND,
  overloaded: UNAVAILABLE,
};

function isTokenCode(code: ExchangeDenialCode): code is TokenCode {
  return code.startsWith('token_');
}

function failureOf({ code, retryable }: ExchangeDenial): TokenFailure {
  // What was not found out in time is known the next time.
  if (code === 'posture_unknown' && retryable) return UNAVAILABLE;
  if (!isTokenCode(code)) return DECIDED[code];
  return code === 'token_keys_unavailable' ? UNAVAILABLE : BAD_REQUEST;
}

/** RFC 6749 §5.2 allows %x20-21 / %x23-5B / %x5D-7E in `error_description`. */
function descriptionOf(message: string): string {
  return message
    .slice(0, DESCRIPTION_CHARS_MAX)
    .replaceAll(/["`“”„‘’]/g, "'")
    .replaceAll('\\', '/')
    .replaceAll('…', '...')
    .replaceAll(/[–—]/g, '-')
    .replaceAll(/[^\u0020-\u007e]/g, '?');
}

function answer(status: number, error: TokenError): Answer {
  return {
    status,
    mediaType: 'application/json',
    body: JSON.stringify(error),
    headers: status === 503 ? ['Retry-After', String(RETRY_SECONDS)] : [],
  };
}

/** The answer to a request that the broker denied. */
export function answerDenial(decision: string | undefined, denial: ExchangeDenial): Answer {
  const { status, error } = failureOf(denial);
  return answer(status, {
    error,
    error_description: descriptionOf(denial.message),
    reason: denial.code,
    ...(decision === undefined ? {} : { decision }),
    facts: factsOf(denial.facts),
    remedy: denial.remedy,
    retryable: denial.retryable,
  });
}

type FaultReason = Exclude<TokenErrorReason, ExchangeDenialCode>;

const FAULTS: Readonly<Record<FaultReason, TokenFailure>> = {
  request_malformed: BAD_REQUEST,
  parameter_duplicate: BAD_REQUEST,
  parameter_missing: BAD_REQUEST,
  parameter_invalid: BAD_REQUEST,
  parameter_unsupported: BAD_REQUEST,
  grant_type_unsupported: { status: 400, error: 'unsupported_grant_type' },
  target_missing: BAD_REQUEST,
  target_multiple: BAD_TARGET,
  body_too_large: { status: 413, error: 'invalid_request' },
  media_type_unsupported: { status: 415, error: 'invalid_request' },
  internal_error: { status: 500, error: 'server_error' },
};

/** A request that never came to a decision: its form is wrong. Nothing of what was sent is repeated. */
export interface TokenFault {
  reason: FaultReason;
  message: string;
  remedy: string;
  error?: TokenErrorCode;
}

export function answerFault(fault: TokenFault): Answer {
  const { status, error } = FAULTS[fault.reason];
  return answer(status, {
    error: fault.error ?? error,
    error_description: descriptionOf(fault.message),
    reason: fault.reason,
    facts: [],
    remedy: fault.remedy,
    retryable: false,
  });
}
