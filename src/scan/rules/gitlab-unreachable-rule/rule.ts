import type { GitlabJob, GitlabPipeline, Placed, RuleClause, Rules } from '#pipeline/gitlab/model.ts';
import { evaluateCondition, evaluateRules, featureBranch, mergeRequest } from '#pipeline/gitlab/situation.ts';
import type { Rule } from '../../rule.ts';
import { distinctPlaces, gitlabPipelines } from '../../shared/gitlab-configurations.ts';

interface Blemish extends Placed {
  readonly message: string;
  readonly remedy?: string;
}

const holdsAlways = (clause: RuleClause): boolean => clause.if === undefined && !clause.uncertain;

function findUnreachable(clauses: readonly RuleClause[], of: string): Blemish[] {
  const always = clauses.findIndex(holdsAlways);
  const next = always === -1 ? undefined : clauses[always + 1];
  if (next?.place === undefined) return [];
  return [{ ...next.place, message: `a rule of ${of} never counts: the one above it always holds` }];
}

/** Without a range of commits (new branches, schedules, tags) every file counts as changed. */
function findBlindExclusion(clauses: readonly RuleClause[], of: string): Blemish[] {
  const [first] = clauses;
  const excludes = first?.when === 'never' && first.asksForFiles === 'changes' && first.if === undefined;
  if (!excludes || first.place === undefined || clauses.length < 2) return [];
  return [
    {
      ...first.place,
      message: `\`changes\` with \`when: never\` keeps ${of} out of schedules, tags and new branches, whatever was changed`,
      remedy: 'Ask for the kind of pipeline in the same rule: `if: $CI_MERGE_REQUEST_IID` above `changes:`.',
    },
  ];
}

/** A push to a branch with a merge request starts both, when nothing of the workflow keeps one of them out. */
function findTwice({ rules, pipeline }: GitlabJob, of: string): Blemish[] {
  if (rules.kind !== 'rules' || pipeline.rules.kind !== 'none' || !pipeline.complete) return [];
  const both = [mergeRequest, featureBranch].every((each) => evaluateRules(rules, each, 'false') === 'true');
  const request = rules.clauses.find(
    (clause) =>
      clause.when !== 'never' &&
      clause.if !== undefined &&
      evaluateCondition(clause.if, mergeRequest) === 'true' &&
      evaluateCondition(clause.if, featureBranch) === 'false',
  );
  if (!both || request?.place === undefined) return [];
  return [
    {
      ...request.place,
      message: `${of} runs twice for a push to a merge request: for the request, and for the branch`,
      remedy:
        'Add `workflow: { rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }, { if: $CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS, when: never }, { if: $CI_COMMIT_BRANCH }] }`.',
    },
  ];
}

function clausesOf(rules: Rules): readonly RuleClause[] {
  return rules.kind === 'rules' ? rules.clauses : [];
}

function findBlemishes(pipeline: GitlabPipeline): Blemish[] {
  const jobs = pipeline.jobs.flatMap((job) => {
    const of = `"${job.id.slice(0, 60)}"`;
    const clauses = clausesOf(job.rules);
    return [
      ...findUnreachable(clauses, of),
      ...findBlindExclusion(clauses, of),
      ...(job.hidden ? [] : findTwice(job, of)),
    ];
  });
  return [...findUnreachable(clausesOf(pipeline.rules), '`workflow`'), ...jobs];
}

export const rule: Rule = {
  id: 'gitlab-unreachable-rule',
  title: 'Rules do something else than they say',
  severity: 'low',
  confidence: 'high',
  persona: 'pedantic',
  platforms: ['gitlab'],
  standards: { cicdSec: ['CICD-SEC-1'], cwe: ['CWE-561', 'CWE-670'], cis: [] },
  description:
    'Looks for rules below one that always holds, for `changes` with `when: never` and no `if`, and for jobs that run in the pipelines of a merge request and of its branch at once.',
  why: 'The first rule that holds decides. A rule that was written to keep a job out of some pipelines, or a check in, is then never asked; or it holds where no range of commits is known, and the check is skipped there.',
  remedy: 'Put the rule without a condition last.',
  references: [
    'https://docs.gitlab.com/ci/yaml/#rules',
    'https://docs.gitlab.com/ci/jobs/job_rules/#avoid-duplicate-pipelines',
  ],
  aliases: ['semgrep/changes-with-when-never', 'checkov/CKV_GITLABCI_2'],

  repository(repository, context) {
    const found = gitlabPipelines(repository).flatMap(findBlemishes);
    for (const { source, span, ...report } of distinctPlaces(found, (each) => each)) {
      context.reportIn(source, { at: span, ...report });
    }
  },
};
