import type { BoundedResponse } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import type { Secret } from '#core/secret.ts';
import { parseAnswer, quoteAnswer, readRetryAfter, troubleOf } from '../http-answer.ts';
import type { SinkTrouble } from '../sink.ts';

/** What the collector's own codes mean (Splunk, "Possible error codes" of HEC). */
const KINDS: Readonly<Record<number, SinkTrouble['kind']>> = {
  1: 'refused', // token disabled
  2: 'refused', // token required
  3: 'refused', // invalid authorization
  4: 'refused', // invalid token
  5: 'split', // no data
  6: 'split', // invalid data format
  7: 'refused', // incorrect index
  8: 'retry', // internal server error
  9: 'retry', // server is busy
  10: 'refused', // data channel is missing
  11: 'refused', // invalid data channel
  12: 'split', // event field is required
  13: 'split', // event field cannot be blank
  14: 'refused', // ACK is disabled
  15: 'split', // error in handling indexed fields
  16: 'refused', // query string authorization is not enabled
  18: 'retry', // unhealthy: queues are full
  19: 'retry', // unhealthy: ack service unavailable
  20: 'retry', // both
};

export interface HecAnswer {
  readonly ackId: number | undefined;
  readonly trouble: SinkTrouble | undefined;
}

/**
 * `invalid-event-number` is not used: whether it counts from 0 or 1 differs, and parking the wrong event would lose it.
 * Halves of the batch find the right one.
 */
export function readHecAnswer(answer: BoundedResponse, clock: Clock, secrets: readonly Secret[]): HecAnswer {
  const body = parseAnswer(answer.body);
  const { code, ackId, text } = body ?? {};
  const byStatus = troubleOf(answer, clock, secrets);
  const id = typeof ackId === 'number' ? ackId : undefined;
  if (typeof code !== 'number' || byStatus === undefined) {
    // A proxy that answers 200 by itself has stored nothing.
    const strange = byStatus === undefined && code !== 0;
    const message = 'Its answer is not that of an event collector.';
    const trouble = strange ? ({ kind: 'retry', code: 'splunk_answer_invalid', message } as const) : byStatus;
    return { ackId: id, trouble };
  }
  const message = `Code ${code}: ${quoteAnswer(typeof text === 'string' ? text : '', secrets)}`;
  const trouble: SinkTrouble = {
    kind: KINDS[code] ?? byStatus.kind,
    code: `splunk_${code}`,
    message,
    retryAfterMs: readRetryAfter(answer.headers, clock),
  };
  return { ackId: undefined, trouble };
}
