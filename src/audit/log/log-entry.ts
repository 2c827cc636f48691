import { hash } from 'node:crypto';
import type { AuditEvent } from '../event.ts';
import { PERSONAL, splitEvent } from './personal-data.ts';

/** Random bytes that an entry needs: half for each part. */
export const SALT_BYTES = 32;
const HALF = SALT_BYTES / 2;

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
  /** The event as JSON, with {@link PERSONAL} in the place of what is personal. */
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
  const half = Buffer.from(salt.buffer, salt.byteOffset + from, HALF);
  return half.every((byte) => byte === 0) ? undefined : half.toString('base64url');
}

/** What an event and its salt open: the texts, and what they were salted with. */
export function openEntry(event: AuditEvent, salt: Uint8Array): EntryOpening {
  const { lasting, personal } = splitEvent(event);
  const personalSalt = personal.length === 0 ? undefined : saltAt(salt, HALF);
  return {
    lasting: JSON.stringify(lasting),
    ...(personalSalt === undefined ? {} : { personal: JSON.stringify(personal) }),
    salts: {
      lasting: saltAt(salt, 0) ?? '',
      ...(personalSalt === undefined ? {} : { personal: personalSalt }),
    },
  };
}

/** The bytes of the leaf for an event. `salt` has {@link SALT_BYTES} and is used for no other. */
export function buildLogEntry(event: AuditEvent, salt: Uint8Array): Buffer {
  const { lasting, personal, salts } = openEntry(event, salt);
  const entry: LogEntry = {
    v: 1,
    id: event.id,
    timeMs: event.timeMs,
    type: event.type,
    lasting: commit(salts.lasting, lasting),
    ...(personal === undefined || salts.personal === undefined
      ? {}
      : { personal: commit(salts.personal, personal) }),
  };
  return Buffer.from(JSON.stringify(entry));
}

/** A salt whose personal half is gone: what it was cannot be guessed from the digest any more. */
export function eraseSalt(salt: Uint8Array): Buffer {
  return Buffer.concat([salt.subarray(0, HALF), Buffer.alloc(HALF)]);
}

function setAt(target: object, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  const descriptor = Object.getOwnPropertyDescriptor(target, key);
  if (descriptor === undefined) return;
  if (rest.length === 0) Object.defineProperty(target, key, { ...descriptor, value });
  else if (typeof descriptor.value === 'object' && descriptor.value !== null)
    setAt(descriptor.value, rest, value);
}

/** The event without what is personal in it; its entry in the log still proves the rest. */
export function eraseEvent(event: AuditEvent): AuditEvent {
  const erased = structuredClone(event);
  for (const { pointer } of splitEvent(event).personal) {
    const path = pointer.split('/').slice(1);
    const keys = path.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    setAt(erased, keys, PERSONAL);
  }
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
