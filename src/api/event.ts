import { z } from 'zod';
import { Moment, integerParameter, limitParameter, listParameter, nameParameter } from './parameters.ts';

/** One thing that happened, as recorded. */
export const Event = z.object({
  id: z.string(),
  sequence: z.int().describe('Grows in the order of recording; gaps mean nothing.'),
  time: Moment,
  type: z.string().describe('`decision.denied`, `lease.revoked`…'),
  actor: z.object({ kind: z.enum(['workload', 'person', 'server']), id: z.string() }),
  decision: z.string().optional(),
  resource: z.string().optional(),
  lease: z.string().optional(),
  body: z.record(z.string(), z.unknown()),
});
export type Event = z.infer<typeof Event>;

const sequence = integerParameter(0, Number.MAX_SAFE_INTEGER);

export const EventQuery = z.strictObject({
  after: sequence.optional().describe('Events recorded after this sequence, oldest first.'),
  before: sequence.optional().describe('Events recorded before it, newest first.'),
  type: listParameter(z.string().min(1).max(100)).optional(),
  resource: nameParameter.optional(),
  decision: nameParameter.optional(),
  lease: nameParameter.optional(),
  limit: limitParameter,
});
export type EventQuery = z.infer<typeof EventQuery>;

export const EventPage = z.object({
  events: z.array(Event),
  next: z.int().nullable().describe('`after` or `before` of the next page; null when this was the last.'),
});
export type EventPage = z.infer<typeof EventPage>;
