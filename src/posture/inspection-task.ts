import type { GateFinding } from './gate-finding.ts';

export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** What was read of one repository at one commit. Plain data: it crosses threads. */
export interface DefinitionTree {
  readonly repository: string;
  readonly commit: string;
  /** The definition that the token names; undefined: all count. */
  readonly file: string | undefined;
  /** Definitions, and settings of the scan that lie beside them. */
  readonly files: readonly TextFile[];
  /** Names and patterns that were asked for already: nothing more is there. */
  readonly asked: readonly string[];
  /** Files that were too large or too many, by name. */
  readonly unread: readonly string[];
}

/**
 * Whose word counts when a finding is let stand. What a commit says of itself is the text of whoever made it:
 * `default-branch` counts only what the default branch has, too.
 */
export const suppressionModes = ['none', 'default-branch', 'all'] as const;
export type SuppressionMode = (typeof suppressionModes)[number];

export interface InspectionTask {
  readonly pipeline: DefinitionTree;
  /** The called definition of another repository or commit. */
  readonly callee: DefinitionTree | undefined;
  /** The default branch of the pipeline's repository, as far as it is known. */
  readonly reference: DefinitionTree | undefined;
  readonly suppressions: SuppressionMode;
  /** By the platforms' rules of this moment (ms since the epoch). */
  readonly asOfMs: number;
}

/** What one look at definitions found, before any policy of a gate. */
export interface Inspection {
  /** What counts, the worst first; a bounded number. */
  readonly findings: readonly GateFinding[];
  /** What counts and is more than that number. */
  readonly findingsLeftOut: number;
  readonly suppressedCount: number;
  /** The definitions that the job is made of; those of another repository with its name before them. */
  readonly concerned: readonly string[];
  /** SHA-256 over them: `sha256:…`. */
  readonly workflowDigest: string;
  /** Kinds of security test that the pipelines run, with an effect. */
  readonly tests: readonly string[];
  /** What could not be looked at, in sentences. */
  readonly unread: readonly string[];
}

export type TreeName = 'pipeline' | 'callee' | 'reference';

export type InspectionOutcome =
  | { readonly kind: 'inspected'; readonly inspection: Inspection }
  /** Files name others, which have to be read as well. */
  | { readonly kind: 'incomplete'; readonly tree: TreeName; readonly wanted: readonly string[] }
  /** The commit does not have what the token names. */
  | { readonly kind: 'absent'; readonly reason: string };
