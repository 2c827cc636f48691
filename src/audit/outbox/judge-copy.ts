import { isDeepStrictEqual } from 'node:util';
import type { EntryOpening } from '../log/log-entry.ts';
import { splitEvent } from '../log/split-event.ts';
import { type FoundDocument, toDocument } from '../mapping/document.ts';

/** `erased`: what is personal cannot be compared any more, all the rest is as it was recorded. */
export type CopyVerdict = 'equal' | 'erased' | 'altered';

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What receivers add by themselves, and what they may add it to. */
const ADDED_TO_EVENT = new Set(['ingested', 'created', 'agent_id_status']);

/** Every member that we send is there, and as we sent it. Receivers add members beside ours, not within them. */
function isWhole(sent: Fields, found: Fields): boolean {
  return Object.entries(sent).every(([name, value]) => {
    const there = Object.hasOwn(found, name) ? found[name] : undefined;
    if (name !== 'event' || !isFields(value) || !isFields(there)) return isDeepStrictEqual(value, there);
    const own = Object.entries(there).filter(
      ([key]) => Object.hasOwn(value, key) || !ADDED_TO_EVENT.has(key),
    );
    return isDeepStrictEqual(value, Object.fromEntries(own));
  });
}

function byPointer(text: string): ReadonlyMap<string, unknown> {
  const values: unknown = JSON.parse(text);
  if (!Array.isArray(values)) return new Map();
  return new Map(
    values.map((value: unknown) => [
      String(Reflect.get(Object(value), 'pointer')),
      Reflect.get(Object(value), 'value'),
    ]),
  );
}

/**
 * Compares a document with what the log proves of its entry. The event that it carries must be the recorded one, and
 * all that stands beside it must follow from the event: a changed field is found even where the event was left alone.
 */
export function judgeCopy(found: FoundDocument, origin: string, opening: EntryOpening): CopyVerdict {
  const { sequence, ...event } = found.event;
  const { lasting, personal } = splitEvent(JSON.stringify(event));
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  if (found.origin !== origin || !isDeepStrictEqual(JSON.parse(lasting), JSON.parse(opening.lasting)))
    return 'altered';
  const place = { origin, index: found.index };
  const sent = plain(toDocument(found.schema, { ...event, sequence }, place));
  if (!isFields(sent) || !isWhole(sent, found.document)) return 'altered';
  if (opening.personal === undefined) return personal === undefined ? 'equal' : 'erased';
  const same = isDeepStrictEqual(byPointer(personal ?? '[]'), byPointer(opening.personal));
  return same ? 'equal' : 'altered';
}
