import { z } from 'zod';

/** The verdict of the gate: `warn` blocks nothing, and somebody should look. */
export const grades = ['pass', 'warn', 'fail'] as const;
export type Grade = (typeof grades)[number];

const Count = z.int().min(0).max(1_000_000_000);
const Names = z.array(z.string().max(100)).max(200);

/** What other tools reported for the same repository: absent is not zero. */
export const ReportedPosture = z.strictObject({
  critical: Count,
  high: Count,
  medium: Count,
  low: Count,
  /** Ids of the tools, without their versions. */
  sources: Names,
});
export type ReportedPosture = z.infer<typeof ReportedPosture>;

/**
 * What a policy can know of the pipeline that asks: `context.posture`. It mirrors the type `Posture` in
 * `schema.ts`; `schema.test.ts` keeps both in step.
 */
export const PolicyPosture = z.strictObject({
  grade: z.enum(grades),
  /** Findings that the gate's policy blocks on, those of other tools included. */
  blocking: Count,
  critical: Count,
  high: Count,
  medium: Count,
  low: Count,
  /** Ids of our rules that have a finding which counts. */
  rules: Names,
  /** Since the pipeline was inspected. */
  ageSeconds: Count,
  /** Kinds of security test that the pipelines of the repository run: `SAST`, `SCA`… */
  coverage: Names,
  /** SHA-256 over the definitions that the job is made of: `sha256:…`. */
  workflowDigest: z.string().max(100),
  reported: ReportedPosture.optional(),
});
export type PolicyPosture = z.infer<typeof PolicyPosture>;

/** Unknown is not clean: the attribute is absent then, and the reason is for people. */
export type PostureAnswer = { known: true; posture: PolicyPosture } | { known: false; reason: string };
