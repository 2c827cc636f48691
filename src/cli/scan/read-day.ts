import { CommandError } from '../command-error.ts';

/**
 * `--as-of`, in milliseconds since the epoch: for servers of one's own, which get the platform's changes later.
 * @throws CommandError `usage_invalid` when it is no day.
 */
export function readDay(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const timeMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  throw new CommandError('usage_invalid', `"${text}" is not a day`, { remedy: 'Write it as 2026-06-30.' });
}
