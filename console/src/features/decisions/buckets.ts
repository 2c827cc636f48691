import type { DecisionCounts, OutcomeCounts } from '#api/decision.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Up to eight days by hour; more by day. */
const HOURS_MAX = 8 * 24;
const BUCKETS_MAX = 400;
const NONE: OutcomeCounts = { issued: 0, allowed: 0, failed: 0, denied: 0 };

export interface Bucket {
  readonly startMs: number;
  readonly endMs: number;
  readonly label: string;
  readonly outcomes: OutcomeCounts;
}

export type Unit = 'hour' | 'day';

export function unitFor(fromMs: number | undefined, toMs: number): Unit {
  return fromMs !== undefined && toMs - fromMs <= HOURS_MAX * HOUR_MS ? 'hour' : 'day';
}

const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });

function labelOf(startMs: number, unit: Unit): string {
  const day = DAY.format(startMs);
  return unit === 'day' ? day : `${day} ${new Date(startMs).toISOString().slice(11, 16)}`;
}

/** Hours or days one after another, also those in which nothing was decided: a gap must be seen. */
export function fillBuckets(
  counts: DecisionCounts['counts'],
  unit: Unit,
  fromMs: number | undefined,
  toMs: number,
): Bucket[] {
  const stepMs = unit === 'hour' ? HOUR_MS : DAY_MS;
  const known = new Map(counts.map(({ start, outcomes }) => [Date.parse(start), outcomes]));
  const firstMs = fromMs ?? Math.min(toMs, ...known.keys());
  const lastMs = Math.floor((toMs - 1) / stepMs) * stepMs;
  const startMs = Math.max(Math.floor(firstMs / stepMs) * stepMs, lastMs - (BUCKETS_MAX - 1) * stepMs);
  const length = Math.max(0, Math.round((lastMs - startMs) / stepMs) + 1);
  return Array.from({ length }, (_, at) => {
    const bucketMs = startMs + at * stepMs;
    return {
      startMs: bucketMs,
      endMs: bucketMs + stepMs,
      label: labelOf(bucketMs, unit),
      outcomes: known.get(bucketMs) ?? NONE,
    };
  });
}
