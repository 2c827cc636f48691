import { evaluateJob } from '#pipeline/guard.ts';
import type { Job } from '#pipeline/model.ts';
import type { Taint } from '#pipeline/taint.ts';
import { locateExpression, type Text } from '#pipeline/text.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import type { Rule, RuleContext } from '../../rule.ts';

/** What decides where a job runs, and with what. */
interface Target {
  readonly text: Text;
  readonly what: string;
  readonly consequence: string;
}

function targetsOf(job: Job): Target[] {
  const machine = 'the job goes to a machine of their choice';
  const image = 'their image gets the checkout and the secrets of the job';
  const targets: Target[] = (job.runner?.labels ?? []).map((text) => ({
    text,
    what: 'the label of the runner',
    consequence: machine,
  }));
  const add = (text: Text | undefined, what: string, consequence: string): void => {
    if (text !== undefined) targets.push({ text, what, consequence });
  };
  add(job.runner?.group, 'the group of the runner', machine);
  add(job.container?.text, 'the image of the job', image);
  for (const service of job.services) add(service.text, 'the image of a service', image);
  add(job.environment?.name, 'the environment', 'they take another environment’s secrets and rules');
  return targets;
}

/** A condition that stops outsiders at every event leaves members only. */
function isStopped(taint: Taint, job: Job, context: RuleContext): boolean {
  const { events } = taint;
  return events.length > 0 && events.every((event) => evaluateJob(job, context.outsider(event)) === 'false');
}

function checkTarget(target: Target, job: Job, context: RuleContext): void {
  for (const expression of target.text.expressions) {
    const taints = context.taintsOf(expression, { job });
    const open = taints.filter(
      (taint) => isOutsider(taint.writtenBy) && taint.authority === 'full' && !isStopped(taint, job, context),
    );
    const taint = open[0] ?? taints.find(({ writtenBy }) => !isOutsider(writtenBy));
    if (taint === undefined) continue;
    const foreign = open.length > 0;
    const writer = foreign ? 'an outsider' : taint.writtenBy === 'caller' ? 'a caller' : 'a member';
    context.report({
      at: locateExpression(expression),
      message:
        `${writer} chooses ${target.what} of ${job.id} by ${taint.origin}: ${target.consequence}`.slice(
          0,
          190,
        ),
      severity: foreign ? 'high' : 'low',
      confidence: taint.certainty === 'certain' ? 'high' : 'medium',
      persona: foreign ? 'regular' : 'auditor',
      path:
        taint.hops.length === 0
          ? []
          : [
              ...taint.hops,
              {
                label: `becomes ${target.what}`,
                source: target.text.source,
                span: locateExpression(expression),
              },
            ],
    });
    return;
  }
}

export const rule: Rule = {
  id: 'untrusted-target',
  title: 'Others choose where a job runs',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: {
    cicdSec: ['CICD-SEC-4', 'CICD-SEC-5'],
    cwe: ['CWE-610', 'CWE-829'],
    cis: ['2.1.4', '2.3.1'],
  },
  description:
    'Looks for runner labels, images and names of environments that come from what an outsider writes; for auditors also from inputs.',
  why: 'The machine and the image see everything that the job does, its secrets too, and the environment says which secrets it gets and who has to approve. Who chooses them needs no other weakness.',
  remedy:
    "Compare the value with those that you expect, and write the names out: `runs-on: ${{ inputs.large && 'ubuntu-24.04-16core' || 'ubuntu-24.04' }}`; give inputs the type `choice` or `environment`.",
  references: [
    'https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idruns-on',
    'https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments',
  ],
  aliases: ['trajan/secret-isolation-dispatch-env-input'],

  job(job, context) {
    if (job.pipeline.kind !== 'workflow') return;
    for (const target of targetsOf(job)) checkTarget(target, job, context);
  },
};
