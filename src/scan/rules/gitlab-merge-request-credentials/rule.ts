import { type ExpressionNode, walkExpression } from '#pipeline/expression.ts';
import type { GitlabJob, Placed, Rules } from '#pipeline/gitlab/model.ts';
import { mayRunInMergeRequest } from '#pipeline/gitlab/read-pipeline.ts';
import { evaluateRules, mergeRequest } from '#pipeline/gitlab/situation.ts';
import type { Rule } from '../../rule.ts';
import { distinctPlaces, gitlabJobs } from '../../shared/gitlab-configurations.ts';

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
  const secrets = job.secrets.map(({ name, key }) => ({
    what: `the secret ${name}`,
    source: job.place.source,
    span: key,
    job,
  }));
  return [...tokens, ...secrets];
}

/** Whether rules let a job start that nobody starts by hand. */
function withoutManual(rules: Rules): Rules {
  if (rules.kind !== 'rules') return rules;
  const clauses = rules.clauses.map((clause) =>
    clause.when === 'manual' ? { ...clause, when: 'never' } : clause,
  );
  return { kind: 'rules', clauses };
}

function isAboutMergeRequests(node: ExpressionNode): boolean {
  return [...walkExpression(node)].some(
    (each) =>
      (each.kind === 'context' && each.name.startsWith('CI_MERGE_REQUEST_')) ||
      (each.kind === 'literal' && each.value === 'merge_request_event'),
  );
}

/** Rules that speak of merge requests; others let a job into them that nobody may have thought of there. */
function nameMergeRequests(rules: Rules): boolean {
  if (rules.kind === 'none') return false;
  if (rules.kind === 'legacy') return rules.only.includes('merge_requests');
  return rules.clauses.some(
    (clause) => clause.when !== 'never' && clause.if !== undefined && isAboutMergeRequests(clause.if),
  );
}

/** Whether it runs there by itself, and whether the file says so in words. */
function judge(job: GitlabJob): { readonly runs: boolean; readonly named: boolean } {
  const byHand = job.when === 'manual' || job.when === 'never';
  const truth = evaluateRules(withoutManual(job.rules), mergeRequest, 'true');
  const named = nameMergeRequests(job.rules) || nameMergeRequests(job.pipeline.rules);
  return { runs: !byHand && truth !== 'false', named: named && truth === 'true' };
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
    'Looks for jobs with `id_tokens` or `secrets` and no `environment` that run in merge request pipelines.',
  why: 'Such a pipeline runs the code and the configuration of the merge request before anybody reviewed it. One changed line sends the token, or what it was exchanged for, somewhere else.',
  remedy:
    'Move what needs the credential into a job with `rules: [{ if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH }]` and a protected `environment`, and let the other side accept only tokens with `ref_protected: "true"`.',
  references: [
    'https://docs.gitlab.com/ci/pipelines/merge_request_pipelines/',
    'https://docs.gitlab.com/ci/secrets/id_token_authentication/',
  ],
  aliases: [],

  repository(repository, context) {
    const jobs = gitlabJobs(repository).filter(
      (job) => job.environment === undefined && mayRunInMergeRequest(job),
    );
    const credentials = jobs.flatMap(credentialsOf);
    for (const { what, source, span, job } of distinctPlaces(credentials, (each) => each)) {
      const { runs, named } = judge(job);
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
