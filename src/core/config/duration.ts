import { z } from 'zod';

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const PATTERN = /^([1-9]\d{0,6})(s|m|h|d)$/;

/** `30s`, `15m`, `1h`, `7d` to seconds; undefined when it is none of these. */
export function parseDurationSeconds(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * (UNIT_SECONDS[match[2] ?? ''] ?? Number.NaN);
}

/** `900` to `15m`: the largest unit that divides it. */
export function formatDuration(seconds: number): string {
  for (const [unit, size] of Object.entries(UNIT_SECONDS).toReversed()) {
    if (seconds >= size && seconds % size === 0) return `${seconds / size}${unit}`;
  }
  return `${Math.round(seconds)}s`;
}

/** A duration as text with its unit, to seconds. */
export const DurationText = z
  .string()
  .regex(PATTERN, 'must be a whole number with a unit: 30s, 15m, 1h, 7d')
  .transform((text) => parseDurationSeconds(text) ?? Number.NaN);
