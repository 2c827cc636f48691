import type { GateFinding, SeverityCounts } from './gate-finding.ts';

export type Grade = 'pass' | 'warn' | 'fail';

/** What is judged: one pipeline at one commit. What is not known is undefined, and never taken for a match. */
export interface GateSubject {
  readonly repository: string | undefined;
  readonly commit: string | undefined;
  readonly ref: string | undefined;
  /** Null: the job is known to have none. */
  readonly environment: string | null | undefined;
  /** The definition that the job comes from; undefined: every one of the repository. */
  readonly workflow: string | undefined;
  /** SHA-256 over the definitions that were judged. */
  readonly workflowDigest: string;
}

/** A finding with the rule of the gate that decided about it. */
export interface JudgedFinding {
  readonly finding: GateFinding;
  readonly because: string;
}

/** A report of another tool that went into the decision. */
export interface GateInput {
  readonly tool: string;
  readonly toolVersion: string | undefined;
  readonly findings: number;
  /** Kinds of test that it stands for. */
  readonly kinds: readonly string[];
  readonly ranAtMs: number | undefined;
  /** SHA-256 of the file, where there was one: `sha256:…`. */
  readonly digest: string | undefined;
}

/**
 * The gate's decision with everything that it rests on. A plain value: it is printed, stored, compared, and can be
 * signed as the predicate of a verification summary.
 */
export interface GateDecision {
  readonly schema: 'vouchgate-gate-decision/1';
  readonly grade: Grade;
  readonly subject: GateSubject;
  readonly policy: { readonly digest: string; readonly written: boolean };
  readonly inspector: { readonly name: 'vouchgate'; readonly version: string; readonly rulesVersion: string };
  readonly inspectedAtMs: number;
  readonly decidedAtMs: number;
  readonly inputs: readonly GateInput[];
  /** Of everything that counts and is for the regular reader, our findings and those of reports. */
  readonly counts: SeverityCounts;
  readonly blockingCount: number;
  readonly warningCount: number;
  /** The worst ones, a bounded number. */
  readonly blocking: readonly JudgedFinding[];
  readonly warnings: readonly JudgedFinding[];
  /** Let stand by somebody: waivers, ignores, excludes. */
  readonly suppressedCount: number;
  readonly coverage: {
    readonly present: readonly string[];
    readonly missing: readonly string[];
  };
  /** What else decided, in sentences; those that block and those that warn. */
  readonly blockingReasons: readonly string[];
  readonly warningReasons: readonly string[];
}
