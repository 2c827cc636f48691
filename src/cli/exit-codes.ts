import { AppError } from '#core/errors.ts';

/** The exit codes of every command. `run` adds 120, so that they do not look like its child's. */
export const exitCodes = {
  ok: 0,
  /** It worked, and the answer is no: findings, a refused token in `whoami`, a lease that could not be revoked. */
  negative: 1,
  usage: 2,
  /** A decision denied the request, or the server did not accept who asks. */
  refused: 3,
  /** The server, the network or the platform did not answer. */
  unavailable: 4,
  internal: 5,
} as const;

export const exitCodeMeanings: Readonly<Record<number, string>> = {
  [exitCodes.ok]: 'done',
  [exitCodes.negative]: 'done, and the answer is negative',
  [exitCodes.usage]: 'wrong usage or set-up',
  [exitCodes.refused]: 'refused (the decision is deny)',
  [exitCodes.unavailable]: 'server, network or platform unavailable',
  [exitCodes.internal]: 'internal error',
};

const REFUSED = new Set(['session_missing', 'session_rejected', 'server_refused', 'platform_refused']);
const UNAVAILABLE = new Set([
  'server_unreachable',
  'server_certificate_untrusted',
  'server_timeout',
  'server_unavailable',
  'server_answer_invalid',
  'server_answer_too_large',
  'token_request_failed',
  'platform_unavailable',
  'platform_answer_invalid',
]);
const NEGATIVE = new Set(['not_found']);

/** An error of ours is usage unless its code says otherwise; anything else is a bug. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof AppError)) return exitCodes.internal;
  if (REFUSED.has(error.code)) return exitCodes.refused;
  if (UNAVAILABLE.has(error.code)) return exitCodes.unavailable;
  if (NEGATIVE.has(error.code)) return exitCodes.negative;
  return exitCodes.usage;
}
