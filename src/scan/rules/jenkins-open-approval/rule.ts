import { isJenkinsPipeline, type JenkinsJob } from '#pipeline/jenkins/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Rule } from '../../rule.ts';
import { nameJob } from '../../shared/surface-jobs.ts';
import { type Candidate, reportWorst } from '../../shared/surface-report.ts';

/** An approval is worth what it guards. */
const GUARDS = /\b(?:deploy|release|publish|promote|prod|approv|apply|confirm)/i;

function judge(
  job: JenkinsJob,
  guarded: readonly JenkinsJob[],
): Pick<Candidate['report'], 'severity' | 'persona'> {
  const guards = [job, ...guarded];
  const matters = guards.some(({ surface }) => (surface?.credentials.length ?? 0) > 0);
  const deploys = guards.some(({ id }) => GUARDS.test(id));
  return matters && deploys
    ? { severity: 'medium', persona: 'regular' }
    : { severity: 'low', persona: 'pedantic' };
}

function findApprovals(repository: Repository): Candidate[] {
  return repository.pipelines.filter(isJenkinsPipeline).flatMap(({ jobs }) =>
    jobs.flatMap((job, index) => {
      const behind = jobs.slice(index + 1);
      return job.openApprovals.map(
        (place): Candidate => ({
          ...place,
          report: {
            ...judge(job, behind),
            message: `whoever may start builds can approve ${nameJob(job)}: nothing says who has to`,
            key: job.id,
          },
        }),
      );
    }),
  );
}

export const rule: Rule = {
  id: 'jenkins-open-approval',
  title: 'An approval that anybody may give',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['jenkins'],
  standards: { cicdSec: ['CICD-SEC-1'], cwe: ['CWE-862'], cis: ['2.3.5', '4.2.2'] },
  description:
    'Looks for `input` without `submitter`. Everybody sees it in front of a deployment with credentials, pedants elsewhere.',
  why: 'Without `submitter`, everybody with the right to build the job answers the question, the one who made the change first of all: one stolen account of a developer is enough to get to production.',
  remedy: "Name the group that decides: `input message: 'Deploy?', submitter: 'release-managers'`.",
  references: ['https://www.jenkins.io/doc/pipeline/steps/pipeline-input-step/'],
  aliases: [],

  repository(repository, context) {
    reportWorst(findApprovals(repository), rule, context);
  },
};
