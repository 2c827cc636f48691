import type { GateInput } from './gate-decision.ts';
import type { GateFinding } from './gate-finding.ts';

/** What the reports of other tools leave open for a repository. */
export interface ReportedSummary {
  /** Open ones, the worst first; at most 2,000. What was accepted, fixed or suppressed is not among them. */
  readonly findings: readonly GateFinding[];
  /** The newest report of each tool, also of those that found nothing. */
  readonly inputs: readonly GateInput[];
}

/** The findings of everybody's tools, where somebody keeps them. */
export interface ReportedFindings {
  /**
   * For this commit where there are reports of it, else for the default branch; undefined when nothing was ever
   * reported for the repository. What is at hand is answered at once: an exchange waits for it.
   */
  openFor(
    repository: string,
    commit: string | undefined,
  ): ReportedSummary | undefined | Promise<ReportedSummary | undefined>;
}
