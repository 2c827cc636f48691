import { CommandError } from '../command-error.ts';

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/**
 * `--ttl 15m` in seconds: the words of the configuration's durations, read without its schemas, which would
 * cost a job forty milliseconds.
 */
export function parseTtlSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, count, unit = ''] = /^([1-9]\d{0,6})([smhd])$/u.exec(text) ?? [];
  const unitSeconds = UNIT_SECONDS[unit];
  if (count !== undefined && unitSeconds !== undefined) return Number(count) * unitSeconds;
  throw new CommandError('usage_invalid', `"${text}" is no duration`, {
    remedy: 'Write a whole number with a unit: 90s, 15m, 1h.',
  });
}
