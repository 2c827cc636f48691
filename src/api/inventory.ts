import { z } from 'zod';
import { FindingSeverity } from './finding.ts';
import { Moment, integerParameter, listParameter, nameParameter } from './parameters.ts';

export const PipelinePlatform = z.enum([
  'github',
  'gitlab',
  'azure',
  'circleci',
  'jenkins',
  'bitbucket',
  'tekton',
  'argo',
  'woodpecker',
]);
export type PipelinePlatform = z.infer<typeof PipelinePlatform>;

export const count = z.int().min(0);

export const SeverityCounts = z.object({
  info: count,
  low: count,
  medium: count,
  high: count,
  critical: count,
});
export type SeverityCounts = z.infer<typeof SeverityCounts>;

/** Where something stands in a file of the repository; lines and columns from 1. */
export const SourcePlace = z.object({
  file: z.string(),
  line: z.int(),
  column: z.int(),
  endLine: z.int(),
  endColumn: z.int(),
});
export type SourcePlace = z.infer<typeof SourcePlace>;

/** What there is of a repository, in figures. */
export const figures = {
  pipelines: count,
  findings: SeverityCounts.describe('Unresolved findings of our own rules, by severity.'),
  attackPaths: count,
  staticCredentials: count,
};

export const RepositorySummary = z.object({
  name: z.string(),
  platforms: z.array(PipelinePlatform),
  branch: z.string().nullable(),
  commit: z.string(),
  inspectedAt: Moment,
  inspectedBy: z.string(),
  worst: FindingSeverity.nullable(),
  ...figures,
});
export type RepositorySummary = z.infer<typeof RepositorySummary>;

export const searchParameter = nameParameter
  .max(200)
  .optional()
  .describe('A part of the name, whatever its case.');

export const pageParameters = {
  after: nameParameter.max(2_000).optional().describe('`next` of the page before.'),
  limit: integerParameter(1, 200).default(50),
};

export const choiceParameters = {
  platform: listParameter(PipelinePlatform).optional(),
  severity: listParameter(FindingSeverity).optional().describe('The worst finding is one of these.'),
};

export const RepositoryQuery = z.strictObject({
  search: searchParameter,
  ...choiceParameters,
  ...pageParameters,
});

export const RepositoryPage = z.object({
  repositories: z.array(RepositorySummary),
  next: z.string().nullable(),
});
export type RepositoryPage = z.infer<typeof RepositoryPage>;

export const SecurityTestRun = z.object({
  tool: z.string(),
  kinds: z.array(z.string()),
  pipeline: z.string(),
  job: z.string(),
  place: z.string(),
  moments: z.array(z.string()),
  stops: z.boolean().describe('A finding ends the job.'),
  ignoredBecause: z.string().nullable(),
  guardsRelease: z.boolean(),
});
export type SecurityTestRun = z.infer<typeof SecurityTestRun>;

export const ThirdParty = z.object({
  kind: z.string(),
  name: z.string(),
  owner: z.string(),
  versions: z.array(z.object({ version: z.string().nullable(), pin: z.string() })),
  uses: count,
  places: z.array(z.string()),
  credentials: z.array(z.string()).describe('Names of what the jobs that run it hold.'),
  writes: z.array(z.string()),
  marks: z.array(z.string()).describe('What is known against it.'),
  risk: z.number(),
});
export type ThirdParty = z.infer<typeof ThirdParty>;

export const RepositoryName = z.strictObject({ name: nameParameter.max(200) });

export const Repository = RepositorySummary.extend({
  tests: z.array(SecurityTestRun),
  gaps: z.array(z.object({ kind: z.string(), what: z.string(), change: z.string() })),
  releases: z.array(z.object({ job: z.string(), what: z.string(), guarded: z.boolean() })),
  thirdParties: z.array(ThirdParty).describe('The riskiest first; at most 200.'),
  problems: z.array(z.string()).describe('What could not be read.'),
});
export type Repository = z.infer<typeof Repository>;

export const PipelineSummary = z.object({
  repository: z.string(),
  file: z.string(),
  name: z.string(),
  platform: PipelinePlatform,
  kind: z.enum(['workflow', 'action', 'template']),
  events: z.array(z.string()),
  outsiders: z.boolean().describe('Somebody outside of the project can start it, with all that it may.'),
  jobs: count,
  findings: SeverityCounts,
  worst: FindingSeverity.nullable(),
  attackPaths: count.describe('Ways that lead through it.'),
  staticCredentials: count,
  inspectedAt: Moment,
});
export type PipelineSummary = z.infer<typeof PipelineSummary>;

export const PipelineQuery = z.strictObject({
  search: searchParameter,
  repository: nameParameter.max(200).optional(),
  ...choiceParameters,
  outsiders: z
    .literal('true')
    .optional()
    .describe('Only what somebody outside can start, with all that it may.'),
  attacked: z.literal('true').optional().describe('Only what an attack leads through.'),
  ...pageParameters,
});

export const PipelinePage = z.object({
  pipelines: z.array(PipelineSummary),
  next: z.string().nullable(),
});
export type PipelinePage = z.infer<typeof PipelinePage>;

export const RepositoryItem = z.strictObject({
  repository: nameParameter.max(200),
  id: nameParameter.max(200),
});
