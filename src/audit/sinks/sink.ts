import type { z } from 'zod';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import type { SecretReference } from '#core/config/secret-reference.ts';
import type { Logger } from '#core/log.ts';
import type { Secret } from '#core/secret.ts';
import type { RecordedEvent } from '../event.ts';
import type { SchemaName } from '../mapping/schema-name.ts';

/** What a sink may use of the house. */
export interface SinkContext {
  readonly clock: Clock;
  readonly log: Logger;
  readonly fetch: BoundedFetch;
  /** For what is no HTTP: hosts (`host` or `host:port`) that may have private addresses. */
  readonly allowPrivateHosts: readonly string[];
  resolveSecret(reference: SecretReference): Promise<Secret>;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** An event in the schema of the sink. */
export interface SinkDocument {
  readonly event: RecordedEvent;
  /** Its place in the log. */
  readonly index: number;
  /** JSON, one line. */
  readonly text: string;
  /** Of `text`, in UTF-8. */
  readonly bytes: number;
}

/** Documents without a gap in the order of the log. */
export interface SinkBatch {
  /** Name of the log. */
  readonly origin: string;
  readonly documents: readonly SinkDocument[];
  /** The newest signed checkpoint of the log, which covers all of them. */
  readonly checkpoint: string | undefined;
}

/**
 * `split`: the batch as it is will never be taken (too large, or something in it is wrong): halves are tried, down to
 * the one event that is parked. `retry`: it may work later. `refused`: a setting or a credential is wrong.
 * `stopped`: it asked for no more.
 */
export interface SinkTrouble {
  readonly kind: 'split' | 'retry' | 'refused' | 'stopped';
  /** Stable, for people and metrics: `http_503`, `splunk_9`, `fetch_timeout`. */
  readonly code: string;
  /** For people; holds no secret. */
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
}

/** One document that will never be taken. */
export interface Rejection {
  /** Its place in the batch. */
  readonly at: number;
  readonly code: string;
  readonly message: string;
}

export interface SendResult {
  /** How many documents, from the first on, are there for certain or were rejected. */
  readonly settled: number;
  /** Of those that are settled. */
  readonly rejected: readonly Rejection[];
  /** How many were taken, where a receiver says no more than that; without it, all that were not rejected. */
  readonly taken?: number;
  /** Why the rest is not settled; without it, the rest can be sent at once. */
  readonly trouble?: SinkTrouble;
}

export interface Sink {
  /**
   * Resolves when the receiver has the documents, as durably as it can tell us; never rejects for what the receiver
   * does. Sending the same batch again must be harmless but for duplicates.
   */
  send(batch: SinkBatch, signal: AbortSignal): Promise<SendResult>;
  close(): Promise<void>;
}

/** What stands in the receiver, as it came back; for the check of the copy. */
export interface CopyRange {
  /** Indexes of the log, `until` not included. */
  readonly from: number;
  readonly until: number;
}

/** A kind of sink. One folder `audit/sinks/<id>/` with `sink.ts` (exports `sink`) and its tests. */
export interface SinkKind<Settings extends object = object> {
  readonly id: string;
  readonly title: string;
  /** First paragraph of the reference page. */
  readonly description: string;
  /** `sinks.<name>` in `vouchgate.yaml`, beside `type` and what every sink takes. */
  readonly settings: z.ZodType<Settings>;
  readonly schemaDefault: SchemaName;
  readonly limits: {
    /** In one batch. */
    readonly documentsMax: number;
    readonly bytesMax: number;
    /** Of one document: a larger one is parked at once, as the receiver would cut or refuse it. */
    readonly documentBytesMax: number;
    /** How long a batch that is not full may wait for more, by default. */
    readonly delaySeconds: number;
  };
  /** What it means that a batch was taken, in a sentence. */
  readonly promise: string;
  readonly pitfalls: readonly string[];
  open(settings: Settings, context: SinkContext): Promise<Sink>;
  /**
   * Looks whether the receiver could be reached, and leaves nothing there. What is wrong, for people, without a secret.
   * Left out where only sending would tell.
   */
  check?(settings: Settings, context: SinkContext, signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Reads back what the receiver holds of a range, and what it holds that is in no range: each value is a document in
   * any wrapping of the receiver. Left out where a receiver cannot be read.
   */
  readCopy?(settings: Settings, context: SinkContext, range: CopyRange): AsyncIterable<unknown>;
}

/** All is there. */
export function accepted(batch: SinkBatch): SendResult {
  return { settled: batch.documents.length, rejected: [] };
}

/** Nothing of it is there for certain. */
export function failed(trouble: SinkTrouble, settled = 0): SendResult {
  return { settled, rejected: [], trouble };
}
