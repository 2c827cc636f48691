import type { GitlabJob, Placed } from '#pipeline/gitlab/model.ts';
import type { Rule } from '../../rule.ts';
import { distinctPlaces, gitlabJobs } from '../../shared/gitlab-configurations.ts';
import { judgeMergeRequestRun } from '../../shared/gitlab-merge-requests.ts';

interface Credential extends Placed {
  readonly what: string;
  readonly job: GitlabJob;
}

function credentialsOf(job: GitlabJob): Credential[] {
  const tokens = job.identityTokens.map(({ name, source, span }) => ({
    what: `the identity token ${name}`,
    source,
    span,
    job,
  }));
  const secrets = job.secrets.map(({ name, source, span }) => ({
    what: `the secret ${name}`,
    source,
    span,
    job,
  }));
  return [...tokens, ...secrets];
}

/** Names of environments that hold what customers use. */
const PRODUCTION = /^(?:prod|prd|production|live)(?:$|[-_/])|(?:^|[-_/])(?:prod|prd|production|live)$/i;

/** Its variables come with the environment, whatever the job does there. */
function productionOf(job: GitlabJob): Credential[] {
  const { environment, deploymentTier } = job;
  if (environment === undefined) return [];
  const { name } = environment;
  const isReal = deploymentTier === 'production' || PRODUCTION.test(name.value);
  if (!isReal || name.value.includes('$')) return [];
  const what = `what is stored for the environment ${name.value.slice(0, 60)}`;
  return [{ what, source: name.source, span: name.node, job }];
}

export const rule: Rule = {
  id: 'gitlab-merge-request-credentials',
  title: 'A job of merge requests gets credentials',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-2'], cwe: ['CWE-269', 'CWE-522'], cis: ['2.3.3', '2.3.8'] },
  description:
    'Looks for jobs with `id_tokens` or `secrets` and no `environment`, and for jobs of a production environment, that run in merge request pipelines by themselves.',
  why: 'Such a pipeline runs the code and the configuration of the merge request before anybody reviewed it. One changed line sends the token, or what it was exchanged for, somewhere else.',
  remedy:
    'Move what needs the credential into a job with `rules: [{ if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH }]` and a protected `environment`, and let the other side accept only tokens with `ref_protected: "true"`.',
  references: [
    'https://docs.gitlab.com/ci/pipelines/merge_request_pipelines/',
    'https://docs.gitlab.com/ci/secrets/id_token_authentication/',
  ],
  aliases: [],

  repository(repository, context) {
    const credentials = gitlabJobs(repository).flatMap((job) =>
      job.environment === undefined ? credentialsOf(job) : productionOf(job),
    );
    for (const { what, source, span, job } of distinctPlaces(credentials, (each) => each)) {
      const { runs, named } = judgeMergeRequestRun(job);
      if (!runs) continue;
      context.reportIn(source, {
        at: span,
        message: `${what} is there for the unreviewed code of merge requests in "${job.id}"`.slice(0, 190),
        confidence: named ? 'medium' : 'low',
        persona: named ? 'regular' : 'pedantic',
        key: `${job.id} ${what}`,
      });
    }
  },
};
