import { z } from 'zod';
import { Moment } from './parameters.ts';
import { RiskArea } from './risk-area.ts';

/** `unknown` is not good: nothing was looked at that could say so. */
export const Standing = z.enum(['good', 'attention', 'act', 'unknown']);
export type Standing = z.infer<typeof Standing>;

/** A page of the console, with the filter that shows what was counted. */
export const ConsoleLink = z.object({
  page: z.enum([
    'findings',
    'finding',
    'report-import',
    'pipelines',
    'attack-path',
    'static-credentials',
    'decisions',
    'leases',
    'record',
    'sinks',
    'first-run',
  ]),
  query: z
    .record(z.string(), z.string())
    .describe('Filters, and `id` and `repository` of the one thing that is shown.'),
});
export type ConsoleLink = z.infer<typeof ConsoleLink>;

const Fact = z.object({
  text: z.string(),
  standing: Standing,
  link: ConsoleLink.nullable(),
});
export type Fact = z.infer<typeof Fact>;

const NextAction = z.object({ text: z.string(), link: ConsoleLink });
const count = z.int().min(0);
const Day = z.iso.date().describe('In UTC.');

export const AreaOverview = z.object({
  area: RiskArea,
  standing: Standing.describe('The worst of its facts; `unknown` where there are none.'),
  facts: z.array(Fact),
  trend: z
    .array(z.object({ day: Day, open: count }))
    .describe('Findings of the area that stood open, 30 days.'),
  next: NextAction.nullable(),
});
export type AreaOverview = z.infer<typeof AreaOverview>;

const Ways = z.object({ secretless: count, stored: count });

/** How much of what pipelines reach they reach without a stored secret. */
export const Coverage = z.object({
  share: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('Secretless ways of all ways; null where there are none.'),
  ways: Ways.extend({
    inDefinitions: count.describe('Stored credentials that definitions of pipelines name.'),
  }).describe('Resources that were used within 30 days, and stored credentials in definitions.'),
  uses: Ways.describe('Credentials that were handed out within 30 days.'),
  trend: z.array(Ways.extend({ day: Day })).describe('The same, by day.'),
});
export type Coverage = z.infer<typeof Coverage>;

export const AttackPathOverview = z.object({
  severity: z.enum(['info', 'low', 'medium', 'high', 'critical']),
  repository: z.string(),
  pipeline: z.string().nullable(),
  sentence: z.string(),
  steps: z
    .array(z.object({ kind: z.enum(['who', 'what', 'reaches']), text: z.string() }))
    .describe('From who starts it to what it reaches.'),
  link: ConsoleLink,
});
export type AttackPathOverview = z.infer<typeof AttackPathOverview>;

export const LiveAccess = z.object({
  leases: count,
  privileged: count,
  truncated: z.boolean().describe('There are more than were counted.'),
  resources: z
    .array(
      z.object({
        resource: z.string(),
        privileged: z.boolean(),
        leases: count,
        firstAt: Moment,
        endsAt: Moment.describe('When the last of them ends by itself.'),
      }),
    )
    .describe('The privileged first, then the most used; at most 20.'),
});
export type LiveAccess = z.infer<typeof LiveAccess>;

export const IntegrityOverview = z.object({
  standing: Standing,
  facts: z.array(Fact),
  entries: count.describe('Of the log.'),
  signedAt: Moment.nullable(),
});
export type IntegrityOverview = z.infer<typeof IntegrityOverview>;

/** What would an attacker use today? Of what the caller may see; a few seconds old at most. */
export const Overview = z.object({
  at: Moment,
  isNew: z.boolean().describe('Nothing has come in yet: no decision, no repository, no report.'),
  standing: Standing,
  answer: z.string().describe('The whole in one sentence.'),
  next: NextAction.nullable(),
  areas: z.array(AreaOverview),
  coverage: Coverage,
  attackPaths: z.array(AttackPathOverview),
  liveAccess: LiveAccess.nullable().describe('Null for those who do not see all repositories.'),
  integrity: IntegrityOverview.nullable().describe('Null for those who do not see all repositories.'),
});
export type Overview = z.infer<typeof Overview>;
