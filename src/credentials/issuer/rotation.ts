/** The times of one algorithm's keys decide everything; this file is pure so that it can be tried on years of them. */
export interface KeyTimes {
  id: string;
  /** It signs from here on, until the key that follows it does. */
  activeFromMs: number;
}

export interface RotationSchedule {
  /** How long one key signs. */
  rotationMs: number;
  /** How long a key is published before it signs: what relying parties have cached may be this old. */
  publishAheadMs: number;
  /** How long a key is published after it signed last: no token lives longer. */
  overlapMs: number;
}

export interface RotationPlan {
  /** When the key that is to be added shall begin to sign; undefined when none is due. */
  addFromMs: number | undefined;
  retire: readonly string[];
}

const FIRST_KEY_GRID_MS = 60_000;

/** Oldest first; of two that begin together the id decides, so that all servers choose the same. */
export function inOrder<Key extends KeyTimes>(keys: readonly Key[]): Key[] {
  return [...keys].sort((a, b) => a.activeFromMs - b.activeFromMs || (a.id < b.id ? -1 : 1));
}

/** The key that signs now, and until when. */
export function signingKeyAt<Key extends KeyTimes>(
  keys: readonly Key[],
  nowMs: number,
): { key: Key; untilMs: number } | undefined {
  const ordered = inOrder(keys);
  const key = ordered.findLast(({ activeFromMs }) => activeFromMs <= nowMs);
  if (key === undefined) return undefined;
  const next = ordered.find(({ activeFromMs }) => activeFromMs > nowMs);
  return { key, untilMs: next?.activeFromMs ?? Number.POSITIVE_INFINITY };
}

/**
 * Begin times lie on a grid: servers that decide at about the same moment choose the same time, and the store
 * takes only one key per time.
 */
function nextActiveFromMs(newestFromMs: number, nowMs: number, schedule: RotationSchedule): number {
  const scheduled = newestFromMs + schedule.rotationMs;
  const earliest = nowMs + schedule.publishAheadMs;
  if (scheduled >= earliest) return scheduled;
  return Math.ceil(earliest / FIRST_KEY_GRID_MS) * FIRST_KEY_GRID_MS;
}

/** What is due for the keys of one algorithm, given those that are not retired. */
export function planRotation(
  keys: readonly KeyTimes[],
  nowMs: number,
  schedule: RotationSchedule,
): RotationPlan {
  const ordered = inOrder(keys);
  const current = ordered.findLastIndex(({ activeFromMs }) => activeFromMs <= nowMs);
  const newest = ordered.at(-1);
  // Without a key that may sign nothing can be issued: the first one begins at once.
  if (current === -1 || newest === undefined) {
    return { addFromMs: Math.floor(nowMs / FIRST_KEY_GRID_MS) * FIRST_KEY_GRID_MS, retire: [] };
  }
  const retire = ordered
    .slice(0, current)
    .filter((_, index) => (ordered[index + 1]?.activeFromMs ?? nowMs) + schedule.overlapMs <= nowMs)
    .map(({ id }) => id);
  // One grid step early: rounding up must not make a key sign longer than it should.
  const due =
    newest.activeFromMs + schedule.rotationMs - schedule.publishAheadMs - FIRST_KEY_GRID_MS <= nowMs;
  const hasNext = newest.activeFromMs > nowMs;
  return {
    addFromMs: due && !hasNext ? nextActiveFromMs(newest.activeFromMs, nowMs, schedule) : undefined,
    retire,
  };
}
