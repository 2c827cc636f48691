import type { ParkedEvent, SinkCursor, SinkStore } from '#audit/outbox/ports.ts';
import { NEW_HEALTH } from '../sink-store.ts';
import { clampLimit } from '../window.ts';

interface Entry {
  cursor: SinkCursor;
  holder: string;
  heldUntilMs: number;
  readonly parked: Map<number, ParkedEvent>;
}

export function createMemorySinkStore(): SinkStore {
  const sinks = new Map<string, Entry>();
  return {
    open: async (name, { index, sequence }, kept) => {
      const known = sinks.get(name);
      if (known !== undefined && kept !== undefined && known.cursor.nextIndex < kept.index) {
        const place = { firstIndex: kept.index, nextIndex: kept.index, lastSequence: kept.sequence };
        known.cursor = { ...known.cursor, ...place };
        for (const at of known.parked.keys()) if (at < kept.index) known.parked.delete(at);
      }
      if (known !== undefined) return;
      const place = { firstIndex: index, nextIndex: index, lastSequence: sequence };
      const cursor = { name, ...place, health: NEW_HEALTH, retryAskedAtMs: 0 };
      sinks.set(name, { cursor, holder: '', heldUntilMs: 0, parked: new Map() });
    },
    find: async (name) => sinks.get(name)?.cursor,
    list: async () =>
      [...sinks.values()]
        .map(({ cursor }) => cursor)
        .toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    hold: async (name, server, nowMs, untilMs) => {
      const entry = sinks.get(name);
      if (entry === undefined || (entry.holder !== server && entry.heldUntilMs >= nowMs)) return false;
      entry.holder = server;
      entry.heldUntilMs = untilMs;
      return true;
    },
    settle: async ({ name, server, fromIndex, nextIndex, lastSequence, health, parked }) => {
      const entry = sinks.get(name);
      if (entry?.holder !== server || entry.cursor.nextIndex !== fromIndex) return false;
      entry.cursor = { ...entry.cursor, nextIndex, lastSequence, health };
      for (const event of parked) entry.parked.set(event.index, event);
      return true;
    },
    report: async (name, server, health) => {
      const entry = sinks.get(name);
      if (entry?.holder === server) entry.cursor = { ...entry.cursor, health };
    },
    parked: async (name, { afterIndex = -1, retryAsked, limit }) =>
      [...(sinks.get(name)?.parked.values() ?? [])]
        .filter((event) => event.index > afterIndex && (retryAsked ?? event.retryAsked) === event.retryAsked)
        .toSorted((one, other) => one.index - other.index)
        .slice(0, clampLimit(limit)),
    countParked: async (name) => sinks.get(name)?.parked.size ?? 0,
    unpark: async (name, index) => {
      sinks.get(name)?.parked.delete(index);
    },
    park: async (name, event) => {
      sinks.get(name)?.parked.set(event.index, event);
    },
    askRetry: async (name, nowMs) => {
      const entry = sinks.get(name);
      if (entry === undefined) return false;
      entry.cursor = { ...entry.cursor, retryAskedAtMs: nowMs };
      for (const [index, event] of entry.parked) entry.parked.set(index, { ...event, retryAsked: true });
      return true;
    },
  };
}
