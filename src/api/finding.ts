import { z } from 'zod';
import { Moment, limitParameter, listParameter, nameParameter } from './parameters.ts';
import { RiskArea } from './risk-area.ts';

export const FindingState = z.enum(['new', 'open', 'reopened', 'fixed', 'waived', 'false-positive']);
export type FindingState = z.infer<typeof FindingState>;

export const FindingSeverity = z.enum(['info', 'low', 'medium', 'high', 'critical']);
export type FindingSeverity = z.infer<typeof FindingSeverity>;

export const FindingKind = z.enum([
  'pipeline',
  'code',
  'infrastructure',
  'secret',
  'dependency',
  'container',
  'web',
  'licence',
  'quality',
]);
export type FindingKind = z.infer<typeof FindingKind>;

/** Where a finding is; every tool fills what it knows. */
export const FindingPlace = z.object({
  file: z.string().optional(),
  line: z.int().optional(),
  column: z.int().optional(),
  endLine: z.int().optional(),
  endColumn: z.int().optional(),
  symbol: z.string().optional(),
  resource: z.string().optional(),
  url: z.string().optional(),
  method: z.string().optional(),
  parameter: z.string().optional(),
  host: z.string().optional(),
  image: z.string().optional(),
  commit: z.string().optional(),
  package: z
    .object({
      name: z.string(),
      version: z.string().optional(),
      purl: z.string().optional(),
      ecosystem: z.string().optional(),
      fixedVersions: z.array(z.string()).optional(),
      dependencyPath: z.array(z.string()).optional(),
    })
    .optional(),
});
export type FindingPlace = z.infer<typeof FindingPlace>;

export const PriorityBand = z
  .enum(['now', 'soon', 'planned', 'later'])
  .describe('`now` from 75, `soon` from 45, `planned` from 20.');
export type PriorityBand = z.infer<typeof PriorityBand>;

const priority = { score: z.int().describe('0–100.'), band: PriorityBand };

export const FindingPriority = z.object(priority);
export type FindingPriority = z.infer<typeof FindingPriority>;

/** The priority is the product of the factors, at most 100; each says why it is what it is. */
export const ExplainedPriority = z.object({
  ...priority,
  factors: z.array(
    z.object({
      name: z.enum(['severity', 'confidence', 'exploitability', 'exposure', 'reach']),
      value: z.number().describe('Points for `severity`, a factor for the others.'),
      because: z.string(),
    }),
  ),
});
export type ExplainedPriority = z.infer<typeof ExplainedPriority>;

const priorityWarnings = z
  .array(z.string())
  .describe('What is missing in the facts for priorities, such as a feed that cannot be read.');

const summary = {
  id: z.string(),
  repository: z.string(),
  tool: z.string().describe('Id of the tool family that reports it.'),
  target: z.string().describe('What the report was about: `branch=main`, `image=acme/shop`.'),
  state: FindingState,
  severity: FindingSeverity,
  priority: FindingPriority,
  kind: FindingKind,
  area: RiskArea.nullable().describe('Null for what is no risk by itself, such as quality.'),
  rule: z.string(),
  title: z.string(),
  place: FindingPlace,
  firstSeenAt: Moment,
  lastSeenAt: Moment.describe('Of the last report that had it.'),
  fixedAt: Moment.nullable(),
  dueAt: Moment.nullable().describe('Null without a limit for its severity, and while its clock stands.'),
  overdue: z.boolean(),
  owner: z.string().nullable().describe('By the CODEOWNERS of the repository.'),
  assignee: z.string().nullable(),
};

export const FindingSummary = z.object(summary);
export type FindingSummary = z.infer<typeof FindingSummary>;

export const FindingHistoryEntry = z.object({
  at: Moment,
  by: z.string(),
  kind: z.string(),
  note: z.string(),
  report: z.string().nullable(),
});
export type FindingHistoryEntry = z.infer<typeof FindingHistoryEntry>;

/** One finding with all that is known of it. Texts are the tool's; no field holds a secret. */
export const Finding = z.object({
  ...summary,
  priority: ExplainedPriority,
  priorityWarnings,
  description: z.string(),
  severityText: z.string().nullable(),
  confidence: z.enum(['low', 'medium', 'high']).nullable(),
  cvss: z.object({ score: z.number(), vector: z.string().optional() }).nullable(),
  epss: z.number().nullable(),
  exploited: z.boolean().nullable(),
  verified: z.boolean().nullable(),
  cwe: z.array(z.int()),
  aliases: z.array(z.string()),
  otherPlaces: z.array(FindingPlace),
  snippet: z.string().nullable(),
  remedy: z.string().nullable(),
  references: z.array(z.string()),
  attributes: z.record(z.string(), z.string()),
  toolDecision: z
    .object({ state: z.string(), reason: z.string().optional(), by: z.string().optional() })
    .nullable()
    .describe('What the tool itself decided; it counts only where the configuration says so.'),
  acceptance: z
    .object({ owner: z.string(), reason: z.string(), until: Moment, by: z.string(), at: Moment })
    .nullable(),
  falsePositive: z.object({ reason: z.string(), by: z.string(), at: Moment }).nullable(),
  report: z.string().describe('The last report that had it.'),
  history: z.array(FindingHistoryEntry),
});
export type Finding = z.infer<typeof Finding>;

