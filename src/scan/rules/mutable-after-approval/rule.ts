import { openEvents } from '#pipeline/github/events.ts';
import type { HeadUse } from '#pipeline/github/head-references.ts';
import { evaluateGuard, evaluateJob } from '#pipeline/guard.ts';
import type { Step } from '#pipeline/model.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { findConsent, refusesLaterPushes } from '../../shared/consent.ts';
import { findHeadExecutions, findHeadWithin, STEPS_MAX } from '../../shared/foreign-code.ts';
import { describeAuthority } from '../../shared/job-authority.ts';

/** What a person of the project says yes with. */
interface Approval {
  readonly trigger: Trigger;
  readonly what: string;
  /** The file cannot show whether somebody is asked: an environment need not have reviewers. */
  readonly isGuess: boolean;
}

function approvalBy(trigger: Trigger, step: Step, context: RuleContext): Approval | undefined {
  if (!isOutsider(trigger.firedBy) || trigger.authority !== 'full') return undefined;
  const assume = context.outsider(trigger.event);
  const stopped = evaluateJob(step.job, assume) === 'false' || evaluateGuard(step.guard, assume) === 'false';
  const consent = findConsent(step, assume);
  const isComment = trigger.event === 'issue_comment';
  if (isComment && stopped && consent?.kind !== 'label')
    return { trigger, what: 'the comment of a member', isGuess: false };
  // A check of the author of a pull request lets in nobody else’s commits.
  if (consent === undefined || (consent.kind === 'check' && !isComment)) return undefined;
  if (!isComment && trigger.event !== 'pull_request_target') return undefined;
  // Where outsiders are stopped by something else, the label is not what lets them in.
  if (stopped && !isComment && trigger.activities?.includes('labeled') !== true) return undefined;
  return { trigger, what: consent.what, isGuess: consent.kind === 'environment' };
}

/** Something that points somewhere else after the next push: a name, or a commit that is asked for later. */
function isMutable({ reference, lookedUp }: HeadUse): boolean {
  return reference !== 'commit' || lookedUp;
}

function report(step: Step, head: HeadUse, approval: Approval, context: RuleContext): void {
  const { source } = step.job.pipeline;
  const [execution, ...others] = findHeadExecutions(step, head);
  const strong = execution !== undefined && describeAuthority(step.job) !== undefined;
  const isShown = execution !== undefined && head.certain && !approval.isGuess;
  context.report({
    at: head.span,
    message: `what is checked out is the newest commit when the job comes to it, not the one that ${approval.what} allowed`,
    severity: strong && isShown ? 'high' : 'medium',
    confidence: head.certain ? (execution === undefined ? 'medium' : 'high') : 'low',
    persona: isShown ? 'regular' : 'pedantic',
    path: [
      {
        label: `${approval.trigger.event}: ${approval.what} lets the run go on`,
        source,
        span: approval.trigger.node,
      },
      { label: 'the newest commit of the pull request comes in', source, span: head.span },
      ...(execution === undefined ? [] : [{ label: execution.what, source, span: execution.span }]),
    ],
    related: others.map(({ span, what }) => ({ at: span, label: `also ${what}` })),
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
  needs: openEvents,
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-367'], cis: ['2.3.1'] },
  description:
    'Looks for runs that a label, a comment of a member, a check of rights or an environment allows, and that then take a branch, `refs/pull/N/…` or a commit asked for at that moment, instead of the one that was looked at.',
  why: 'Whoever wrote the pull request waits for the label or the comment and pushes another commit in the seconds until the checkout. That commit nobody has seen, and it runs with the rights of the repository.',
  remedy:
    'Check out a commit that is fixed at the moment of consent: `ref: ${{ github.event.pull_request.head.sha }}` for a label; for a comment, have the member name it (`/test <sha>`) and compare it with the head, or use an environment with required reviewers.',
  references: ['https://securitylab.github.com/resources/github-actions-new-patterns-and-mitigations/'],
  aliases: [
    'codeql/actions/untrusted-checkout-toctou/critical',
    'codeql/actions/untrusted-checkout-toctou/high',
    'sisakulint/untrusted-checkout-toctou/critical',
    'gato-x/toctou',
  ],

  step(step, context) {
    const { pipeline } = step.job;
    const isOpen = pipeline.triggers.some(
      ({ firedBy, authority }) => isOutsider(firedBy) && authority === 'full',
    );
    if (pipeline.kind !== 'workflow' || !isOpen || step.index >= STEPS_MAX) return;
    const head = findHeadWithin(step, context.repository);
    if (head === undefined || !isMutable(head) || refusesLaterPushes(step)) return;
    for (const trigger of pipeline.triggers) {
      const approval = approvalBy(trigger, step, context);
      if (approval !== undefined) return report(step, head, approval, context);
    }
  },
};
