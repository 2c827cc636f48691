import { z } from 'zod';
import { Event } from './event.ts';
import { Moment, limitParameter, nameParameter } from './parameters.ts';

/** What another system says happened there. */
export const ActivityView = z.object({
  id: z.string(),
  input: z.string().describe('Name of the input in the configuration.'),
  platform: z.string(),
  external_id: z.string().describe('What the source calls it.'),
  received_at: Moment,
  actor: z.object({ id: z.string().optional(), name: z.string().optional() }),
  action: z.string(),
  target: z.string().nullable(),
  outcome: z.enum(['success', 'failure', 'unknown']),
  addresses: z.array(z.string()),
  keys: z.array(z.string()).describe('What it is found by.'),
  raw: z.string().describe('The record as JSON, without what looks secret; cut off when it is long.'),
});
export type ActivityView = z.infer<typeof ActivityView>;

export const TimelineEntry = z.discriminatedUnion('origin', [
  z.object({
    origin: z.literal('vouchgate'),
    time: Moment,
    event: Event.describe('Of our own record.'),
  }),
  z.object({ origin: z.literal('input'), time: Moment, activity: ActivityView }),
]);
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** Exactly one of the identities. */
export const TimelineQuery = z.strictObject({
  principal: nameParameter.optional().describe('A workload, as policies name it.'),
  actor: nameParameter.optional().describe('Who at a platform, by id: `github/583231`, `aws/AROA…:session`.'),
  resource: nameParameter.optional().describe('A resource of the configuration.'),
  project: nameParameter.optional().describe('A repository at a platform, by id: `github/74`.'),
  run: nameParameter.optional().describe('A run of a pipeline: `github/9876`.'),
  decision: nameParameter.optional().describe('One decision, and what was done with its credential.'),
  before: z
    .string()
    .max(200)
    .regex(/^\d{1,16}\.[ae][\w-]{1,100}$/, 'must be `next` of a page')
    .optional(),
  limit: limitParameter,
});
export type TimelineQuery = z.infer<typeof TimelineQuery>;

export const TimelinePage = z.object({
  entries: z.array(TimelineEntry).describe('Newest first.'),
  next: z.string().nullable().describe('`before` of the next page; null when this was the last.'),
  indexed_through: z
    .int()
    .nullable()
    .describe('Events of our record up to this sequence can be found; null when the timeline is off.'),
});
export type TimelinePage = z.infer<typeof TimelinePage>;
