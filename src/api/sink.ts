import { z } from 'zod';
import { Moment, integerParameter, limitParameter } from './parameters.ts';

export const Sink = z.object({
  name: z.string(),
  type: z.string().nullable().describe('Null: it is not in the configuration any more.'),
  state: z
    .enum(['sending', 'idle', 'retrying', 'down', 'stopped', 'starting', 'removed'])
    .describe('`down`: tried with one event now and then. `stopped`: not tried until somebody asks for it.'),
  firstIndex: z.int().describe('Entry of the log that it began with.'),
  nextIndex: z.int().describe('All before it is there, or parked.'),
  behind: z.int().min(0).describe('Events of the log that are not settled yet.'),
  oldestUnsentAgeSeconds: z.number().min(0),
  parked: z.int().min(0).describe('Events that it will not take.'),
  failures: z.int().min(0).describe('In a row.'),
  nextAttemptAt: Moment.nullable(),
  lastSuccessAt: Moment.nullable(),
  lastError: z.object({ code: z.string(), message: z.string(), at: Moment }).nullable(),
});
export type Sink = z.infer<typeof Sink>;

export const SinkList = z.object({ sinks: z.array(Sink) });
export type SinkList = z.infer<typeof SinkList>;

export const ParkedQuery = z.strictObject({
  after: integerParameter(0, Number.MAX_SAFE_INTEGER).optional().describe('Only entries behind this one.'),
  limit: limitParameter,
});
export type ParkedQuery = z.infer<typeof ParkedQuery>;

export const ParkedEvent = z.object({
  index: z.int().describe('Its entry in the log.'),
  sequence: z.int(),
  event: z.string().describe('Its id; empty when it is not in the record any more.'),
  code: z.string(),
  message: z.string(),
  parkedAt: Moment,
  retryAsked: z.boolean(),
});
export type ParkedEvent = z.infer<typeof ParkedEvent>;

export const ParkedList = z.object({
  parked: z.array(ParkedEvent),
  next: z.int().nullable().describe('`after` of the next page; null when this was the last.'),
});
export type ParkedList = z.infer<typeof ParkedList>;

export const SinkRetried = z.object({ name: z.string(), parked: z.int().min(0) });
export type SinkRetried = z.infer<typeof SinkRetried>;
