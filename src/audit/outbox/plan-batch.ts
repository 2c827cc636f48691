import { toDocument } from '../mapping/document.ts';
import type { SchemaName } from '../mapping/schema-name.ts';
import type { SinkDocument, SinkKind } from '../sinks/sink.ts';
import type { ParkedEvent } from './ports.ts';
import type { LogItem } from './read-log.ts';

/** What goes out next, and what cannot. */
export interface BatchPlan {
  readonly documents: readonly SinkDocument[];
  /** Never sent: too large for the sink, or not in the record any more. */
  readonly parked: readonly ParkedEvent[];
  /** After the last entry that this plan covers. */
  readonly nextIndex: number;
  /** No more fits, or a document waits too long already. */
  readonly ready: boolean;
  /** When it is ready even if nothing comes (ms since the epoch). */
  readonly readyAtMs: number;
  /** The sequence of the entry before an index. */
  sequenceBefore(index: number): number;
}

export interface BatchTarget {
  readonly schema: SchemaName;
  readonly origin: string;
  readonly nowMs: number;
}

function toSinkDocument(item: LogItem, { schema, origin }: BatchTarget): SinkDocument | undefined {
  if (item.event === undefined) return undefined;
  const text = JSON.stringify(toDocument(schema, item.event, { origin, index: item.index }));
  return { event: item.event, index: item.index, text, bytes: Buffer.byteLength(text) };
}

function parkItem(item: LogItem, code: string, message: string, nowMs: number): ParkedEvent {
  const { index, sequence, event } = item;
  const eventId = event?.id ?? '';
  return { index, sequence, eventId, code, message, parkedAtMs: nowMs, retryAsked: false };
}

/** Fills a batch with entries, piece after piece, until no more fits. */
export class BatchPlanner {
  readonly #limits: SinkKind['limits'];
  readonly #target: BatchTarget;
  readonly #documents: SinkDocument[] = [];
  readonly #parked: ParkedEvent[] = [];
  readonly #sequences: number[] = [];
  #first: LogItem | undefined;
  #bytes = 0;
  #full = false;

  constructor(limits: SinkKind['limits'], target: BatchTarget) {
    this.#limits = limits;
    this.#target = target;
  }

  /** How many more entries it is worth to read. */
  get room(): number {
    return this.#full ? 0 : this.#limits.documentsMax - this.#documents.length;
  }

  /** Entries that follow those before. */
  add(items: readonly LogItem[]): this {
    for (const item of items) {
      if (this.room === 0 || !this.#take(item)) break;
      this.#first ??= item;
      this.#sequences.push(item.sequence);
    }
    return this;
  }

  finish(): BatchPlan | undefined {
    const first = this.#first;
    if (first === undefined) return undefined;
    const readyAtMs = (first.event?.timeMs ?? 0) + this.#limits.delaySeconds * 1_000;
    return {
      documents: this.#documents,
      parked: this.#parked,
      nextIndex: first.index + this.#sequences.length,
      ready: this.room === 0 || this.#target.nowMs >= readyAtMs,
      readyAtMs,
      sequenceBefore: (index) => this.#sequences[index - first.index - 1] ?? 0,
    };
  }

  /** False when it does not fit any more. */
  #take(item: LogItem): boolean {
    const { documentBytesMax, bytesMax } = this.#limits;
    const { nowMs } = this.#target;
    const document = toSinkDocument(item, this.#target);
    if (document === undefined) {
      this.#parked.push(parkItem(item, 'event_gone', 'It is not in the record any more.', nowMs));
      return true;
    }
    if (document.bytes > documentBytesMax) {
      const message = `It has ${document.bytes} bytes; the sink takes ${documentBytesMax}.`;
      this.#parked.push(parkItem(item, 'event_too_large', message, nowMs));
      return true;
    }
    if (this.#documents.length > 0 && this.#bytes + document.bytes > bytesMax) {
      this.#full = true;
      return false;
    }
    this.#documents.push(document);
    this.#bytes += document.bytes;
    return true;
  }
}
