import type { HeadUse } from '#pipeline/github/head-references.ts';
import { pathOf, walkExpression } from '#pipeline/expression.ts';
import { evaluateGuard, evaluateJob } from '#pipeline/guard.ts';
import type { Guard, Job, Step } from '#pipeline/model.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { findHead, findLaterExecution } from '../../shared/foreign-code.ts';
import { describeAuthority } from '../../shared/job-authority.ts';

/** What a person of the project says yes with. */
interface Approval {
  readonly trigger: Trigger;
  readonly what: string;
}

function mentions(guard: Guard | undefined, test: (path: string) => boolean): boolean {
  const parsed = guard?.expression?.parsed;
  if (parsed?.ok !== true) return false;
  return [...walkExpression(parsed.root)].some((node) => test(pathOf(node) ?? ''));
}

/** The job and those that it waits for. */
function guardsOf(job: Job): (Guard | undefined)[] {
  const needed = job.pipeline.jobs.filter(({ id }) => job.needs.some(({ value }) => value === id));
  return [job.guard, ...needed.map(({ guard }) => guard)];
}

function asksForLabel(step: Step): boolean {
  const guards = [step.guard, ...guardsOf(step.job)];
  return guards.some((guard) =>
    mentions(guard, (path) => /^github\.event\.(?:label|pull_request\.labels)\b/.test(path)),
  );
}

function approvalBy(trigger: Trigger, step: Step, context: RuleContext): Approval | undefined {
  if (!isOutsider(trigger.firedBy) || trigger.authority !== 'full') return undefined;
  const assume = context.outsider(trigger.event);
  const stopped = evaluateJob(step.job, assume) === 'false' || evaluateGuard(step.guard, assume) === 'false';
  if (trigger.event === 'issue_comment' && stopped) return { trigger, what: 'the comment of a member' };
  const onLabel = trigger.activities?.includes('labeled') === true;
  if (trigger.event === 'pull_request_target' && onLabel && asksForLabel(step)) {
    return { trigger, what: 'the label' };
  }
  return undefined;
}

/** A name that points somewhere else after the next push; the number of the run's own commit does not. */
function isMutable(head: HeadUse): boolean {
  return head.certain && head.reference !== 'commit';
}

function report(step: Step, head: HeadUse, approval: Approval, context: RuleContext): void {
  const { source } = step.job.pipeline;
  const execution = findLaterExecution(step);
  const authority = describeAuthority(step.job);
  const strong = execution !== undefined && authority !== undefined;
  context.report({
    at: head.span,
    message: `what is checked out is the newest commit when the job comes to it, not the one that ${approval.what} allowed`,
    severity: strong ? 'high' : 'medium',
    confidence: execution === undefined ? 'medium' : 'high',
    persona: execution === undefined ? 'pedantic' : 'regular',
    path: [
      {
        label: `${approval.trigger.event}: ${approval.what} starts the run`,
        source,
        span: approval.trigger.node,
      },
      { label: 'the newest commit of the pull request comes in', source, span: head.span },
      ...(execution === undefined ? [] : [{ label: execution.what, source, span: execution.span }]),
    ],
    key: source.slice(head.span),
  });
}

export const rule: Rule = {
  id: 'mutable-after-approval',
  title: 'A pull request can change after it was allowed to run',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-367'], cis: ['2.3.1'] },
  description:
    'Looks for runs that a member’s label or comment allows, and that then check out a branch or `refs/pull/N/…` instead of the commit that was looked at.',
  why: 'Whoever wrote the pull request waits for the label or the comment and pushes another commit in the seconds until the checkout. That commit nobody has seen, and it runs with the rights of the repository.',
  remedy:
    'Check out a commit that is fixed at the moment of consent: `ref: ${{ github.event.pull_request.head.sha }}` for a label; for a comment, have the member name it (`/test <sha>`) and compare it with the head, or use an environment with required reviewers.',
  references: ['https://securitylab.github.com/resources/github-actions-new-patterns-and-mitigations/'],
  aliases: [
    'codeql/actions/untrusted-checkout-toctou/critical',
    'codeql/actions/untrusted-checkout-toctou/high',
    'sisakulint/untrusted-checkout-toctou-critical',
    'gato-x/toctou',
  ],

  step(step, context) {
    if (step.job.pipeline.kind !== 'workflow') return;
    const head = findHead(step);
    if (head === undefined || !isMutable(head)) return;
    for (const trigger of step.job.pipeline.triggers) {
      const approval = approvalBy(trigger, step, context);
      if (approval !== undefined) return report(step, head, approval, context);
    }
  },
};
