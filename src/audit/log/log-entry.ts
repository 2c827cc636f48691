import { hash } from 'node:crypto';
import type { AuditEvent } from '../event.ts';
import { type SplitEvent, splitEvent } from './split-event.ts';

/** Random bytes that an entry needs: half for each part. */
export const SALT_BYTES = 32;
const HALF = SALT_BYTES / 2;
const ERASED_HALF = Buffer.alloc(HALF).toString('base64url');

/**
 * What stands in the log for an event: when and what kind, and two digests. The log can be public: with the salts kept
 * elsewhere, nobody learns from a digest what it stands for, and whoever is shown the text and its salt can check it.
 */
export interface LogEntry {
  readonly v: 1;
  readonly id: string;
  readonly timeMs: number;
  readonly type: string;
  /** SHA-256, base64url, over the salt (base64url), a line break, and the text of the lasting part. */
  readonly lasting: string;
  /** The same over the personal part; absent when there is none. */
  readonly personal?: string;
}

/** What has to be shown of an event so that it can be compared with its entry: texts, exactly as they were hashed. */
export interface EntryOpening {
  /** The event as JSON, with `[personal]` in the place of what is personal. */
  readonly lasting: string;
  /** JSON of pointers and values; absent when there was none, or when it was erased. */
  readonly personal?: string | undefined;
  /** Base64url, 16 bytes each; that of the personal part goes with it. */
  readonly salts: { readonly lasting: string; readonly personal?: string | undefined };
}

function commit(salt: string, text: string): string {
  return hash('sha256', `${salt}\n${text}`, 'base64url');
}

/** An erased half is all zeros: a random one never is. */
function saltAt(salt: Uint8Array, from: number): string | undefined {
  const half = Buffer.from(salt.buffer, salt.byteOffset + from, HALF).toString('base64url');
  return half === ERASED_HALF ? undefined : half;
}

/** What an event and its salt open: the texts, and what they were salted with. */
export function openEntry(event: AuditEvent, salt: Uint8Array): EntryOpening {
  return openSplit(splitEvent(JSON.stringify(event)), salt);
}

function openSplit({ lasting, personal }: SplitEvent, salt: Uint8Array): EntryOpening {
  const personalSalt = personal === undefined ? undefined : saltAt(salt, HALF);
  return {
    lasting,
    ...(personalSalt === undefined ? {} : { personal }),
    salts: {
      lasting: saltAt(salt, 0) ?? '',
      ...(personalSalt === undefined ? {} : { personal: personalSalt }),
    },
  };
}

/**
 * The leaf for an event: a {@link LogEntry} as JSON, put together from the texts of the event.
 *
 * @param text what `JSON.stringify` makes of the event
 * @param salt {@link SALT_BYTES}, used for no other
 */
export function buildLogEntry(text: string, salt: Uint8Array): string {
  const split = splitEvent(text);
  const { lasting, personal, salts } = openSplit(split, salt);
  const { id, timeMs, type } = split.head;
  const digests =
    personal === undefined || salts.personal === undefined
      ? `"lasting":"${commit(salts.lasting, lasting)}"`
      : `"lasting":"${commit(salts.lasting, lasting)}","personal":"${commit(salts.personal, personal)}"`;
  return `{"v":1,"id":${id},"timeMs":${timeMs},"type":${type},${digests}}`;
}

/** A salt whose personal half is gone: what it was cannot be guessed from the digest any more. */
export function eraseSalt(salt: Uint8Array): Buffer {
  return Buffer.concat([salt.subarray(0, HALF), Buffer.alloc(HALF)]);
}

/** The event without what is personal in it; its entry in the log still proves the rest. */
export function eraseEvent(event: AuditEvent): AuditEvent {
  const erased: AuditEvent = JSON.parse(splitEvent(JSON.stringify(event)).lasting);
  return erased;
}

/** What of an opening does not fit its entry. */
export type OpeningFault = 'entry_unreadable' | 'lasting_part_differs' | 'personal_part_differs';

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined when the texts are those that the entry stands for. A personal part that was erased is not checked. */
export function findOpeningFault(entry: Uint8Array, opening: EntryOpening): OpeningFault | undefined {
  const { lasting, personal, salts } = opening;
  const claimed = parseLogEntry(entry);
  if (claimed === undefined) return 'entry_unreadable';
  const event = parseObject(lasting);
  const fits =
    claimed.id === event?.['id'] && claimed.timeMs === event['timeMs'] && claimed.type === event['type'];
  if (!fits || commit(salts.lasting, lasting) !== claimed.lasting) return 'lasting_part_differs';
  if (personal === undefined) return undefined;
  const proved = salts.personal !== undefined && commit(salts.personal, personal) === claimed.personal;
  return proved ? undefined : 'personal_part_differs';
}

/** True when the entry had a personal part that the opening does not show any more. */
export function isErased(entry: Uint8Array, { personal }: EntryOpening): boolean {
  return personal === undefined && parseLogEntry(entry)?.personal !== undefined;
}

/** Undefined for what is no entry of ours. */
export function parseLogEntry(bytes: Uint8Array): LogEntry | undefined {
  const value = parseObject(Buffer.from(bytes).toString('utf8'));
  if (value === undefined) return undefined;
  const { v, id, timeMs, type, lasting, personal }: Partial<Record<keyof LogEntry, unknown>> = value;
  if (v !== 1 || typeof id !== 'string' || typeof timeMs !== 'number' || typeof type !== 'string')
    return undefined;
  if (typeof lasting !== 'string' || (personal !== undefined && typeof personal !== 'string'))
    return undefined;
  return { v, id, timeMs, type, lasting, ...(personal === undefined ? {} : { personal }) };
}
