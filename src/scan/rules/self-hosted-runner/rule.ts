import { evaluateJob } from '#pipeline/guard.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import type { Job } from '#pipeline/model.ts';
import type { Rule, RuleContext } from '../../rule.ts';

/** Events that run what an outsider wrote, or at least start with what they wrote. */
function openTriggers(job: Job, context: RuleContext): Trigger[] {
  return job.pipeline.triggers.filter(
    (trigger) =>
      isOutsider(trigger.firedBy) &&
      (trigger.runs === 'merge' || trigger.event === 'pull_request_target') &&
      evaluateJob(job, context.outsider(trigger.event)) !== 'false',
  );
}

export const rule: Rule = {
  id: 'self-hosted-runner',
  title: 'Outsiders reach a self-hosted runner',
  severity: 'high',
  confidence: 'medium',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-4', 'CICD-SEC-7'], cwe: ['CWE-284', 'CWE-653'], cis: ['2.1.4', '2.2.6'] },
  description: 'Looks for jobs on self-hosted runners that start on pull requests from forks.',
  why: 'In a public repository anybody can open a pull request, and its code runs on a machine of yours: it can stay there, wait for the next job with secrets, and look around in your network.',
  remedy:
    'Run pull requests on hosted runners, or on runners that are made for one job and thrown away; keep the self-hosted ones for events that only members cause.',
  references: [
    'https://docs.github.com/en/actions/reference/security/secure-use#hardening-for-self-hosted-runners',
  ],
  incident: {
    name: 'PyTorch',
    date: '2023-08',
    what: 'A merged typo made its author a contributor, whose pull requests then ran without approval on self-hosted runners that had release credentials.',
  },
  aliases: ['zizmor/self-hosted-runner', 'poutine/pr_runs_on_self_hosted'],

  job(job, context) {
    const { runner } = job;
    if (runner?.hosting !== 'self-hosted') return;
    const [trigger] = openTriggers(job, context);
    if (trigger === undefined) return;
    context.report({
      at: runner.node,
      message: `${trigger.event} lets outsiders reach the self-hosted runner of the job ${job.id}`,
      related: [{ at: trigger.node, label: 'anybody can cause this event in a public repository' }],
    });
  },
};
