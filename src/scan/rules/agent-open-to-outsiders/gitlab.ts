import type { Repository } from '#pipeline/repository.ts';
import type { RepositoryContext } from '../../rule.ts';
import { distinctPlaces, gitlabJobs, hasAuthority } from '../../shared/gitlab-configurations.ts';
import { findForeignVariable } from '../../shared/gitlab-foreign-variables.ts';
import { judgeMergeRequestRun } from '../../shared/gitlab-merge-requests.ts';
import { findAgent } from './agents.ts';

/**
 * An agent in a pipeline of GitLab reads what the author of a merge request wrote: its text by a variable on the
 * command line, or its files, which are the instructions of the agent, too.
 */
export function reportInGitlab(repository: Repository, context: RepositoryContext): void {
  const found = gitlabJobs(repository).flatMap((job) =>
    job.steps.flatMap((step) => {
      const agent = findAgent(step);
      if (agent === undefined || step.work.kind !== 'script') return [];
      const { text } = step.work;
      const variable = findForeignVariable(text.value, [job]);
      const told = variable?.shape === 'text' ? variable.origin : undefined;
      const { runs, named } = judgeMergeRequestRun(job);
      if (told === undefined && !(runs && named)) return [];
      return [{ job, agent, told, source: text.source, span: agent.span }];
    }),
  );
  for (const { job, agent, told, source, span } of distinctPlaces(found, (each) => each)) {
    const free = agent.freedBy !== undefined;
    const trusted = hasAuthority(job);
    const reads = told === undefined ? 'the files of merge requests' : `$${told}`;
    context.reportIn(source, {
      at: span,
      message: `${agent.name} in "${job.id.slice(0, 50)}" takes orders from ${reads}${free ? ', with a shell without limits' : ''}`,
      severity: free ? (trusted ? 'critical' : 'high') : trusted ? 'medium' : 'low',
      persona: free || trusted ? 'regular' : 'pedantic',
      confidence: 'medium',
      remedy:
        'Let it run for members by hand (`when: manual` in `rules:`), without `id_tokens`, secrets and environment, with named tools only; and let a second job without the agent check and post its answer.',
      key: `${agent.name} ${job.id}`,
    });
  }
}
