import type { SinkTrouble } from '../sinks/sink.ts';
import { backoffMs, patienceMs } from './backoff.ts';
import type { SinkHealth } from './ports.ts';

/** Failures in a row before the sink counts as down. */
const OPEN_AFTER = 5;

export function healthAfterSuccess(before: SinkHealth, nowMs: number): SinkHealth {
  return {
    circuit: 'closed',
    failures: 0,
    stopped: false,
    nextAttemptAtMs: 0,
    lastAttemptAtMs: nowMs,
    lastSuccessAtMs: nowMs,
    // Stays, so that somebody who looks later learns why there was a gap.
    lastError: before.lastError,
  };
}

export function healthAfterTrouble(before: SinkHealth, trouble: SinkTrouble, nowMs: number): SinkHealth {
  const failures = before.failures + 1;
  const needsPerson = trouble.kind === 'refused' || trouble.kind === 'stopped';
  const waitMs = needsPerson ? patienceMs() : backoffMs(failures, trouble.retryAfterMs);
  return {
    circuit: needsPerson || failures >= OPEN_AFTER ? 'open' : 'closed',
    failures,
    stopped: trouble.kind === 'stopped',
    nextAttemptAtMs: nowMs + waitMs,
    lastAttemptAtMs: nowMs,
    lastSuccessAtMs: before.lastSuccessAtMs,
    lastError: { code: trouble.code, message: trouble.message, atMs: nowMs },
  };
}
