import { randomUUID } from 'node:crypto';
import { messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';

const CAUSES_MAX = 5;

function causesOf(error: unknown): string[] {
  const causes: string[] = [];
  let cause = error instanceof Error ? error.cause : undefined;
  while (cause !== undefined && causes.length < CAUSES_MAX) {
    causes.push(messageOf(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
}

/** Writes what nobody expected to the log, and returns the id that the caller is told instead. */
export function reportIncident(log: Logger, operation: string, error: unknown): string {
  const incident = randomUUID();
  log.error('http.incident', {
    incident,
    operation,
    error: messageOf(error),
    causes: causesOf(error),
    stack: error instanceof Error ? error.stack : undefined,
  });
  return incident;
}
