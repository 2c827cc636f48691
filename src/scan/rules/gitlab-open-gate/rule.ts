import type { GitlabJob } from '#pipeline/gitlab/model.ts';
import type { Rule } from '../../rule.ts';
import { distinctPlaces, gitlabJobs } from '../../shared/gitlab-configurations.ts';
import { jobsAfter } from '../../shared/gitlab-stages.ts';

/** Names of jobs that only stand there so that somebody says yes. */
const GATE =
  /(?:^|[-_:. ])(?:approv(?:e|al|ed)|gate|sign[-_ ]?off|confirm(?:ation)?|manual[-_ ]?check|go[-_ ]?no[-_ ]?go)(?:$|[-_:. ])/i;

/** `when: manual` of the job itself lets the pipeline go on; in `rules:` it stops it, unless that says otherwise. */
function isOpen(job: GitlabJob): boolean {
  if (job.failureAllowed === true) {
    return job.when === 'manual' || (job.rules.kind === 'rules' && hasManualRule(job));
  }
  return job.when === 'manual' && job.failureAllowed === undefined && job.rules.kind !== 'rules';
}

function hasManualRule({ rules }: GitlabJob): boolean {
  return rules.kind === 'rules' && rules.clauses.some(({ when }) => when === 'manual');
}

/** A later job with an environment that nobody has to start, and that does not name the gate in `needs`. */
function findPassing(gate: GitlabJob): GitlabJob | undefined {
  return jobsAfter(gate).find(
    (job) =>
      job.environment !== undefined &&
      job.environmentAction !== 'stop' &&
      job.when !== 'manual' &&
      !hasManualRule(job) &&
      !job.needed.some((need) => need.job === gate.id && !need.optional),
  );
}

export const rule: Rule = {
  id: 'gitlab-open-gate',
  title: 'A manual approval that nothing waits for',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-1'], cwe: ['CWE-862', 'CWE-693'], cis: ['5.2.2'] },
  description:
    'Looks for jobs that are named as an approval and have `when: manual` without `allow_failure: false`, in front of a deployment.',
  why: 'With `when: manual` on the job GitLab sets `allow_failure: true`: the pipeline goes on at once, and the deployment after it runs although nobody has said yes.',
  remedy:
    'Add `allow_failure: false` to the job; better, protect the environment and let it ask for approvals, so that not everybody who may start a job may say yes.',
  references: [
    'https://docs.gitlab.com/ci/jobs/job_control/#types-of-manual-jobs',
    'https://docs.gitlab.com/ci/environments/deployment_approvals/',
  ],
  aliases: [],

  repository(repository, context) {
    const gates = gitlabJobs(repository).filter((job) => !job.hidden && GATE.test(job.id) && isOpen(job));
    for (const job of distinctPlaces(gates, ({ place }) => place)) {
      const passing = findPassing(job);
      if (passing === undefined) continue;
      context.reportIn(job.place.source, {
        at: job.place.span,
        message: `"${passing.id.slice(0, 60)}" runs without waiting for "${job.id.slice(0, 60)}"`,
        related: [{ at: passing.place.span, source: passing.place.source, label: 'deploys at once' }],
        key: job.id,
      });
    }
  },
};
