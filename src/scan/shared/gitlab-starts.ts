import type { GitlabJob, Rules } from '#pipeline/gitlab/model.ts';
import { mayRunInMergeRequest } from '#pipeline/gitlab/read-pipeline.ts';
import { defaultBranch, evaluateRules, featureBranch, type Situation } from '#pipeline/gitlab/situation.ts';
import type { Start } from '#pipeline/surface.ts';

/** A push of a tag. */
const tag: Situation = (variable) => {
  switch (variable) {
    case 'CI_COMMIT_BRANCH':
    case 'CI_MERGE_REQUEST_ID':
    case 'CI_MERGE_REQUEST_IID':
      return null;
    case 'CI_COMMIT_TAG':
    case 'CI_COMMIT_REF_NAME':
      return 'v1.0.0';
    default:
      return variable === 'CI_PIPELINE_SOURCE' ? 'push' : defaultBranch(variable);
  }
};

const schedule: Situation = (variable) =>
  variable === 'CI_PIPELINE_SOURCE' ? 'schedule' : defaultBranch(variable);

type Case = Pick<Start, 'what' | 'code' | 'production'> & { readonly situation: Situation };

const CASES: readonly Case[] = [
  { what: 'a push to the default branch', code: 'pushed', production: true, situation: defaultBranch },
  { what: 'a push to any branch', code: 'pushed', production: false, situation: featureBranch },
  { what: 'a tag', code: 'pushed', production: true, situation: tag },
  { what: 'the schedule', code: 'base', production: true, situation: schedule },
];

/** `when: manual` for the whole job, or in every clause that lets it run. */
function isManual({ when, rules }: GitlabJob): boolean {
  if (when === 'manual') return true;
  const running = rules.kind === 'rules' ? rules.clauses.filter((each) => each.when !== 'never') : [];
  return running.length > 0 && running.every((each) => each.when === 'manual');
}

function runsIn(job: GitlabJob, { situation, what }: Case): boolean {
  if (job.hidden || evaluateRules(job.pipeline.rules, situation, 'true') === 'false') return false;
  if (job.rules.kind === 'legacy') return runsByOnly(job.rules, what);
  return evaluateRules(job.rules, situation, 'true') !== 'false';
}

/** `only:` and `except:` name branches, or kinds of refs and sources. */
function runsByOnly(rules: Rules & { kind: 'legacy' }, what: string): boolean {
  const { only, except } = rules;
  const hits = (words: readonly string[]) =>
    words.some((word) => {
      if (/^(?:tags|schedules|branches)$/.test(word)) return WORD_OF[what]?.includes(word) === true;
      if (word.startsWith('/') || word.startsWith('$')) return what !== 'the schedule';
      const own = /^(?:main|master|production|prod|release.*)$/.test(word);
      return what === (own ? 'a push to the default branch' : 'a push to any branch');
    });
  if (hits(except) && !except.some((word) => word.startsWith('/'))) return false;
  return only.length === 0 ? what !== 'the schedule' || except.length === 0 : hits(only);
}

const WORD_OF: Readonly<Record<string, readonly string[]>> = {
  'a push to the default branch': ['branches'],
  'a push to any branch': ['branches'],
  'a tag': ['tags'],
  'the schedule': ['schedules'],
};

/**
 * Every way in which a job of GitLab starts. Forks run their pipelines in their own project, with nothing of this
 * one's, so that what is left are members.
 */
export function startsOfGitlab(job: GitlabJob): readonly Start[] {
  const suffix = isManual(job) ? ', by hand' : '';
  const shared = { actor: 'member', authority: 'full', setting: undefined } as const;
  const starts = CASES.filter((each) => runsIn(job, each)).map(({ what, code, production }): Start => {
    return { what: `${what}${suffix}`, code, production, ...shared };
  });
  if (!mayRunInMergeRequest(job)) return starts;
  return [...starts, { what: `a merge request${suffix}`, code: 'merge', production: false, ...shared }];
}
