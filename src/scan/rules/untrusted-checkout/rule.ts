import type { Severity } from '#findings/severity.ts';
import { majorVersionOf } from '#pipeline/github/action-version.ts';
import { findBuildCommand, whatActionRuns } from '#pipeline/github/build-commands.ts';
import { findHeadCheckout, findHeadFetch, type HeadUse } from '#pipeline/github/head-references.ts';
import { evaluateGuard, evaluateJob } from '#pipeline/guard.ts';
import type { ActionUse, Step } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import type { Rule, RuleContext } from '../../rule.ts';

/** Triggers by which an outsider's code comes into a run that has secrets and a token that can write. */
function privilegedTriggers(step: Step, context: RuleContext): Trigger[] {
  return step.job.pipeline.triggers.filter((trigger) => {
    if (!isOutsider(trigger.firedBy) || trigger.authority !== 'full') return false;
    const assume = context.outsider(trigger.event);
    return evaluateJob(step.job, assume) !== 'false' && evaluateGuard(step.guard, assume) !== 'false';
  });
}

function findHead(step: Step): HeadUse | undefined {
  const { work } = step;
  if (work.kind === 'script') return findHeadFetch(work, step);
  if (work.kind !== 'action' || work.reference.repository !== 'actions/checkout') return undefined;
  return findHeadCheckout(work, step);
}

/** A job of thousands of steps is an attack on the scanner. */
const LATER_STEPS_MAX = 200;

interface Execution {
  readonly span: Span;
  readonly what: string;
}

/** The first later step that runs something from the checkout. */
function findExecution(step: Step): Execution | undefined {
  for (const { work } of step.job.steps.slice(step.index, step.index + LATER_STEPS_MAX)) {
    if (work.kind === 'script') {
      const command = findBuildCommand(work);
      if (command !== undefined) return { span: command.span, what: `runs ${command.what}` };
    } else if (
      work.kind === 'action' &&
      work.reference.kind === 'local' &&
      !work.text.value.startsWith('$/')
    ) {
      return { span: work.text.node, what: 'runs an action from the checkout' };
    } else if (work.kind === 'action') {
      const what = whatActionRuns(work.reference.repository);
      if (what !== undefined) return { span: work.text.node, what: `runs ${what}` };
    }
  }
  return undefined;
}

const REFUSING_EVENTS = new Set(['pull_request_target', 'workflow_run']);

/** Whether this version of checkout refuses the code by itself. Branch names of this repository it lets through. */
function isRefused(
  use: ActionUse,
  head: HeadUse,
  triggers: readonly Trigger[],
  context: RuleContext,
): boolean {
  if (!triggers.every(({ event }) => REFUSING_EVENTS.has(event)) || head.reference === 'branch') return false;
  const optOut = use.inputs.find(({ name }) => name.toLowerCase() === 'allow-unsafe-pr-checkout');
  if (optOut !== undefined && optOut.value?.value.toLowerCase() !== 'false') return false;
  const major = majorVersionOf(use);
  if (major === undefined) return false;
  if (major >= 7) return context.inForce('checkout-refuses-fork-code');
  // A commit that was pinned before the change does not have it, and which one it is cannot be seen here.
  return major >= 4 && use.reference.pin === 'tag' && context.inForce('checkout-refusal-in-older-majors');
}

/** Somebody has to say yes: a label, or an environment with reviewers. What changes after that is still run. */
function hasApproval({ job, guard }: Step): boolean {
  if (job.environment !== undefined) return true;
  return [job.guard, guard].some(
    (each) => each?.text.value.includes('.labels.') === true || each?.text.value.includes('.label.') === true,
  );
}

function severityOf(step: Step, execution: Execution | undefined): Severity {
  if (execution === undefined) return hasApproval(step) ? 'medium' : 'high';
  return hasApproval(step) ? 'high' : 'critical';
}

function report(step: Step, head: HeadUse, triggers: readonly Trigger[], context: RuleContext): void {
  const events = triggers.map(({ event }) => event).join(', ');
  const execution = findExecution(step);
  const refused = step.work.kind === 'action' && isRefused(step.work, head, triggers, context);
  const consequence = execution === undefined ? '' : ', and a later step runs it';
  const [trigger] = triggers;
  const { source } = step.job.pipeline;
  const hops = [
    ...(trigger === undefined
      ? []
      : [{ label: `${trigger.event}: anybody can cause it`, source, span: trigger.node }]),
    { label: 'code of the pull request comes in', source, span: head.span },
    ...(execution === undefined ? [] : [{ label: execution.what, source, span: execution.span }]),
  ];
  context.report({
    at: head.span,
    message: refused
      ? `this version of checkout refuses code of a pull request under ${events}: the job fails, and an older one would be open`
      : `code of a pull request comes into a run of ${events} that has secrets${consequence}`,
    severity: refused ? 'low' : severityOf(step, execution),
    confidence: head.certain ? (execution === undefined ? 'medium' : 'high') : 'low',
    persona: refused ? 'pedantic' : 'regular',
    path: hops,
    key: source.slice(head.span),
  });
}

export const rule: Rule = {
  id: 'untrusted-checkout',
  title: 'Code of outsiders meets secrets',
  severity: 'high',
  confidence: 'high',
  persona: 'regular',
  platforms: ['github'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-829', 'CWE-494'], cis: ['2.3.1', '2.3.3'] },
  description:
    'Looks for workflows on pull_request_target, workflow_run, issue_comment and other events of outsiders that check out the code of a pull request. Worse when a later step runs something from it.',
  why: 'Such a run has the secrets and the token of the repository. One build file, hook or script of the pull request is enough to take them along.',
  remedy:
    'Build pull requests under `pull_request`, without secrets, and do what needs secrets in a second workflow that reads results and never code.',
  references: ['https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/'],
  incident: {
    name: 'Spotipy (CVE-2025-47928)',
    date: '2025-05',
    what: 'pull_request_target checked out the pull request and installed it: anybody could take the API keys of the project.',
  },
  aliases: [
    'poutine/untrusted_checkout_exec',
    'codeql/actions/untrusted-checkout/critical',
    'scorecard/Dangerous-Workflow',
  ],

  step(step, context) {
    if (step.job.pipeline.kind !== 'workflow') return;
    const head = findHead(step);
    if (head === undefined) return;
    const triggers = privilegedTriggers(step, context);
    if (triggers.length > 0) report(step, head, triggers, context);
  },
};
