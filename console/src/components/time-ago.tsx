import { Text, Tooltip } from '@mantine/core';
import { useNow } from './use-now.ts';

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const STEP_SECONDS = 10;
const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "5 min ago", "in 2 days". */
export function formatRelative(timeMs: number, nowMs: number): string {
  const seconds = Math.round((timeMs - nowMs) / 1_000);
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return RELATIVE.format(Math.trunc(seconds / size), unit);
  }
  // The clock of the page steps every ten seconds: what has just happened may seem to be ahead of it.
  return RELATIVE.format(Math.abs(seconds) < STEP_SECONDS ? 0 : seconds, 'second');
}

export function formatMoment(moment: string): string {
  return moment.replace('T', ' ').replace(/\.\d+Z$|Z$/, ' UTC');
}

/** A moment as people say it, with the exact one on hover, on focus and for screen readers. */
export function TimeAgo({ moment }: { moment: string }) {
  const nowMs = useNow();
  return (
    <Tooltip label={formatMoment(moment)}>
      <Text component="time" dateTime={moment} fz="inherit" c="inherit" className="numeric" tabIndex={0}>
        {formatRelative(Date.parse(moment), nowMs)}
      </Text>
    </Tooltip>
  );
}
