import type {
  ActivityStore,
  EventKeys,
  InputCursor,
  TimelineEntry,
  TimelinePage,
  TimelinePlace,
} from '#audit/inputs/ports.ts';
import {
  activityFromRow,
  activitySteps,
  eventEntry,
  keySteps,
  parseEntry,
  placeFromRow,
} from './activity-row.ts';
import { readByList, readEvents } from './read-by-list.ts';
import type { SqlDatabase, SqlStep } from './sql-database.ts';
import { integer, readInteger, readText } from './sql-value.ts';
import { toStoredText } from './stored-text.ts';
import { clampLimit } from './window.ts';

/** Few, as each takes a connection from what exchanges need. */
const WRITES_AT_ONCE = 4;
const PURGE_AT_ONCE = 1_000;

/** Activity, keys and cursors in tables that both dialects share. */
export function createActivityStore(database: SqlDatabase): ActivityStore {
  return {
    add: async (activities) => {
      let added = 0;
      for (let start = 0; start < activities.length; start += WRITES_AT_ONCE) {
        const group = activities.slice(start, start + WRITES_AT_ONCE);
        const changed = await Promise.all(group.map((activity) => database.execute(activitySteps(activity))));
        added += changed.filter((rows) => rows === 1).length;
      }
      return added;
    },
    index: async (input, events, cursor) => {
      await database.execute([cursorStep(input, cursor), ...indexSteps(events)]);
    },
    cursor: async (input) => {
      const [row] = await database.query(
        `SELECT position, read_at_ms FROM input_cursor WHERE input = ? AND position <> ''`,
        [toStoredText(input)],
      );
      return row === undefined ? undefined : { position: readText(row[0]), readAtMs: readInteger(row[1]) };
    },
    moveCursor: async (input, cursor) => {
      await database.execute([cursorStep(input, cursor)]);
    },
    hold: async (input, server, nowMs, untilMs) => {
      const held = await database.execute([
        {
          sql: `INSERT INTO input_cursor (input, position, read_at_ms, server, server_until_ms)
                VALUES (?, '', 0, ?, ?)
                ON CONFLICT (input) DO UPDATE
                  SET server = excluded.server, server_until_ms = excluded.server_until_ms
                  WHERE input_cursor.server = excluded.server OR input_cursor.server_until_ms < ?`,
          values: [
            toStoredText(input),
            toStoredText(server),
            integer(untilMs, 'untilMs'),
            integer(nowMs, 'nowMs'),
          ],
        },
      ]);
      return held === 1;
    },
    timeline: (key, before, limit) => readTimeline(database, key, before, clampLimit(limit)),
    purge: async (beforeMs) => {
      integer(beforeMs, 'beforeMs');
      const purged = await purgeActivity(database, beforeMs);
      return purged + (await purgeKeys(database, beforeMs));
    },
  };
}

function cursorStep(input: string, { position, readAtMs }: InputCursor): SqlStep {
  return {
    sql: `INSERT INTO input_cursor (input, position, read_at_ms, server, server_until_ms)
          VALUES (?, ?, ?, '', 0)
          ON CONFLICT (input) DO UPDATE SET position = excluded.position, read_at_ms = excluded.read_at_ms`,
    values: [toStoredText(input), toStoredText(position), integer(readAtMs, 'readAtMs')],
  };
}

function indexSteps(events: readonly EventKeys[]): SqlStep[] {
  return keySteps(
    events.flatMap(({ sequence, timeMs, keys }) =>
      keys.map((key) => ({ key, timeMs, entry: eventEntry(sequence) })),
    ),
  );
}

async function readTimeline(
  database: SqlDatabase,
  key: string,
  before: TimelinePlace | undefined,
  limit: number,
): Promise<TimelinePage> {
  if (limit === 0) return { entries: [], next: undefined };
  const place = before ?? { timeMs: Number.MAX_SAFE_INTEGER, entry: '' };
  const timeMs = integer(place.timeMs, 'timeMs');
  const rows = await database.query(
    `SELECT time_ms, entry FROM timeline_key
     WHERE key = ? AND (time_ms < ? OR (time_ms = ? AND entry < ?))
     ORDER BY time_ms DESC, entry DESC LIMIT ?`,
    [toStoredText(key), timeMs, timeMs, toStoredText(place.entry), limit],
  );
  const places = rows.map(placeFromRow);
  const entries = await readEntries(database, places);
  return { entries, next: rows.length < limit ? undefined : places.at(-1) };
}

/** What has been purged meanwhile is left out. */
async function readEntries(
  database: SqlDatabase,
  places: readonly TimelinePlace[],
): Promise<TimelineEntry[]> {
  const names = places.map(({ entry }) => parseEntry(entry));
  const sequences = names.flatMap((name) => (name.origin === 'event' ? [name.sequence] : []));
  const ids = names.flatMap((name) => (name.origin === 'activity' ? [toStoredText(name.id)] : []));
  const [events, activityRows] = await Promise.all([
    readEvents(database, sequences),
    readByList(database, 'SELECT activity FROM activity WHERE id', ids),
  ]);
  const activities = new Map(activityRows.map(activityFromRow).map((activity) => [activity.id, activity]));
  return places.flatMap(({ timeMs }, at): TimelineEntry[] => {
    const name = names[at];
    if (name?.origin === 'activity') {
      const activity = activities.get(name.id);
      return activity === undefined ? [] : [{ origin: 'activity', timeMs, activity }];
    }
    const event = name === undefined ? undefined : events.get(name.sequence);
    return event === undefined ? [] : [{ origin: 'event', timeMs, event }];
  });
}

async function purgeActivity(database: SqlDatabase, beforeMs: number): Promise<number> {
  const sql = `DELETE FROM activity WHERE id IN
    (SELECT id FROM activity WHERE received_at_ms < ? ORDER BY received_at_ms LIMIT ${PURGE_AT_ONCE})`;
  let total = 0;
  for (;;) {
    const changed = await database.execute([{ sql, values: [beforeMs] }]);
    total += changed;
    if (changed < PURGE_AT_ONCE) return total;
  }
}

/** In the order of time, a stretch at a time, so that others are served in between. */
async function purgeKeys(database: SqlDatabase, beforeMs: number): Promise<number> {
  let total = 0;
  for (;;) {
    const rows = await database.query(
      `SELECT time_ms FROM timeline_key WHERE time_ms < ? ORDER BY time_ms LIMIT ${PURGE_AT_ONCE}`,
      [beforeMs],
    );
    const last = rows.at(-1)?.[0];
    if (last === undefined) return total;
    total += await database.execute([
      { sql: 'DELETE FROM timeline_key WHERE time_ms <= ?', values: [readInteger(last)] },
    ]);
  }
}
