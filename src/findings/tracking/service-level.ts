import { severities, type Severity } from '../severity.ts';
import type { Pause } from './tracked-finding.ts';

/** How long a finding may stay, by its severity. */
export interface ServiceLevel {
  /** Days from the first sighting; a severity that is not there has no limit. */
  readonly days: Readonly<Partial<Record<Severity, number>>>;
  /** Whether only working days count. */
  readonly businessDays: boolean;
  /** 0 is Sunday. */
  readonly weekend: readonly number[];
  /** `YYYY-MM-DD`; days that do not count when only working days do. */
  readonly holidays: ReadonlySet<string>;
  /** Minutes east of UTC: where a day begins. */
  readonly utcOffsetMinutes: number;
}

export const defaultServiceLevel: ServiceLevel = {
  days: { critical: 7, high: 30, medium: 90, low: 180 },
  businessDays: false,
  weekend: [0, 6],
  holidays: new Set(),
  utcOffsetMinutes: 0,
};

const DAY_MS = 86_400_000;
/** A calendar without working days must not be walked forever. */
const DAYS_WALKED_MAX = 20_000;
const PAUSES_MAX = 50;

function isWorkingDay(day: number, { businessDays, weekend, holidays }: ServiceLevel): boolean {
  if (!businessDays) return true;
  // Day 0 of the epoch was a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7;
  return !weekend.includes(weekday) && !holidays.has(new Date(day * DAY_MS).toISOString().slice(0, 10));
}

/** Milliseconds of the interval in which the clock stands still; pauses do not overlap, see {@link addPause}. */
function pausedWithin(fromMs: number, toMs: number, pauses: readonly Pause[]): number {
  let paused = 0;
  for (const pause of pauses) {
    const start = Math.max(fromMs, pause.fromMs);
    const end = Math.min(toMs, pause.toMs ?? toMs);
    if (end > start) paused += end - start;
  }
  return paused;
}

/** The moment within an interval at which the clock has run so long. */
function momentAfter(fromMs: number, toMs: number, runMs: number, pauses: readonly Pause[]): number {
  let at = fromMs;
  let left = runMs;
  for (const pause of pauses) {
    if (pause.fromMs >= toMs || (pause.toMs ?? toMs) <= at) continue;
    const free = Math.max(0, pause.fromMs - at);
    if (free >= left) break;
    left -= free;
    at = Math.max(at, pause.toMs ?? toMs);
  }
  return at + left;
}

/**
 * When a finding has to be mended: after so many days (of 24 hours) in which its clock ran. Undefined when its
 * severity has no limit, and while the clock stands still.
 */
export function dueAt(
  startedAtMs: number,
  severity: Severity,
  pauses: readonly Pause[],
  level: ServiceLevel,
): number | undefined {
  const days = level.days[severity];
  if (days === undefined || pauses.some(({ toMs }) => toMs === undefined)) return undefined;
  const offsetMs = level.utcOffsetMinutes * 60_000;
  const sorted = pauses.toSorted((a, b) => a.fromMs - b.fromMs);
  let left = days * DAY_MS;
  let at = startedAtMs;
  for (let walked = 0; walked < DAYS_WALKED_MAX; walked += 1) {
    const day = Math.floor((at + offsetMs) / DAY_MS);
    const end = (day + 1) * DAY_MS - offsetMs;
    if (isWorkingDay(day, level)) {
      const runs = end - at - pausedWithin(at, end, sorted);
      if (runs >= left) return momentAfter(at, end, left, sorted);
      left -= runs;
    }
    at = end;
  }
  return undefined;
}

/** Pauses with another one; those that touch become one, and of very many the oldest are joined. */
export function addPause(pauses: readonly Pause[], pause: Pause): readonly Pause[] {
  const sorted = [...pauses, pause].toSorted((a, b) => a.fromMs - b.fromMs);
  const joined: Pause[] = [];
  for (const each of sorted) {
    const last = joined.at(-1);
    if (last === undefined || (last.toMs !== undefined && last.toMs < each.fromMs)) joined.push(each);
    else joined[joined.length - 1] = joinPauses(last, each);
  }
  return joined.slice(-PAUSES_MAX);
}

function joinPauses(left: Pause, right: Pause): Pause {
  if (left.toMs === undefined || right.toMs === undefined) return { fromMs: left.fromMs };
  return { fromMs: left.fromMs, toMs: Math.max(left.toMs, right.toMs) };
}

/** Ends the pause that is under way, if there is one. */
export function endPause(pauses: readonly Pause[], atMs: number): readonly Pause[] {
  return pauses.map((pause) =>
    pause.toMs === undefined ? { fromMs: pause.fromMs, toMs: Math.max(pause.fromMs, atMs) } : pause,
  );
}

/** The stricter of two severities, for a group of findings that mean the same. */
export function worseSeverity(left: Severity, right: Severity): Severity {
  return severities.indexOf(left) >= severities.indexOf(right) ? left : right;
}
