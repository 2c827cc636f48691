import { type ExpressionNode, walkExpression } from '#pipeline/expression.ts';
import type { Rules } from '#pipeline/gitlab/model.ts';
import type { Rule } from '../../rule.ts';
import { distinctPlaces, gitlabJobs, nameJobs } from '../../shared/gitlab-configurations.ts';

/** The name begins with what somebody named a branch, a tag or a merge request; nothing stands in front of it. */
const BEGINS =
  /^\$(?:\{(CI_COMMIT_(?:REF_NAME|REF_SLUG|BRANCH|TAG)|CI_MERGE_REQUEST_SOURCE_BRANCH_NAME)\}|(CI_COMMIT_(?:REF_NAME|REF_SLUG|BRANCH|TAG)|CI_MERGE_REQUEST_SOURCE_BRANCH_NAME)(?!\w))/;

const BRANCH = /^CI_(?:COMMIT_(?:BRANCH|REF_NAME|REF_SLUG|REF_PROTECTED)|MERGE_REQUEST_SOURCE_BRANCH_NAME)$/;

/** `$CI_COMMIT_BRANCH == "main"`, a pattern for it, or protected branches only. */
function namesBranch(node: ExpressionNode): boolean {
  return [...walkExpression(node)].some(
    (each) =>
      each.kind === 'binary' &&
      (each.operator === '==' || each.operator === '=~') &&
      [each.left, each.right].some((side) => side.kind === 'context' && BRANCH.test(side.name)),
  );
}

/** Whether the file itself says which branches get there, so that nobody gives theirs a name for it. */
function namesItsBranches(rules: Rules): boolean {
  if (rules.kind === 'legacy') {
    const { only } = rules;
    return only.length > 0 && !only.includes('branches') && only.every((word) => /^[\w./-]+$/.test(word));
  }
  if (rules.kind === 'none') return false;
  return rules.clauses
    .filter(({ when }) => when !== 'never')
    .every((clause) => clause.if !== undefined && namesBranch(clause.if));
}

/** The file says which branches get there. */
const LIMITED = { severity: 'low', persona: 'pedantic' } as const;
const RELATED_MAX = 20;

export const rule: Rule = {
  id: 'gitlab-environment-from-branch',
  title: 'The name of a branch chooses the environment',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-1', 'CICD-SEC-5'], cwe: ['CWE-639', 'CWE-807'], cis: ['5.2.2'] },
  description:
    'Looks for `environment:` names that begin with the name of a branch or a tag, without fixed text in front of it.',
  why: 'Variables belong to environments by name. Whoever may push a branch calls it `production`, and the job gets what is stored for production; only a protected environment stands against it.',
  remedy:
    'Put something in front that no real environment begins with, `environment: { name: review/$CI_COMMIT_REF_SLUG }`, and name the real ones in jobs of their own, for protected branches only.',
  references: [
    'https://docs.gitlab.com/ci/environments/#limit-the-environment-scope-of-a-cicd-variable',
    'https://docs.gitlab.com/ci/environments/protected_environments/',
  ],
  aliases: [],

  repository(repository, context) {
    const found = gitlabJobs(repository).flatMap((job) => {
      const name = job.environment?.name;
      const match = BEGINS.exec(name?.value ?? '');
      if (name === undefined || match === null || job.hidden) return [];
      return [{ job, variable: match[1] ?? match[2] ?? '', source: name.source, span: name.node }];
    });
    const places = distinctPlaces(found, (each) => each);
    // One decision of whoever wrote the file, however many jobs follow it.
    const groups = Map.groupBy(places, ({ job, variable, source }) => {
      const limited = namesItsBranches(job.rules) || variable === 'CI_COMMIT_TAG';
      return `${limited ? 'limited' : 'open'} ${variable} ${source.file}`;
    });
    for (const [group, [first, ...others]] of groups) {
      if (first === undefined) continue;
      const { variable, source, span } = first;
      const jobs = nameJobs([first, ...others].map(({ job }) => job)).slice(0, 80);
      context.reportIn(source, {
        at: span,
        message: `a ${variable === 'CI_COMMIT_TAG' ? 'tag' : 'branch'} gives ${jobs} the variables of the environment that it is named after (${variable})`,
        ...(group.startsWith('limited') ? LIMITED : {}),
        related: others.slice(0, RELATED_MAX).map((each) => ({ at: each.span, label: 'and here' })),
        key: variable,
      });
    }
  },
};
