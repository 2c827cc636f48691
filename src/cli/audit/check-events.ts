import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { EntryOpening } from '#api/log.ts';
import { AuditEvent } from '#audit/event.ts';
import { findOpeningFault, isErased } from '#audit/log/log-entry.ts';
import { formatTilePath, splitEntries, TILE_WIDTH } from '#audit/log/tile.ts';
import type { LogFetch } from '#audit/log/verify-log.ts';

const Line = EntryOpening.extend({ index: z.int().min(0) });

/** What is wrong with a copy of the events of a log. */
export interface EventFault {
  readonly index: number;
  readonly problem: 'missing' | 'altered' | 'unreadable' | 'added';
}

export interface EventCheck {
  readonly checked: number;
  /** Events whose personal part was erased: their rest was checked. */
  readonly erased: number;
  /** The first thousand. */
  readonly faults: readonly EventFault[];
  readonly faultsAll: number;
}

const FAULTS_MAX = 1_000;

/** What of a log is there. */
export interface KeptEntries {
  readonly size: number;
  /** The first entry that is kept. */
  readonly minimumIndex: number;
}

async function* entriesOf(fetch: LogFetch, { size, minimumIndex }: KeptEntries): AsyncGenerator<Buffer> {
  for (let number = minimumIndex / TILE_WIDTH; number * TILE_WIDTH < size; number += 1) {
    const width = Math.min(TILE_WIDTH, size - number * TILE_WIDTH);
    const bytes = await fetch(formatTilePath({ level: 'entries', number, width }));
    yield* (bytes && splitEntries(bytes, width)) ?? [];
  }
}

/** Up to which entry an event says that the log was pruned. */
function announcedBy({ lasting }: z.infer<typeof EntryOpening>): number {
  const event = AuditEvent.safeParse(JSON.parse(lasting));
  const minimumIndex = event.data?.type === 'log.pruned' ? event.data.body['minimumIndex'] : undefined;
  return typeof minimumIndex === 'number' ? minimumIndex : 0;
}

function parseLine(line: string) {
  try {
    const parsed = Line.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Compares a copy of the events (`events.ndjson`, one opening a line, by index) with a log that was verified: each
 * entry that is kept has to have its event, unaltered, and there may be no other. No more may have been removed than
 * the record says.
 */
export async function checkEvents(file: string, fetch: LogFetch, kept: KeptEntries): Promise<EventCheck> {
  const { size, minimumIndex } = kept;
  const openings = new Map<number, z.infer<typeof Line>>();
  const faults: EventFault[] = [];
  let [faultsAll, checked, erased] = [0, 0, 0];
  const fault = (index: number, problem: EventFault['problem']) => {
    faultsAll += 1;
    if (faults.length < FAULTS_MAX) faults.push({ index, problem });
  };
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  const entries = entriesOf(fetch, kept);
  let [at, announced] = [minimumIndex, 0];
  const settle = async (until: number) => {
    for (; at < Math.min(until, size); at += 1) {
      const { value: entry } = await entries.next();
      const opening = openings.get(at);
      openings.delete(at);
      if (opening === undefined) fault(at, 'missing');
      else if (!(entry instanceof Buffer) || findOpeningFault(entry, opening) !== undefined)
        fault(at, 'altered');
      else {
        checked += 1;
        announced = Math.max(announced, announcedBy(opening));
        if (isErased(entry, opening)) erased += 1;
      }
    }
  };
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const opening = parseLine(line);
    if (opening === undefined) fault(-1, 'unreadable');
    else if (opening.index >= size || opening.index < at || openings.has(opening.index))
      fault(opening.index, 'added');
    else {
      openings.set(opening.index, opening);
      // Lines are in order; what is behind this one by far is missing.
      await settle(opening.index - TILE_WIDTH);
    }
  }
  await settle(size);
  if (announced < minimumIndex) fault(announced, 'missing');
  return { checked, erased, faults, faultsAll };
}
