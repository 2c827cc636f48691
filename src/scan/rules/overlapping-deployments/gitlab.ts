import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { RepositoryContext } from '../../rule.ts';
import { findDeployment } from '../../shared/deployments.ts';
import { distinctPlaces, gitlabJobs } from '../../shared/gitlab-configurations.ts';

function reportInterruptible(jobs: readonly GitlabJob[], context: RepositoryContext): void {
  const found = jobs.flatMap((job) => {
    const { interruptible } = job;
    return interruptible?.value === 'true' && findDeployment(job) !== undefined
      ? [{ ...interruptible, job }]
      : [];
  });
  for (const { job, source, span } of distinctPlaces(found, (each) => each)) {
    context.reportIn(source, {
      at: span,
      message: `a newer pipeline ends "${job.id.slice(0, 60)}" in the middle of its deployment`,
      explanation: 'What was half done stays so, and nothing of the newer pipeline knows about it.',
      remedy: 'Set `interruptible: false` for the job, and `resource_group: production`.',
      key: `interruptible ${job.id}`,
    });
  }
}

/** In GitLab, jobs of one `resource_group` wait for each other. */
export function reportInGitlab(repository: Repository, context: RepositoryContext): void {
  const jobs = gitlabJobs(repository).filter((job) => !job.hidden);
  reportInterruptible(jobs, context);
  const open = jobs.flatMap((job) => {
    const deployment = job.resourceGroup === undefined ? findDeployment(job) : undefined;
    const text = deployment?.text;
    return deployment === undefined || text === undefined
      ? []
      : [{ job, what: deployment.what, source: text.source, span: deployment.span }];
  });
  for (const { job, what, source, span } of distinctPlaces(open, (each) => each)) {
    context.reportIn(source, {
      at: span,
      message: `runs of "${job.id.slice(0, 60)}" can overtake each other while they deploy (${what})`,
      remedy: 'Add `resource_group: production` to the job.',
      key: `${job.id} ${what}`,
    });
  }
}
