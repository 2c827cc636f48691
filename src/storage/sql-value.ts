import { StoreError } from '#core/store-error.ts';
import { fromStoredText, toStoredText } from './stored-text.ts';

/** What crosses the border to a database, and a thread: text is in its stored form, booleans are 0 and 1. */
export type SqlValue = string | number | null;

/** The most that one call may write, so that no single value can fill memory or a message. */
export const CALL_CHARS_MAX = 16 * 1024 * 1024;

export function textOrNull(text: string | undefined): SqlValue {
  return text === undefined ? null : toStoredText(text);
}

/** @throws StoreError `store_refused` for what an integer column would refuse or round */
export function integer(value: number, name: string): number {
  if (Number.isSafeInteger(value)) return value;
  throw new StoreError('store_refused', `${name} must be a whole number, not ${value}.`, { location: name });
}

export function integerOrNull(value: number | undefined, name: string): SqlValue {
  return value === undefined ? null : integer(value, name);
}

export function readText(value: SqlValue | undefined): string {
  if (typeof value === 'string') return fromStoredText(value);
  throw unexpected('text', value);
}

export function readOptionalText(value: SqlValue | undefined): string | undefined {
  return value === null ? undefined : readText(value);
}

export function readInteger(value: SqlValue | undefined): number {
  if (typeof value === 'number') return value;
  throw unexpected('a number', value);
}

export function readOptionalInteger(value: SqlValue | undefined): number | undefined {
  return value === null ? undefined : readInteger(value);
}

/** @throws StoreError `store_refused` when one call is larger than {@link CALL_CHARS_MAX} */
export function countCharacters(values: readonly SqlValue[]): number {
  let characters = 0;
  for (const value of values) characters += typeof value === 'string' ? value.length : 8;
  if (characters <= CALL_CHARS_MAX) return characters;
  throw new StoreError('store_refused', `One write of ${characters} characters is too large.`, {
    remedy: `Keep what is written at once under ${CALL_CHARS_MAX} characters.`,
  });
}

/** @throws StoreError `store_corrupt` when it is none of `choices` */
export function readChoice<Choice extends string>(
  value: SqlValue | undefined,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw unexpected(choices.join(' or '), value);
}

/** What we wrote as JSON ourselves. */
export function readJsonText(value: SqlValue | undefined): string {
  if (typeof value === 'string') return value;
  throw unexpected('JSON', value);
}

function unexpected(wanted: string, value: unknown): StoreError {
  return new StoreError('store_corrupt', `The store holds ${typeof value} where ${wanted} belongs.`, {
    remedy: 'Restore the store from a backup; it was changed by something else.',
  });
}
