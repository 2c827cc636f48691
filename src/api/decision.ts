import { z } from 'zod';
import { Event } from './event.ts';
import { Lease } from './lease.ts';
import { Moment, integerParameter, limitParameter, listParameter, nameParameter } from './parameters.ts';

/**
 * `allowed`: permitted, and the back-end has not answered yet · `issued`: the credential exists ·
 * `failed`: permitted, but the back-end made nothing · `denied`.
 */
export const DecisionOutcome = z.enum(['allowed', 'issued', 'failed', 'denied']);
export type DecisionOutcome = z.infer<typeof DecisionOutcome>;

const stated = z.string().nullable();

/** What the token did not state is null. */
export const DecisionSummary = z.object({
  id: z.string(),
  outcome: DecisionOutcome.describe('How it ended, as far as it is known by now.'),
  time: Moment,
  sequence: z.int().describe('Of the event that made it.'),
  changed: z.int().describe('Of the last event that changed its outcome.'),
  resource: stated,
  principal: z.string(),
  reason: stated.describe('Code of the denial.'),
  provider: stated.describe('The identity provider, by its name in the configuration.'),
  platform: stated,
  repository: stated.describe('Full name.'),
  org: stated,
  ref: stated,
  environment: stated,
  trigger: stated,
  workflow: stated.describe('The pipeline definition, without the ref behind it.'),
  run: stated,
  commit: stated,
  actor: stated.describe('Who started the run; gone when it was erased.'),
  policies: z.array(z.string()).describe('Those that decided.'),
  policyVersion: stated,
  posture: stated.describe(
    'Grade of the pipeline, where a policy asked for it; `unknown` when nobody could say.',
  ),
  lease: stated,
});
export type DecisionSummary = z.infer<typeof DecisionSummary>;

const sequence = integerParameter(0, Number.MAX_SAFE_INTEGER);

/** All of it must hold. */
export const decisionFilterParameters = {
  outcome: listParameter(DecisionOutcome).optional(),
  resource: nameParameter.optional(),
  provider: nameParameter.optional(),
  repository: nameParameter.optional(),
  environment: nameParameter.optional(),
  trigger: nameParameter.optional(),
  workflow: nameParameter.optional(),
  principal: nameParameter.optional(),
  policy: nameParameter.optional().describe('One that decided.'),
  reason: nameParameter.optional().describe('Code of the denial.'),
  actor: nameParameter.optional(),
  run: nameParameter.optional(),
  text: nameParameter
    .optional()
    .describe(
      'Part of a name, in any case: repository, resource, principal, ref, environment, workflow, policy; or a whole id.',
    ),
  from: Moment.optional().describe('Included.'),
  to: Moment.optional().describe('Not included.'),
};

export const DecisionQuery = z.strictObject({
  ...decisionFilterParameters,
  before: sequence.optional().describe('`next` of the page before.'),
  limit: limitParameter,
});
export type DecisionQuery = z.infer<typeof DecisionQuery>;

/** Newest first. */
export const DecisionPage = z.object({
  decisions: z.array(DecisionSummary),
  next: z.int().nullable(),
  indexed_through: z.int().describe('Events of the record up to this sequence are taken in.'),
  recorded_through: z.int().describe('Sequence of the last event in the record.'),
});
export type DecisionPage = z.infer<typeof DecisionPage>;

/** The longest that a question for news waits: proxies give up on silent connections after 30 seconds or more. */
const WATCH_SECONDS_MAX = 25;

export const DecisionWatchQuery = z.strictObject({
  ...decisionFilterParameters,
  after: sequence.describe('`through` of the answer before, or `indexed_through` of a list.'),
  wait: integerParameter(0, WATCH_SECONDS_MAX).default(0).describe('Seconds to wait for news.'),
  limit: limitParameter,
});
export type DecisionWatchQuery = z.infer<typeof DecisionWatchQuery>;

export const DecisionNews = z.object({
  decisions: z.array(DecisionSummary).describe('New, or with another outcome, in the order of change.'),
  through: z.int().describe('`after` of the next question.'),
});
export type DecisionNews = z.infer<typeof DecisionNews>;

export const DecisionCountQuery = z.strictObject({
  ...decisionFilterParameters,
  by: z.enum(['hour', 'day']).default('hour'),
});
export type DecisionCountQuery = z.infer<typeof DecisionCountQuery>;

export const OutcomeCounts = z.object({
  allowed: z.int(),
  issued: z.int(),
  failed: z.int(),
  denied: z.int(),
});
export type OutcomeCounts = z.infer<typeof OutcomeCounts>;

export const DecisionCounts = z.object({
  counts: z
    .array(z.object({ start: Moment, outcomes: OutcomeCounts }))
    .describe('In the order of time (UTC); hours and days without any are left out.'),
  total: OutcomeCounts,
});
export type DecisionCounts = z.infer<typeof DecisionCounts>;

export const DecisionColumn = z.enum([
  'resource',
  'provider',
  'repository',
  'org',
  'environment',
  'trigger',
  'workflow',
  'ref',
  'principal',
  'policy',
  'reason',
]);
export type DecisionColumn = z.infer<typeof DecisionColumn>;

export const DecisionTopQuery = z.strictObject({
  ...decisionFilterParameters,
  column: DecisionColumn,
  limit: integerParameter(1, 100).default(20),
});
export type DecisionTopQuery = z.infer<typeof DecisionTopQuery>;

export const DecisionTop = z.object({
  values: z.array(z.object({ value: z.string(), count: z.int(), outcomes: OutcomeCounts })),
});
export type DecisionTop = z.infer<typeof DecisionTop>;

/** A policy that decided, as it was written then. */
export const DecidingPolicy = z.object({
  id: z.string(),
  text: z
    .string()
    .nullable()
    .describe('Null when that version is not kept any more, or the policy is not in it.'),
  file: z.string().nullable(),
});
export type DecidingPolicy = z.infer<typeof DecidingPolicy>;

/** The story of one decision: its events in the order of recording, and the lease where there is one. */
export const Decision = z.object({
  id: z.string(),
  outcome: DecisionOutcome,
  events: z.array(Event),
  policies: z.array(DecidingPolicy),
  policyVersion: z.string().nullable(),
  lease: Lease.optional(),
});
export type Decision = z.infer<typeof Decision>;
