import type { Activity } from '#audit/inputs/activity.ts';
import type { TimelinePlace } from '#audit/inputs/ports.ts';
import { StoreError } from '#core/store-error.ts';
import type { SqlStep } from './sql-database.ts';
import { integer, readInteger, readJsonText, readText, type SqlValue } from './sql-value.ts';
import { toStoredText } from './stored-text.ts';

/** How an entry is named where it is found by a key: by its place in the record, or by its id. */
const EVENT_PREFIX = 'e';
const ACTIVITY_PREFIX = 'a';
const SEQUENCE_DIGITS = 16;

export function eventEntry(sequence: number): string {
  return EVENT_PREFIX + String(sequence).padStart(SEQUENCE_DIGITS, '0');
}

export function activityEntry(id: string): string {
  return ACTIVITY_PREFIX + id;
}

export type EntryName = { origin: 'event'; sequence: number } | { origin: 'activity'; id: string };

export function parseEntry(entry: string): EntryName {
  const rest = entry.slice(1);
  if (entry.startsWith(ACTIVITY_PREFIX)) return { origin: 'activity', id: rest };
  if (entry.startsWith(EVENT_PREFIX) && /^\d{1,16}$/.test(rest))
    return { origin: 'event', sequence: Number(rest) };
  throw new StoreError('store_corrupt', 'The timeline names what is neither an event nor an activity.');
}

export interface TimelineKey {
  readonly key: string;
  readonly timeMs: number;
  readonly entry: string;
}

/** Few sizes, so that there are few texts of statements to keep prepared. */
const SIZES = [256, 64, 16, 4, 1];

export function keySteps(rows: readonly TimelineKey[]): SqlStep[] {
  const steps: SqlStep[] = [];
  let start = 0;
  for (const size of SIZES) {
    for (; rows.length - start >= size; start += size) steps.push(keyStep(rows.slice(start, start + size)));
  }
  return steps;
}

/** A step that changes no row would end the transaction before the others, so what is there is written again. */
function keyStep(rows: readonly TimelineKey[]): SqlStep {
  return {
    sql: `INSERT INTO timeline_key (key, time_ms, entry) VALUES ${rows.map(() => '(?, ?, ?)').join(', ')}
          ON CONFLICT (key, time_ms, entry) DO UPDATE SET entry = excluded.entry`,
    values: rows.flatMap(({ key, timeMs, entry }) => [
      toStoredText(key),
      integer(timeMs, 'timeMs'),
      toStoredText(entry),
    ]),
  };
}

/** The first step changes no row where the activity is there already, and then its keys are there, too. */
export function activitySteps(activity: Activity): SqlStep[] {
  const { id, timeMs, receivedAtMs, keys } = activity;
  const insert: SqlStep = {
    sql: `INSERT INTO activity (id, received_at_ms, activity) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    values: [toStoredText(id), integer(receivedAtMs, 'receivedAtMs'), JSON.stringify(activity)],
  };
  const entry = activityEntry(id);
  return [insert, ...keySteps(keys.map((key) => ({ key, timeMs, entry })))];
}

export function placeFromRow(row: readonly SqlValue[]): TimelinePlace {
  return { timeMs: readInteger(row[0]), entry: readText(row[1]) };
}

/** What we wrote as JSON ourselves. */
export function activityFromRow(row: readonly SqlValue[]): Activity {
  const activity: Activity = JSON.parse(readJsonText(row[0]));
  return activity;
}
