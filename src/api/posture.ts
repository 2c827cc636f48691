import { z } from 'zod';
import { Moment } from './parameters.ts';
import { Refusal } from './subject.ts';

/** A platform's token is a few kilobytes; more than this is none. */
export const PostureRequest = z.strictObject({ token: z.string().min(1).max(65_536) });
export type PostureRequest = z.infer<typeof PostureRequest>;

const Count = z.int().min(0);

export const PostureFinding = z.object({
  rule: z.string(),
  severity: z.enum(['info', 'low', 'medium', 'high', 'critical']),
  message: z.string(),
  remedy: z.string(),
  file: z.string(),
  line: z.int(),
  repository: z.string(),
  commit: z.string(),
  fingerprint: z.string(),
});
export type PostureFinding = z.infer<typeof PostureFinding>;

const Counts = { critical: Count, high: Count, medium: Count, low: Count };

/** The verdict on the pipeline that a token comes from. Unknown is not clean. */
export const PostureResult = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('known'),
    grade: z.enum(['pass', 'warn', 'fail']),
    blocking: Count,
    ...Counts,
    rules: z.array(z.string()),
    coverage: z.array(z.string()),
    workflowDigest: z.string(),
    reported: z.object({ ...Counts, sources: z.array(z.string()) }).nullable(),
    repository: z.string(),
    commit: z.string(),
    workflow: z.string().nullable(),
    inspectedAt: Moment,
    findings: z.array(PostureFinding),
    reasons: z.array(z.string()),
    policyDigest: z.string(),
    rulesVersion: z.string(),
  }),
  z.object({ outcome: z.literal('unknown'), reason: z.string(), retryable: z.boolean() }),
  z.object({ outcome: z.literal('refused'), refusal: Refusal }),
]);
export type PostureResult = z.infer<typeof PostureResult>;
