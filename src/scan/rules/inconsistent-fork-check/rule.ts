import { evaluateJob } from '#pipeline/guard.ts';
import type { Job, Pipeline } from '#pipeline/model.ts';
import type { Trigger } from '#pipeline/trigger.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import {
  describeAuthority,
  outsiderIn,
  powerfulScopesOf,
  privilegedTriggers,
  secretsOf,
} from '../../shared/job-authority.ts';

/** A condition that asks where the code comes from. */
const ASKS_FOR_FORK = /\bhead\.repo\b|\bhead_repository\b|\bhead\.user\b/i;

function reportOpenJobs(trigger: Trigger, pipeline: Pipeline, context: RuleContext): void {
  const assume = outsiderIn(trigger.event, context);
  const closed = pipeline.jobs.find(
    (job) => ASKS_FOR_FORK.test(job.guard?.text.value ?? '') && evaluateJob(job, assume) === 'false',
  );
  if (closed?.guard === undefined) return;
  for (const job of pipeline.jobs) {
    if (evaluateJob(job, assume) === 'false' || !isWorthIt(job)) continue;
    context.report({
      at: job.key,
      message: `the job ${closed.id} is closed to forks under ${trigger.event}, and ${job.id} is not: it has ${describeAuthority(job) ?? 'secrets'}`,
      related: [{ at: closed.guard.text.node, label: 'the condition that this job lacks' }],
    });
  }
}

function isWorthIt(job: Job): boolean {
  return secretsOf(job).length > 0 || powerfulScopesOf(job).length > 0;
}

export const rule: Rule = {
  id: 'inconsistent-fork-check',
  title: 'Some jobs are closed to forks and others are not',
  severity: 'medium',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['github'],
  needs: ['pull_request_target', 'workflow_run'],
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-1'], cwe: ['CWE-863'], cis: ['2.3.1'] },
  description:
    'Looks for workflows on pull_request_target and workflow_run in which one job asks whether the change comes from a fork, and another one with secrets or a powerful token does not.',
  why: 'Somebody saw the danger and closed one door. A fork still comes in through the other one, with the same rights.',
  remedy:
    'Give each job that has rights the same condition, or put it on one job that all others `needs`: `if: github.event.pull_request.head.repo.full_name == github.repository`.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request_target',
  ],
  aliases: ['taudit/inconsistent_fork_check'],

  pipeline(pipeline, context) {
    if (pipeline.kind !== 'workflow') return;
    const [trigger] = privilegedTriggers(pipeline).filter(({ event }) =>
      ['pull_request_target', 'workflow_run'].includes(event),
    );
    if (trigger !== undefined) reportOpenJobs(trigger, pipeline, context);
  },
};
