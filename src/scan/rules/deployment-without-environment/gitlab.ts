import type { Repository } from '#pipeline/repository.ts';
import type { RepositoryContext } from '../../rule.ts';
import { findDeployment } from '../../shared/deployments.ts';
import { distinctPlaces, gitlabJobs } from '../../shared/gitlab-configurations.ts';

/**
 * GitLab stores credentials as variables, which no file shows; so the deployment itself is what counts. Without an
 * environment there is nobody to ask, and each variable is there for every branch that it is not kept from.
 */
export function reportInGitlab(repository: Repository, context: RepositoryContext): void {
  const jobs = gitlabJobs(repository).filter((job) => !job.hidden && job.environment === undefined);
  const found = jobs.flatMap((job) => {
    const deployment = findDeployment(job);
    const text = deployment?.text;
    return deployment === undefined || text === undefined
      ? []
      : [{ job, what: deployment.what, source: text.source, span: deployment.span }];
  });
  for (const { job, what, source, span } of distinctPlaces(found, (each) => each)) {
    context.reportIn(source, {
      at: span,
      message: `"${job.id.slice(0, 60)}" deploys (${what}) and names no environment`,
      confidence: job.identityTokens.length + job.secrets.length > 0 ? 'medium' : 'low',
      remedy:
        'Add `environment: { name: production }` and `resource_group: production`, protect the environment in the settings, and give the variables of the deployment that environment as their scope.',
      related: [{ at: job.place.span, source: job.place.source, label: 'the job' }],
      key: `${job.id} ${what}`,
    });
  }
}
