import type { RecordedEvent } from '#audit/event.ts';
import type { Activity } from '#audit/inputs/activity.ts';
import type { ActivityStore, InputCursor, TimelineEntry, TimelinePlace } from '#audit/inputs/ports.ts';
import { activityEntry, eventEntry, parseEntry, type TimelineKey } from '../activity-row.ts';
import { integer } from '../sql-value.ts';
import { clampLimit } from '../window.ts';

export interface MemoryActivity {
  store: ActivityStore;
  /** For the erasure of what is personal in one event. */
  forgetActors: (sequence: number) => void;
}

function isBefore(row: TimelineKey, { timeMs, entry }: TimelinePlace): boolean {
  return row.timeMs === timeMs ? row.entry < entry : row.timeMs < timeMs;
}

function newestFirst(one: TimelineKey, other: TimelineKey): number {
  return isBefore(one, other) ? 1 : -1;
}

export function createMemoryActivityStore(
  findEvent: (sequence: number) => RecordedEvent | undefined,
): MemoryActivity {
  const activities = new Map<string, Activity>();
  const keys = new Map<string, TimelineKey>();
  const cursors = new Map<string, InputCursor>();
  const holders = new Map<string, { server: string; untilMs: number }>();
  const addKey = (row: TimelineKey) => keys.set(JSON.stringify(row), row);
  const entryOf = ({ timeMs, entry }: TimelineKey): TimelineEntry[] => {
    const name = parseEntry(entry);
    if (name.origin === 'event') {
      const event = findEvent(name.sequence);
      return event === undefined ? [] : [{ origin: 'event', timeMs, event }];
    }
    const activity = activities.get(name.id);
    return activity === undefined
      ? []
      : [{ origin: 'activity', timeMs, activity: structuredClone(activity) }];
  };
  const store: ActivityStore = {
    add: async (added) => {
      let fresh = 0;
      for (const activity of added) {
        const { id, timeMs } = activity;
        if (activities.has(id)) continue;
        integer(timeMs, 'timeMs');
        activities.set(id, structuredClone(activity));
        for (const key of activity.keys) addKey({ key, timeMs, entry: activityEntry(id) });
        fresh += 1;
      }
      return fresh;
    },
    index: async (input, events, cursor) => {
      for (const { sequence, timeMs, keys: found } of events)
        for (const key of found) addKey({ key, timeMs, entry: eventEntry(sequence) });
      cursors.set(input, { ...cursor });
    },
    cursor: async (input) => cursors.get(input),
    moveCursor: async (input, cursor) => {
      cursors.set(input, { ...cursor });
    },
    hold: async (input, server, nowMs, untilMs) => {
      const held = holders.get(input);
      if (held !== undefined && held.server !== server && held.untilMs >= nowMs) return false;
      holders.set(input, { server, untilMs });
      return true;
    },
    timeline: async (key, before, wanted) => {
      const limit = clampLimit(wanted);
      if (limit === 0) return { entries: [], next: undefined };
      const rows = [...keys.values()]
        .filter((row) => row.key === key && (before === undefined || isBefore(row, before)))
        .toSorted(newestFirst)
        .slice(0, limit);
      const last = rows.at(-1);
      const next = last && { timeMs: last.timeMs, entry: last.entry };
      return { entries: rows.flatMap(entryOf), next: rows.length < limit ? undefined : next };
    },
    purge: async (beforeMs) => {
      const old = [...activities.values()].filter(({ receivedAtMs }) => receivedAtMs < beforeMs);
      const oldKeys = [...keys].filter(([, { timeMs }]) => timeMs < beforeMs);
      for (const { id } of old) activities.delete(id);
      for (const [name] of oldKeys) keys.delete(name);
      return old.length + oldKeys.length;
    },
  };
  return {
    store,
    forgetActors: (sequence) => {
      for (const [name, row] of keys)
        if (row.entry === eventEntry(sequence) && row.key.startsWith('actor:')) keys.delete(name);
    },
  };
}