/** Which findings; every list, count and trend takes the same. */
export const findingFilter = {
  q: nameParameter
    .max(200)
    .optional()
    .describe('Words, all of which are in the title, rule, file, package or other names.'),
  repository: nameParameter.optional(),
  tool: nameParameter.optional(),
  target: nameParameter.optional(),
  state: listParameter(FindingState).optional(),
  severity: listParameter(FindingSeverity).optional(),
  kind: listParameter(FindingKind).optional(),
  area: listParameter(RiskArea).optional(),
  band: listParameter(PriorityBand).optional(),
  rule: nameParameter.optional(),
  file: nameParameter.optional(),
  assignee: nameParameter.optional(),
  owner: nameParameter.optional(),
  overdue: z.literal('true').optional().describe('Only what is past its day.'),
};

export const FindingOrder = z
  .enum(['severity', 'priority', 'due', 'newest'])
  .describe(
    '`severity`: worst first, then newest · `priority`: what to do first · `due`: earliest day first.',
  );
export type FindingOrder = z.infer<typeof FindingOrder>;

export const FindingQuery = z.strictObject({
  ...findingFilter,
  sort: FindingOrder.default('severity'),
  after: nameParameter.optional().describe('`next` of the page before, with the same `sort`.'),
  limit: limitParameter,
});
export type FindingQuery = z.infer<typeof FindingQuery>;

/** In the order that was asked for. */
export const FindingPage = z.object({
  findings: z.array(FindingSummary),
  next: z.string().nullable(),
  priorityWarnings,
});
export type FindingPage = z.infer<typeof FindingPage>;

export const FindingCount = z.object({
  tool: z.string(),
  target: z.string(),
  severity: FindingSeverity,
  state: FindingState,
  count: z.int(),
});
export const FindingCounts = z.object({ counts: z.array(FindingCount) });
export type FindingCounts = z.infer<typeof FindingCounts>;

export const FindingCountQuery = z.strictObject({
  repository: nameParameter,
  tool: nameParameter.optional(),
  target: nameParameter.optional(),
});

export const FindingGroupQuery = z.strictObject({
  repository: nameParameter,
  target: nameParameter.optional(),
});
export type FindingGroupQuery = z.infer<typeof FindingGroupQuery>;

/** Findings of several tools that mean the same. Each keeps its own state. */
export const FindingGroup = z.object({
  id: z.string().describe('The id of its oldest finding.'),
  severity: FindingSeverity.describe('The worst of its findings.'),
  priority: FindingPriority.describe('The highest of its findings.'),
  dueAt: Moment.nullable().describe('The earliest of its findings.'),
  reasons: z.array(z.enum(['same-advisory', 'same-secret', 'same-rule', 'same-weakness'])),
  findings: z.array(FindingSummary),
});
export type FindingGroup = z.infer<typeof FindingGroup>;

export const FindingGroupList = z.object({
  groups: z.array(FindingGroup),
  truncated: z.boolean().describe('There are more unresolved findings than were compared.'),
  priorityWarnings,
});
export type FindingGroupList = z.infer<typeof FindingGroupList>;

const Reason = z.string().min(1).max(1_000);
const PersonName = z.string().min(1).max(200);

/** A decision about findings. */
export const TriageDecision = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('assign'),
    assignee: PersonName.nullable().describe('Null takes it from whoever has it.'),
    note: Reason.optional(),
  }),
  z.strictObject({ action: z.literal('accept'), owner: PersonName, reason: Reason, until: Moment }),
  z.strictObject({ action: z.literal('false-positive'), reason: Reason }),
  z.strictObject({ action: z.literal('restore'), reason: Reason }),
  z.strictObject({ action: z.literal('comment'), note: Reason }),
]);
export type TriageDecision = z.infer<typeof TriageDecision>;

export const TriageRequest = z.strictObject({ decision: TriageDecision });
export type TriageRequest = z.infer<typeof TriageRequest>;

export const BulkTriageRequest = z.strictObject({
  findings: z.array(z.string().min(1).max(100)).min(1).max(1_000),
  decision: TriageDecision,
});
export type BulkTriageRequest = z.infer<typeof BulkTriageRequest>;

export const TriageResult = z.object({
  decided: z.array(z.string()),
  unknown: z.array(z.string()).describe('Ids of which there is no finding.'),
});
export type TriageResult = z.infer<typeof TriageResult>;
