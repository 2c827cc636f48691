import type { Job } from '#pipeline/model.ts';
import { neededBy } from '#pipeline/needed-jobs.ts';
import type { Place } from '#pipeline/surface.ts';

const JOBS_MAX = 200;

/** Where a person has to agree before the job runs: in it, or in one that it waits for. */
export function findApproval(job: Job): Place | undefined {
  const seen = new Set<Job>([job]);
  for (const each of seen) {
    const [approval] = each.surface?.approvals ?? [];
    if (approval !== undefined) return approval;
    if (seen.size < JOBS_MAX) for (const needed of neededBy(each)) seen.add(needed);
  }
  return undefined;
}

/** Names of environments that hold what customers use. */
const PRODUCTION = /(?:^|[-_/.\s])(?:prod|prd|production|live)(?:$|[-_/.\s\d])/i;

export function isProductionName(name: string): boolean {
  return PRODUCTION.test(name.slice(0, 200));
}
