import type { RecordedEvent } from '../event.ts';
import type { LogStore } from '../log/ports.ts';
import type { EventStore } from '../ports.ts';
import { TILE_WIDTH } from '../log/tile.ts';

/** An entry of the log with its event; undefined when that is not in the record any more. */
export interface LogItem {
  readonly index: number;
  readonly sequence: number;
  readonly event: RecordedEvent | undefined;
}

const PAGE = 1_000;

/** What stands where: the log says which sequence numbers its entries have. */
async function readSequences(
  log: Pick<LogStore, 'bundle'>,
  from: number,
  until: number,
): Promise<readonly number[]> {
  const sequences: number[] = [];
  for (let index = from; index < until; ) {
    const number = Math.floor(index / TILE_WIDTH);
    const bundle = await log.bundle(number);
    const found = bundle?.sequences.slice(index - number * TILE_WIDTH, until - number * TILE_WIDTH) ?? [];
    if (found.length === 0) throw new Error(`the log has no entries in bundle ${number}`);
    sequences.push(...found);
    index += found.length;
  }
  return sequences;
}

/** Entries from an index on, at most `limit` and none at or beyond `size`. */
export async function readLog(
  source: { readonly log: Pick<LogStore, 'bundle'>; readonly events: Pick<EventStore, 'list'> },
  range: { readonly from: number; readonly size: number; readonly limit: number },
): Promise<readonly LogItem[]> {
  const until = Math.min(range.size, range.from + range.limit);
  const sequences = await readSequences(source.log, range.from, until);
  const [first, last] = [sequences[0], sequences.at(-1)];
  if (first === undefined || last === undefined) return [];
  const events = new Map<number, RecordedEvent>();
  // From the last one back: what is sealed is settled, so there is no need to wait for writers, as reading forward does.
  for (let before = last + 1; before > first; ) {
    const limit = Math.min(PAGE, sequences.length - events.size);
    const page = limit > 0 ? await source.events.list({ beforeSequence: before, limit }) : [];
    for (const event of page) events.set(event.sequence, event);
    before = page.at(-1)?.sequence ?? 0;
  }
  return sequences.map((sequence, at) => ({ index: range.from + at, sequence, event: events.get(sequence) }));
}
