import type { RecordedEvent } from '../event.ts';
import type { Activity } from './activity.ts';

/** How far an input was read, in its own words. */
export interface InputCursor {
  readonly position: string;
  /** Last time that it was read to its end (ms since the epoch). */
  readonly readAtMs: number;
}

/** An event of ours, and what it is found by. */
export interface EventKeys {
  readonly sequence: number;
  readonly timeMs: number;
  readonly keys: readonly string[];
}

export type TimelineEntry =
  | { readonly origin: 'event'; readonly timeMs: number; readonly event: RecordedEvent }
  | {
      readonly origin: 'activity';
      readonly timeMs: number;
      readonly activity: Activity;
    };

/** A place between two entries, newest first. */
export interface TimelinePlace {
  readonly timeMs: number;
  /** What `read` gave as the place of an entry. */
  readonly entry: string;
}

export interface TimelinePage {
  readonly entries: readonly TimelineEntry[];
  readonly next: TimelinePlace | undefined;
}

/** What others say happened, with what it and our own events are found by. Kept for a limited time. */
export interface ActivityStore {
  /** Durable when it resolves; what is there already stays as it is. Returns how many were new. */
  add(activities: readonly Activity[]): Promise<number>;
  /** Makes events of the record findable, and moves the cursor, in one transaction. Repeating it changes nothing. */
  index(input: string, events: readonly EventKeys[], cursor: InputCursor): Promise<void>;
  cursor(input: string): Promise<InputCursor | undefined>;
  moveCursor(input: string, cursor: InputCursor): Promise<void>;
  /** Makes this server the one that reads the input until then, unless another one is. Spares work; nothing depends on it. */
  hold(input: string, server: string, nowMs: number, untilMs: number): Promise<boolean>;
  /** Newest first. At most 1,000. */
  timeline(key: string, before: TimelinePlace | undefined, limit: number): Promise<TimelinePage>;
  /** Forgets activity that was received before, and keys of what happened before; returns how many rows went. */
  purge(beforeMs: number): Promise<number>;
}
