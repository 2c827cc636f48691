import type { LeaseChange, LeaseState } from '#broker/ports.ts';
import { integerOrNull, type SqlValue, textOrNull } from './sql-value.ts';

/** In the order of {@link changeToRow}. */
export const CHANGE_COLUMNS = [
  'state',
  'expires_at_ms',
  'ended_at_ms',
  'due_at_ms',
  'attempts',
  'last_error_given',
  'last_error',
] as const;

/** Null leaves a column as it is; `lastError` alone can also be cleared, by being there and undefined. */
export function changeToRow(change: LeaseChange): SqlValue[] {
  return [
    change.state ?? null,
    integerOrNull(change.expiresAtMs, 'expiresAtMs'),
    integerOrNull(change.endedAtMs, 'endedAtMs'),
    integerOrNull(change.dueAtMs, 'dueAtMs'),
    integerOrNull(change.attempts, 'attempts'),
    'lastError' in change ? 1 : 0,
    textOrNull(change.lastError),
  ];
}

/** `pending,active`: the shape in which both dialects can look for one state. */
export function statesToText(states: readonly LeaseState[]): string {
  return states.join(',');
}
