import type { Job, Pipeline } from '#pipeline/model.ts';
import type { Trigger } from '#pipeline/trigger.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { describeAuthority, openTriggers, powerfulScopesOf, secretsOf } from '../../shared/job-authority.ts';

/** The two that are taken for `pull_request` and `push`, and mean something else. */
const RISKY = new Set(['pull_request_target', 'workflow_run']);

function isOpenFor(job: Job, trigger: Trigger, context: RuleContext): boolean {
  return openTriggers(job, context).includes(trigger);
}

function reportTrigger(trigger: Trigger, pipeline: Pipeline, context: RuleContext): void {
  const open = pipeline.jobs.filter((job) => isOpenFor(job, trigger, context));
  const reached = open.find((job) => secretsOf(job).length + powerfulScopesOf(job).length > 0);
  const weak = open.find((job) => describeAuthority(job) !== undefined);
  const job = reached ?? weak;
  if (job === undefined) return;
  context.report({
    at: trigger.node,
    message: `outsiders start the job ${job.id} by ${trigger.event}, and it has ${describeAuthority(job) ?? ''}`,
    severity: reached === undefined ? 'low' : 'medium',
    // The trigger alone is no hole: what goes in through it is what other rules report to everybody.
    persona: reached === undefined ? 'auditor' : 'pedantic',
    related: [{ at: job.key, label: 'what an outsider starts' }],
  });
}

export const rule: Rule = {
  id: 'dangerous-trigger',
  title: 'Outsiders start a run that has full rights',
  severity: 'medium',
  confidence: 'medium',
  persona: 'pedantic',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-829', 'CWE-250'], cis: ['2.3.1'] },
  description:
    'Looks for pull_request_target and workflow_run in workflows with jobs that no condition closes to outsiders, and says what these jobs reach.',
  why: 'Both events are caused by anybody who opens a pull request, and run with the secrets and the token of the repository. Every later change to such a job is one line away from handing them over.',
  remedy:
    'Use `pull_request` where the job needs no secrets. Where it does, give it only the scopes it uses, and never code, artifacts or text of the pull request.',
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request_target',
    'https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/',
  ],
  incident: {
    name: 'prt-scan',
    date: '2026-03',
    what: 'Hundreds of automated pull requests tried build files on every repository with this trigger until some of them ran.',
  },
  aliases: [
    'zizmor/dangerous-triggers',
    'sisakulint/dangerous-triggers-critical',
    'sisakulint/dangerous-triggers-medium',
  ],

  pipeline(pipeline, context) {
    if (pipeline.kind !== 'workflow') return;
    for (const trigger of pipeline.triggers) {
      if (RISKY.has(trigger.event)) reportTrigger(trigger, pipeline, context);
    }
  },
};
