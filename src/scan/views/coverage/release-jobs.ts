import { findPublication } from '#pipeline/github/publishing.ts';
import { memoize } from '#pipeline/memoize.ts';
import type { Job } from '#pipeline/model.ts';
import { neededBy } from '#pipeline/needed-jobs.ts';
import type { Repository } from '#pipeline/repository.ts';
import { findDeployment } from '../../shared/deployments.ts';
import { stagesOf } from '../../shared/gitlab-stages.ts';
import { isGitlabJob, runningJobs, surfaceOf } from '../../shared/job-surface.ts';

/** A job that brings something to users, and those that it waits for. */
export interface ReleaseJob {
  readonly job: Job;
  readonly what: string;
  /** Itself, and every job before it. */
  readonly waitsFor: ReadonlySet<Job>;
}

/** Each is followed back through the jobs before it; nobody writes more by hand. */
const RELEASES_MAX = 100;
const JOBS_MAX = 500;

/** Directly: by name, or by the order of stages. */
const before = memoize((job: Job): readonly Job[] => {
  if (!isGitlabJob(job) || job.needed.length > 0) return neededBy(job);
  const stages = stagesOf(job.pipeline);
  const own = stages.indexOf(job.stage);
  return job.pipeline.jobs.filter(({ hidden, stage }) => !hidden && stages.indexOf(stage) < own);
});

/** Jobs that call the definition that a job is in, and those that they wait for. */
function around(job: Job, repository: Repository): readonly Job[] {
  return repository.callersOf(job.pipeline).map((site) => site.job);
}

function collectBefore(job: Job, repository: Repository): ReadonlySet<Job> {
  const found = new Set([job]);
  const open: Job[] = [job];
  for (let next = open.pop(); next !== undefined && found.size < JOBS_MAX; next = open.pop()) {
    const called = repository.resolveCall(next)?.jobs ?? [];
    for (const each of [...before(next), ...around(next, repository), ...called]) {
      if (found.has(each)) continue;
      found.add(each);
      open.push(each);
    }
  }
  return found;
}

/** Everything that deploys or publishes from production’s branches, tags or releases; a bounded number. */
export function findReleaseJobs(repository: Repository): readonly ReleaseJob[] {
  const found = runningJobs(repository).flatMap((job) => {
    const what = findDeployment(job)?.what ?? findPublication(job)?.what;
    if (what === undefined || !surfaceOf(job, repository).starts.some(({ production }) => production))
      return [];
    return [{ job, what }];
  });
  return found
    .slice(0, RELEASES_MAX)
    .map(({ job, what }) => ({ job, what, waitsFor: collectBefore(job, repository) }));
}
