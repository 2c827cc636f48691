import { z } from 'zod';

/** Upper bound of `limit` of every list. */
export const PAGE_SIZE_MAX = 1_000;
const PAGE_SIZE_DEFAULT = 100;

/** An integer in a query: decimal digits only, so that `1e3`, `0x10` and ` 5` are not numbers here. */
export function integerParameter(min: number, max: number) {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value),
    z.int().min(min).max(max),
  );
}

/** Several words in one parameter, separated by commas: `state=active,pending`. */
export function listParameter<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',') : value),
    z.array(item).min(1).max(32),
  );
}

export const limitParameter = integerParameter(1, PAGE_SIZE_MAX).default(PAGE_SIZE_DEFAULT);

/**
 * A name out of the configuration, or an id; never interpreted, only compared. Control characters (PostgreSQL
 * refuses NUL in text) and lone surrogates (they have no UTF-8) are in no name.
 */
export const nameParameter = z
  .string()
  .min(1)
  .max(600)
  .regex(/^\P{Cc}+$/u, 'no control characters')
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode');

/** A moment as ISO 8601 in UTC, `2026-01-31T12:00:00.000Z`. */
export const Moment = z.iso.datetime();
