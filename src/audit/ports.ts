import type { AuditEvent, AuditEventType, RecordedEvent } from './event.ts';

export interface EventFilter {
  /** Events after this sequence number, oldest first; without it, newest first. */
  afterSequence?: number;
  beforeSequence?: number;
  types?: readonly AuditEventType[];
  decision?: string;
  resource?: string;
  lease?: string;
  /** At most 1,000. */
  limit: number;
}

/** The record. Appending is durable when the promise resolves; nothing is ever changed or removed through it. */
export interface EventStore {
  append(events: readonly AuditEvent[]): Promise<void>;
  list(filter: EventFilter): Promise<RecordedEvent[]>;
}
