import type { Intent } from '#broker/ports.ts';
import { eventToRow } from './event-row.ts';
import { leaseToRow } from './lease-row.ts';
import type { RecentEvents } from './recent-events.ts';
import { countCharacters, integer, type SqlValue, textOrNull } from './sql-value.ts';
import { toStoredText } from './stored-text.ts';

/**
 * An intent as rows. Its one-time keys and its retry key share one table, told apart by their first letter,
 * so that uniqueness costs one index and a proof can never pass for a token.
 */
export interface IntentRow {
  tokenKey: string;
  proofKey: string | null;
  retryKey: string | null;
  holder: SqlValue;
  decision: string;
  expiresAtMs: number;
  lease: SqlValue[];
  events: SqlValue[][];
  characters: number;
}

/** Commit results as they come back over a thread or a connection. */
export const COMMITTED = 0;
export const REPLAYED = 1;
export const PROOF_REPLAYED = 2;
export const REPEATED = 3;

/** @param recent keeps the texts of the events */
export function intentToRow(intent: Intent, recent?: RecentEvents): IntentRow {
  const { replay, retryKey } = intent;
  const events = intent.events.map(eventToRow);
  const row = {
    tokenKey: `t${toStoredText(replay.tokenKey)}`,
    proofKey: replay.proofKey === undefined ? null : `p${toStoredText(replay.proofKey)}`,
    // Without a holder nobody can prove to be the one who comes back.
    retryKey: retryKey === undefined || replay.holder === undefined ? null : `r${toStoredText(retryKey)}`,
    holder: textOrNull(replay.holder),
    decision: toStoredText(replay.decision),
    expiresAtMs: integer(replay.expiresAtMs, 'replay.expiresAtMs'),
    lease: leaseToRow(intent.lease),
    events: recent?.keep(events) ?? events,
  };
  const flat = [row.tokenKey, row.proofKey, row.retryKey, row.holder, row.decision];
  return { ...row, characters: countCharacters([...flat, ...row.lease, ...row.events.flat()]) };
}
