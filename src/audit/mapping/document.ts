import { AuditEvent, type RecordedEvent } from '../event.ts';
import { eventMeanings, type EventMeaning } from './event-meaning.ts';
import { SchemaName } from './schema-name.ts';
import { toEcs } from './to-ecs.ts';
import { toOcsf } from './to-ocsf.ts';

/** Where an event stands, so that a copy of it can be compared with the log. */
export interface LogPlace {
  /** Name of the log. */
  readonly origin: string;
  readonly index: number;
}

const UNKNOWN: EventMeaning = {
  outcome: 'unknown',
  ecs: { category: ['configuration'], type: ['info'] },
  ocsf: { class: 3004, activity: 99, activityName: 'Other' },
  says: 'something happened',
};

function meaningOf(type: string): EventMeaning {
  const known: Readonly<Record<string, EventMeaning>> = eventMeanings;
  return (Object.hasOwn(known, type) ? known[type] : undefined) ?? UNKNOWN;
}

/** The last moment that a Date can hold (ECMA-262 §21.4.1.1). */
const MOMENT_MS_MAX = 8_640_000_000_000_000;

function momentOf(timeMs: number): string {
  return new Date(Math.max(-MOMENT_MS_MAX, Math.min(timeMs, MOMENT_MS_MAX))).toISOString();
}

/** The document that stands for an event in a sink. The same event at the same place gives the same document. */
export function toDocument(
  schema: SchemaName,
  recorded: RecordedEvent,
  place: LogPlace,
): Record<string, unknown> {
  const { sequence, ...event } = recorded;
  const stamp = { schema, log: place.origin, index: place.index, sequence };
  const time = momentOf(event.timeMs);
  if (schema === 'vouchgate') return { '@timestamp': time, vouchgate: stamp, event };
  const [text, meaning] = [JSON.stringify(event), meaningOf(event.type)];
  if (schema === 'ecs') return { '@timestamp': time, vouchgate: stamp, ...toEcs(event, text, meaning) };
  return { ...toOcsf(recorded, text, meaning), unmapped: { vouchgate: stamp } };
}

/** A document that came back from a sink. */
export interface FoundDocument {
  readonly schema: SchemaName;
  readonly origin: string;
  readonly index: number;
  readonly event: RecordedEvent;
  /** All of it. */
  readonly document: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function parseText(value: unknown): unknown {
  if (typeof value !== 'string') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function eventIn(schema: SchemaName, document: Fields): unknown {
  if (schema === 'vouchgate') return document['event'];
  return parseText(schema === 'ecs' ? fieldsOf(document['event'])?.['original'] : document['raw_data']);
}

/** The value itself is kept: the order of its members is part of its text. */
function isEvent(value: unknown): value is AuditEvent {
  return AuditEvent.safeParse(value).success;
}

function isPlace(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function stampOf(document: Fields | undefined): Fields | undefined {
  return fieldsOf(document?.['vouchgate']) ?? fieldsOf(fieldsOf(document?.['unmapped'])?.['vouchgate']);
}

/** Where a document says that it stands; undefined for what is no document of ours. */
export function readPlace(value: unknown): { readonly index: number } | undefined {
  const index = stampOf(fieldsOf(value))?.['index'];
  return isPlace(index) ? { index } : undefined;
}

/** Undefined for what is no whole document of ours. */
export function readDocument(value: unknown): FoundDocument | undefined {
  const document = fieldsOf(value);
  const stamp = stampOf(document);
  const schema = SchemaName.safeParse(stamp?.['schema']);
  if (document === undefined || stamp === undefined || !schema.success) return undefined;
  const { log: origin, index, sequence } = stamp;
  const event = eventIn(schema.data, document);
  if (!isEvent(event) || typeof origin !== 'string' || !isPlace(index) || !isPlace(sequence))
    return undefined;
  return { schema: schema.data, origin, index, event: { ...event, sequence }, document };
}
