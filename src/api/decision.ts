import { z } from 'zod';
import { Event } from './event.ts';
import { Lease } from './lease.ts';
import { Moment, integerParameter, limitParameter, nameParameter } from './parameters.ts';

/**
 * `allowed`: permitted, and the back-end has not answered yet · `issued`: the credential exists ·
 * `failed`: permitted, but the back-end made nothing · `denied`.
 */
export const DecisionOutcome = z.enum(['allowed', 'issued', 'failed', 'denied']);
export type DecisionOutcome = z.infer<typeof DecisionOutcome>;

export const DecisionSummary = z.object({
  id: z.string(),
  outcome: DecisionOutcome.exclude(['failed']).describe('As decided; read one decision for how it ended.'),
  time: Moment,
  sequence: z.int(),
  resource: z.string().nullable(),
  principal: z.string(),
  reason: z.string().nullable().describe('Code of the denial.'),
});
export type DecisionSummary = z.infer<typeof DecisionSummary>;

export const DecisionQuery = z.strictObject({
  outcome: DecisionOutcome.exclude(['failed']).optional(),
  resource: nameParameter.optional(),
  before: integerParameter(0, Number.MAX_SAFE_INTEGER).optional().describe('`next` of the page before.'),
  limit: limitParameter,
});
export type DecisionQuery = z.infer<typeof DecisionQuery>;

/** Newest first. */
export const DecisionPage = z.object({
  decisions: z.array(DecisionSummary),
  next: z.int().nullable(),
});
export type DecisionPage = z.infer<typeof DecisionPage>;

/** The story of one decision: its events in the order of recording, and the lease where there is one. */
export const Decision = z.object({
  id: z.string(),
  outcome: DecisionOutcome,
  events: z.array(Event),
  lease: Lease.optional(),
});
export type Decision = z.infer<typeof Decision>;
