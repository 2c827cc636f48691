import { z } from 'zod';
import { limitParameter, listParameter, Moment, nameParameter } from './parameters.ts';

const FILE_CHARS_MAX = 500_000;
const FILES_MAX = 50;

/** Below the configuration folder: no way out of it, nothing hidden, and only what is configuration. */
export const ConfigurationPath = z
  .string()
  .max(200)
  .regex(
    /^(?:vouchgate\.yaml|vouchgate\.policy\.yaml|(?:[A-Za-z0-9_][\w.-]{0,99}\/){1,4}[A-Za-z0-9_][\w.-]{0,99}\.cedar)$/,
    'must be vouchgate.yaml, vouchgate.policy.yaml or a .cedar file in a folder',
  );

/** Path to the whole new text; null takes the file away. */
export const FileChanges = z
  .record(ConfigurationPath, z.string().max(FILE_CHARS_MAX).nullable())
  .refine((changes) => Object.keys(changes).length > 0, 'must change a file')
  .refine((changes) => Object.keys(changes).length <= FILES_MAX, `at most ${FILES_MAX} files`);
export type FileChanges = z.infer<typeof FileChanges>;

export const ConfigurationFiles = z.object({
  digest: z.string(),
  files: z.array(z.object({ path: z.string(), text: z.string() })),
  changes: z.object({
    approvals: z.int().describe('How many others must approve a proposal.'),
    appliedBy: z
      .enum(['server', 'checkout'])
      .describe('`checkout`: an approved proposal is a patch for somebody to commit.'),
  }),
});
export type ConfigurationFiles = z.infer<typeof ConfigurationFiles>;

export const CheckRequest = z.strictObject({ changes: FileChanges });
export type CheckRequest = z.infer<typeof CheckRequest>;

export const CheckProblem = z.object({
  file: z.string(),
  line: z.int(),
  column: z.int(),
  severity: z.enum(['error', 'warning']),
  code: z.string().nullable(),
  message: z.string(),
  remedy: z.string(),
});
export type CheckProblem = z.infer<typeof CheckProblem>;

/** The whole configuration with the changes in it. */
export const CheckResult = z.object({
  valid: z.boolean(),
  baseDigest: z.string(),
  resultDigest: z.string(),
  problems: z.array(CheckProblem),
});
export type CheckResult = z.infer<typeof CheckResult>;

/**
 * `open`: waits for somebody else · `approved`: waits to be put in force · `applied` · `rejected` ·
 * `superseded`: the files changed under it.
 */
export const ProposalState = z.enum(['open', 'approved', 'applied', 'rejected', 'superseded']);
export type ProposalState = z.infer<typeof ProposalState>;

export const ReplayCounts = z.object({
  days: z.int(),
  runs: z.int(),
  lose: z.int(),
  gain: z.int(),
  unclear: z.int(),
});
export type ReplayCounts = z.infer<typeof ReplayCounts>;

export const ProposalSummary = z.object({
  id: z.string(),
  state: ProposalState,
  title: z.string(),
  why: z.string(),
  author: z.string(),
  createdAt: Moment,
  paths: z.array(z.string()),
  replay: ReplayCounts.describe('At the time it was proposed.'),
  decidedBy: z.string().nullable(),
  decidedAt: Moment.nullable(),
  comment: z.string().nullable(),
  appliedAt: Moment.nullable(),
});
export type ProposalSummary = z.infer<typeof ProposalSummary>;

export const ProposalFile = z.object({
  path: z.string(),
  before: z.string().nullable().describe('Null for a new file.'),
  after: z.string().nullable().describe('Null for a file that goes.'),
});
export type ProposalFile = z.infer<typeof ProposalFile>;

export const Proposal = ProposalSummary.extend({
  baseDigest: z.string(),
  resultDigest: z
    .string()
    .describe('Digest of the whole configuration with it; what an approval must name, for it may move.'),
  files: z.array(ProposalFile),
  patch: z.string().describe('Unified diff, for `git apply`.'),
  mayApprove: z.boolean().describe('Whether the one who asks may approve it, as far as authorship goes.'),
});
export type Proposal = z.infer<typeof Proposal>;

export const ProposalRequest = z.strictObject({
  title: z.string().trim().min(1).max(120),
  why: z.string().trim().max(2_000).default(''),
  baseDigest: z.string().max(100),
  changes: FileChanges,
});
export type ProposalRequest = z.infer<typeof ProposalRequest>;

export const ProposalApproval = z.strictObject({
  resultDigest: z.string().max(100).describe('Of the version that was reviewed.'),
  comment: z.string().trim().max(2_000).default(''),
});
export type ProposalApproval = z.infer<typeof ProposalApproval>;

export const ProposalRejection = z.strictObject({ comment: z.string().trim().max(2_000).default('') });
export type ProposalRejection = z.infer<typeof ProposalRejection>;

export const ProposalQuery = z.strictObject({
  state: listParameter(ProposalState).optional(),
  before: nameParameter.optional().describe('`next` of the page before.'),
  limit: limitParameter,
});
export type ProposalQuery = z.infer<typeof ProposalQuery>;

/** Newest first. */
export const ProposalPage = z.object({
  proposals: z.array(ProposalSummary),
  next: z.string().nullable(),
});
export type ProposalPage = z.infer<typeof ProposalPage>;
