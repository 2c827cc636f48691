import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { PolicyPosture } from '#policy/posture.ts';

/** One finding that keeps a pipeline from its credential, with what a developer needs to mend it. */
export interface PostureFinding {
  rule: string;
  severity: 'info' | 'low' | 'medium' | 'high' | 'critical';
  message: string;
  /** What to do about it. */
  remedy: string;
  /** Path in the repository, with `/`. */
  file: string;
  line: number;
  /** The repository that the file lies in: a called definition has another one. */
  repository: string;
  commit: string;
  fingerprint: string;
}

/** The verdict on one pipeline at one commit, as the decision is made from it. */
export interface InspectedPosture {
  facts: PolicyPosture;
  /** `facts.ageSeconds` counts from here. */
  inspectedAtMs: number;
  repository: string;
  commit: string;
  /** Path of the definition that the token names; undefined when it names none: then all of the repository count. */
  workflow: string | undefined;
  /** What blocks, the worst first; a bounded number. */
  findings: readonly PostureFinding[];
  /** What else decided, in sentences: a kind of test that is missing, a file that could not be read. */
  reasons: readonly string[];
  /** Digest of the gate's policy, and version of the rules that looked. */
  policyDigest: string;
  rulesVersion: string;
}

export type PostureInspection =
  | { known: true; posture: InspectedPosture }
  /** `retryable`: the cause is ours, and the same request may pass later. */
  | { known: false; reason: string; retryable: boolean };

/** Says how the pipeline is that a verified token comes from. What is already known is answered at once. */
export interface PostureSource {
  /** Never rejects, and answers in bounded time: what cannot be found out is unknown, with the reason. */
  postureOf(identity: WorkloadIdentity): PostureInspection | Promise<PostureInspection>;
  close(): Promise<void>;
}
