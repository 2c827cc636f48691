import type { ReportedFinding } from '../reported-finding.ts';
import type { Priority } from './priority.ts';

/** Priorities by the weights, feeds and reach that are in force at the moment of asking. */
export interface PrioritySource {
  priorityOf(finding: ReportedFinding, repository: string): Priority;
  /** What is missing in the facts, in sentences: a feed that cannot be read. Empty when all is there. */
  warnings(): readonly string[];
}
