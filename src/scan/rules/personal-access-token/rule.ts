import type { Job, Step, Variable } from '#pipeline/model.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { openTriggers } from '../../shared/job-authority.ts';
import { type SecretUse, secretsIn } from '../../shared/secret-use.ts';

/** Names that people give to personal tokens and to those of their machine accounts. */
const PERSONAL =
  /(?:^|_)pat(?:_|$)|personal_?access_?token|(?:^|_)bot_(?:\w{1,20}_)?token$|^(?:gh|git)_(?:access_)?token$|^github_access_token$/i;
/** Tokens of other services that are handed over under the same name. */
const OTHERS = /slack|discord|telegram|teams|gitlab|docker|npm|jira/i;
/** Places that the job's own token is made for. */
const HOLDERS = /^(?:gh_token|github_token|github[-_]?token|gh[-_]token|repo[-_]?token|token)$/i;

function findPersonal(variables: readonly Variable[]): SecretUse[] {
  return variables.flatMap(({ name, value }) =>
    HOLDERS.test(name)
      ? secretsIn(value).filter((use) => PERSONAL.test(use.name) && !OTHERS.test(use.name))
      : [],
  );
}

function findInStep({ env, work }: Step): SecretUse[] {
  const inputs = work.kind === 'action' ? work.inputs : [];
  return [...findPersonal(env), ...findPersonal(inputs)];
}

function report(uses: readonly SecretUse[], job: Job, context: RuleContext): void {
  const [trigger] = uses.length === 0 ? [] : openTriggers(job, context);
  for (const { name, span } of uses) {
    const open = trigger !== undefined;
    context.report({
      at: span,
      message: open
        ? `${name} takes the place of the job’s token in a run that anybody causes with ${trigger.event}`
        : `${name} takes the place of the job’s token, and does not end with the job`,
      severity: open ? 'medium' : 'low',
      persona: open ? 'regular' : 'pedantic',
      related: open ? [{ at: trigger.node, label: 'anybody can cause it' }] : [],
    });
  }
}

export const rule: Rule = {
  id: 'personal-access-token',
  title: 'A personal token does what the job’s token is for',
  severity: 'low',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['github'],
  needs: ['secrets'],
  standards: { cicdSec: ['CICD-SEC-2', 'CICD-SEC-6'], cwe: ['CWE-250', 'CWE-262'], cis: ['2.3.5', '2.3.8'] },
  description:
    'Looks for personal access tokens, by the name of their secret, where the job’s own token or one of a GitHub App could be used. Worse in runs that outsiders cause.',
  why: 'A personal token can do what its owner can, in every repository that it was given, for months. The job’s token ends with the job and can do what `permissions:` says.',
  remedy:
    'Use `${{ github.token }}` with the scopes that are needed. Where the run must start others or reach another repository, take a token of an hour from a GitHub App with `actions/create-github-app-token`.',
  references: [
    'https://docs.github.com/en/actions/reference/security/secure-use#considering-cross-repository-access',
  ],
  incident: {
    name: 'SpotBugs, reviewdog, tj-actions',
    date: '2025-03',
    what: 'A personal token of a maintainer was taken from a workflow on pull_request_target; it could write to the next project, and from there tags of an action that thousands use were moved.',
  },
  aliases: [],

  job(job, context) {
    if (job.pipeline.kind !== 'workflow') return;
    report(findPersonal(job.env), job, context);
  },
  step(step, context) {
    if (step.job.pipeline.kind === 'workflow') report(findInStep(step), step.job, context);
  },
};
