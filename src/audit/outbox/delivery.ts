import type { Clock } from '#core/clock.ts';
import { messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import type { LogHead } from '../log/ports.ts';
import type { SchemaName } from '../mapping/schema-name.ts';
import {
  accepted,
  type SendResult,
  type Sink,
  type SinkBatch,
  type SinkKind,
  type SinkTrouble,
} from '../sinks/sink.ts';
import { type BatchPlan, BatchPlanner } from './plan-batch.ts';
import { interpretResult, type Outcome, parkedOf } from './interpret-result.ts';
import { healthAfterSuccess, healthAfterTrouble } from './next-health.ts';
import type { ParkedEvent, SinkCursor, SinkStore } from './ports.ts';
import type { LogItem } from './read-log.ts';
import { retryParked } from './retry-parked.ts';

const PARKED_AT_ONCE = 100;
const SEND_TIMEOUT_MS = 120_000;
const CURSOR_FRESH_MS = 2_000;
/** Events in memory before it is known how large they are. */
const READ_AT_ONCE = 1_000;

export interface DeliveryOptions {
  readonly name: string;
  /** Who works here: a name that no other process has. */
  readonly server: string;
  readonly origin: string;
  readonly schema: SchemaName;
  readonly limits: SinkKind['limits'];
  readonly openSink: () => Promise<Sink>;
  readonly store: SinkStore;
  readonly head: () => Promise<LogHead>;
  readonly readLog: (range: { from: number; size: number; limit: number }) => Promise<readonly LogItem[]>;
  readonly clock: Clock;
  readonly log: Logger;
  /** The sink went down, or came back. */
  readonly onCircuit?: (cursor: SinkCursor) => Promise<void>;
}

export interface Delivery {
  /** Sends one batch when there is one and it is time. True when there may be more to do at once. */
  step(signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Brings the log to one sink, batch after batch, in the order of the log. What a batch settled becomes durable after
 * the sink has it: a crash in between sends it again, and nothing is ever left out. There is one batch under way and
 * one being read, however far behind the sink is.
 */
export function createDelivery(options: DeliveryOptions): Delivery {
  return new LogDelivery(options);
}

function isDue({ health, retryAskedAtMs }: SinkCursor, nowMs: number): boolean {
  if (retryAskedAtMs > health.lastAttemptAtMs) return true;
  return !health.stopped && nowMs >= health.nextAttemptAtMs;
}

class LogDelivery implements Delivery {
  readonly #options: DeliveryOptions;
  #sink: Sink | undefined;
  #cursor: SinkCursor | undefined;
  /** Documents in one batch; smaller for a while after a batch had to be split. */
  #documentsMax: number;
  #rejectedInARow = 0;
  #cursorReadAtMs = 0;
  /** A batch that is not full goes out then. */
  #readyAtMs = 0;
  /** Up to which wish for another try the parked events were tried. */
  #parkedTriedAtMs = 0;
  #readAhead: { from: number; items: Promise<readonly LogItem[]> } | undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#documentsMax = options.limits.documentsMax;
  }

  async step(signal: AbortSignal): Promise<boolean> {
    const cursor = await this.#findCursor();
    const nowMs = this.#options.clock.nowMs();
    if (cursor === undefined || !isDue(cursor, nowMs)) return false;
    const { health, retryAskedAtMs } = cursor;
    if (retryAskedAtMs > health.lastAttemptAtMs) this.#rejectedInARow = 0;
    const parkedWait = retryAskedAtMs > this.#parkedTriedAtMs;
    if (parkedWait && health.failures === 0) return this.#retryParked(cursor, signal);
    const head = await this.#options.head();
    const plan = await this.#plan(cursor, head);
    if (plan !== undefined) return this.#sendPlan(cursor, plan, head, signal);
    return parkedWait ? this.#retryParked(cursor, signal) : false;
  }

  async close(): Promise<void> {
    const sink = this.#sink;
    this.#sink = undefined;
    this.#cursor = undefined;
    this.#readAhead = undefined;
    await sink?.close();
  }

  /** Read again now and then, and whenever events do not flow: somebody may have asked for another try. */
  async #findCursor(): Promise<SinkCursor | undefined> {
    const { store, name, clock } = this.#options;
    const nowMs = clock.nowMs();
    const fresh = nowMs - this.#cursorReadAtMs < CURSOR_FRESH_MS && this.#cursor?.health.failures === 0;
    if (!fresh) {
      this.#cursor = await store.find(name);
      this.#cursorReadAtMs = nowMs;
    }
    return this.#cursor;
  }

  /** Undefined when there is nothing to send, or when it is worth waiting for more. */
  async #plan(cursor: SinkCursor, head: LogHead): Promise<BatchPlan | undefined> {
    const { limits, clock, schema, origin } = this.#options;
    // One event is enough to learn whether a sink that was down is there again.
    const documentsMax = cursor.health.circuit === 'open' ? 1 : this.#documentsMax;
    const nowMs = clock.nowMs();
    const waiting = head.size - cursor.nextIndex;
    if (waiting <= 0 || (nowMs < this.#readyAtMs && waiting < documentsMax)) return undefined;
    const planner = new BatchPlanner({ ...limits, documentsMax }, { schema, origin, nowMs });
    for (let from = cursor.nextIndex; from < head.size && planner.room > 0; ) {
      const items = await this.#read(from, head.size, Math.min(READ_AT_ONCE, planner.room));
      if (items.length === 0) break;
      planner.add(items);
      from += items.length;
    }
    const plan = planner.finish();
    this.#readyAtMs = plan?.ready === false ? plan.readyAtMs : 0;
    return plan?.ready === true ? plan : undefined;
  }

  async #read(from: number, size: number, limit: number): Promise<readonly LogItem[]> {
    const ahead = this.#readAhead;
    this.#readAhead = undefined;
    if (ahead?.from === from) {
      const items = await ahead.items;
      if (items.length > 0) return items.slice(0, limit);
    }
    return this.#options.readLog({ from, size, limit });
  }

  /** Read while the batch before it is on its way. */
  #startReadingAhead(from: number, size: number): void {
    if (from >= size) return;
    const items = this.#options.readLog({ from, size, limit: Math.min(READ_AT_ONCE, this.#documentsMax) });
    // Whoever takes it hears of the failure; nobody may.
    items.catch(() => {});
    this.#readAhead = { from, items };
  }

  async #sendPlan(cursor: SinkCursor, plan: BatchPlan, head: LogHead, signal: AbortSignal): Promise<boolean> {
    const { origin, clock } = this.#options;
    const batch: SinkBatch = { origin, documents: plan.documents, checkpoint: head.checkpoint };
    if (cursor.health.circuit === 'closed') this.#startReadingAhead(plan.nextIndex, head.size);
    const result = batch.documents.length === 0 ? accepted(batch) : await this.#send(batch, signal);
    const outcome = interpretResult(result, batch, this.#rejectedInARow);
    const next = this.#nextCursor(cursor, plan, outcome, clock.nowMs());
    const parked = this.#parkedIn(plan, outcome, next.nextIndex, clock.nowMs());
    if (!(await this.#keep(cursor, next, parked))) return this.#forget();
    this.#rejectedInARow = outcome.rejectedInARow;
    this.#cursor = next;
    const split = outcome.trouble?.kind === 'split';
    this.#resize(split ? batch.documents.length - outcome.settled : undefined);
    await this.#follow(cursor, next, outcome.trouble, parked.length);
    return outcome.trouble === undefined || split;
  }

  #nextCursor(cursor: SinkCursor, plan: BatchPlan, outcome: Outcome, nowMs: number): SinkCursor {
    const { settled, trouble } = outcome;
    const nextIndex = plan.documents[settled]?.index ?? plan.nextIndex;
    const moved = nextIndex > cursor.nextIndex;
    const lastSequence = moved ? plan.sequenceBefore(nextIndex) : cursor.lastSequence;
    if (trouble === undefined || (trouble.kind === 'split' && moved))
      return { ...cursor, nextIndex, lastSequence, health: healthAfterSuccess(cursor.health, nowMs) };
    // Halves of a batch are tried at once: that is no failure of the sink.
    if (trouble.kind === 'split') return cursor;
    return { ...cursor, nextIndex, lastSequence, health: healthAfterTrouble(cursor.health, trouble, nowMs) };
  }

  #parkedIn({ documents, parked }: BatchPlan, { rejected }: Outcome, nextIndex: number, nowMs: number) {
    const refused = rejected.flatMap((rejection) => {
      const document = documents[rejection.at];
      return document === undefined ? [] : [parkedOf(document, rejection, nowMs)];
    });
    return [...parked.filter(({ index }) => index < nextIndex), ...refused];
  }

  /** False when another server has the sink now, or has moved it on. */
  async #keep(before: SinkCursor, next: SinkCursor, parked: readonly ParkedEvent[]): Promise<boolean> {
    const { store, name, server } = this.#options;
    if (next === before) return true;
    const { nextIndex, lastSequence, health } = next;
    if (nextIndex > before.nextIndex)
      return store.settle({
        name,
        server,
        fromIndex: before.nextIndex,
        nextIndex,
        lastSequence,
        health,
        parked,
      });
    await store.report(name, server, health);
    return true;
  }

  /** Everything is read again. */
  #forget(): boolean {
    this.#cursor = undefined;
    this.#readAhead = undefined;
    return false;
  }

  #resize(refusedLength: number | undefined): void {
    const { documentsMax } = this.#options.limits;
    if (refusedLength === undefined) this.#documentsMax = Math.min(documentsMax, this.#documentsMax * 2);
    else {
      this.#documentsMax = Math.max(1, Math.floor(refusedLength / 2));
      this.#readAhead = undefined;
    }
  }

  async #follow(
    before: SinkCursor,
    now: SinkCursor,
    trouble: SinkTrouble | undefined,
    parked: number,
  ): Promise<void> {
    const { log, name, onCircuit } = this.#options;
    if (parked > 0) log.warn('sink.events_parked', { sink: name, events: parked });
    if (trouble !== undefined && trouble.kind !== 'split') {
      const { kind, code, message } = trouble;
      log.warn('sink.not_taken', { sink: name, kind, code, message, failures: now.health.failures });
      this.#readAhead = undefined;
      // A credential may have been renewed: it is read again.
      if (kind === 'refused' || kind === 'stopped') await this.#closeSink();
    }
    if (before.health.circuit !== now.health.circuit) await onCircuit?.(now);
  }

  async #closeSink(): Promise<void> {
    const sink = this.#sink;
    this.#sink = undefined;
    await sink?.close().catch(() => {});
  }

  async #send(batch: SinkBatch, signal: AbortSignal): Promise<SendResult> {
    try {
      this.#sink ??= await this.#options.openSink();
      return await this.#sink.send(batch, AbortSignal.any([signal, AbortSignal.timeout(SEND_TIMEOUT_MS)]));
    } catch (error) {
      await this.#closeSink();
      return {
        settled: 0,
        rejected: [],
        trouble: { kind: 'retry', code: 'sink_failed', message: messageOf(error).slice(0, 300) },
      };
    }
  }

  /** Parked events that somebody asked to try again, each alone. */
  async #retryParked(cursor: SinkCursor, signal: AbortSignal): Promise<boolean> {
    const { store, name, server, clock, head } = this.#options;
    const asked = await store.parked(name, { retryAsked: true, limit: PARKED_AT_ONCE });
    const { checkpoint } = await head();
    for (const parked of asked) {
      const trouble = await retryParked(this.#options, parked, checkpoint, (batch) =>
        this.#send(batch, signal),
      );
      if (trouble === undefined) continue;
      const health = healthAfterTrouble(cursor.health, trouble, clock.nowMs());
      await store.report(name, server, health);
      await this.#follow(cursor, { ...cursor, health }, trouble, 0);
      this.#cursor = undefined;
      return false;
    }
    if (asked.length < PARKED_AT_ONCE) this.#parkedTriedAtMs = cursor.retryAskedAtMs;
    const health = healthAfterSuccess(cursor.health, clock.nowMs());
    if (asked.length > 0) await store.report(name, server, health);
    this.#cursor = undefined;
    return true;
  }
}
