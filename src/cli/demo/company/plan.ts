import type { BulkTriageRequest } from '#api/finding.ts';
import type { ProposedChange } from './company-people.ts';
import type { CompanyRepository } from './company-repositories.ts';
import type { ReportedFlaw } from './reports/reported-flaw.ts';
import type { ReportingTool } from './reports/write-report.ts';

/** A commit that somebody pushes: what changes, and where. */
export interface PlannedCommit {
  readonly repository: CompanyRepository;
  readonly branch: string;
  readonly atMs: number;
  readonly author: string;
  readonly message: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/** One job that asks for one resource. */
export interface PlannedJob {
  readonly repository: CompanyRepository;
  readonly commit: PlannedCommit;
  readonly workflow: string;
  /** As the platform names it. */
  readonly trigger: string;
  readonly ref: string;
  readonly environment?: string;
  readonly resource: string;
  readonly run: number;
  /** What is wrong with its token. */
  readonly flaw?: 'stale' | 'for-somebody-else';
}

export type PlannedAct =
  | { readonly kind: 'ask'; readonly job: PlannedJob }
  /** The job ends and gives back what it got. */
  | { readonly kind: 'end'; readonly job: PlannedJob }
  | { readonly kind: 'renew'; readonly job: PlannedJob }
  /** Somebody uses the token of the job again. */
  | { readonly kind: 'replay'; readonly job: PlannedJob }
  | { readonly kind: 'configure'; readonly version: number }
  /** Its pipelines are handed in, as a job of the repository does after a push. */
  | { readonly kind: 'inspect'; readonly commit: PlannedCommit }
  | {
      readonly kind: 'report';
      readonly commit: PlannedCommit;
      readonly tool: ReportingTool;
      readonly flaws: readonly ReportedFlaw[];
    }
  | { readonly kind: 'seal'; readonly name: string; readonly rotateBy?: string }
  | { readonly kind: 'propose'; readonly change: ProposedChange }
  | { readonly kind: 'revoke-all'; readonly resource: string }
  | { readonly kind: 'triage'; readonly rule: string; readonly decision: BulkTriageRequest['decision'] };

export type PlannedStep = PlannedAct & { readonly atMs: number };

/** From when to when the company is played. Shares of it keep a short play in the order of a long one. */
export interface PlayedSpan {
  readonly startMs: number;
  readonly endMs: number;
}

export interface Plan {
  readonly commits: readonly PlannedCommit[];
  /** In the order of time. */
  readonly steps: readonly PlannedStep[];
}

export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

export function atShare({ startMs, endMs }: PlayedSpan, share: number): number {
  return Math.round(startMs + (endMs - startMs) * share);
}
