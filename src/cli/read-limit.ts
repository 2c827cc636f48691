import { CommandError } from './command-error.ts';

const LIMIT_MAX = 1_000;

/** `--limit` of a list: a whole number that the server accepts. */
export function readLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const limit = /^\d{1,4}$/u.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw new CommandError('usage_invalid', `"${text}" is no limit`, {
    remedy: `Give a whole number from 1 to ${LIMIT_MAX}.`,
  });
}
