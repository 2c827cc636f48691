import { openEvents } from '#pipeline/github/events.ts';
import type { Confidence, Persona, Severity } from '#findings/severity.ts';
import { majorVersionOf } from '#pipeline/github/action-version.ts';
import type { HeadUse } from '#pipeline/github/head-references.ts';
import { evaluateGuard } from '#pipeline/guard.ts';
import type { ActionUse, Step } from '#pipeline/model.ts';
import type { Trigger } from '#pipeline/trigger.ts';
import type { Rule, RuleContext } from '../../rule.ts';
import { findConsent, findJobConsent } from '../../shared/consent.ts';
import { type Execution, findHeadExecutions, inputOf, STEPS_MAX } from '../../shared/foreign-code.ts';
import { describeAuthority } from '../../shared/job-authority.ts';
import { type Entry, findEntry } from './entries.ts';
import { reportCloserLook } from './closer-look.ts';

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
  if (major === undefined || use.reference.repository !== 'actions/checkout') return false;
  if (major >= 7) return context.inForce('checkout-refuses-fork-code');
  // A commit that was pinned before the change does not have it, and which one it is cannot be seen here.
  return major >= 4 && use.reference.pin === 'tag' && context.inForce('checkout-refusal-in-older-majors');
}

interface Verdict {
  readonly severity: Severity;
  readonly persona: Persona;
}

/** Nothing to take but a token that reads; and the cache of the default branch, as long as such runs write it. */
function judgeWeakJob(executed: boolean, head: HeadUse, context: RuleContext): Verdict {
  if (!executed) return { severity: 'low', persona: head.folder === undefined ? 'pedantic' : 'auditor' };
  return {
    severity: context.inForce('read-only-cache-for-untrusted') ? 'medium' : 'high',
    persona: 'regular',
  };
}

function findEntryConsent(step: Step, { triggers, callers }: Entry, context: RuleContext) {
  const [trigger] = triggers;
  const assume = trigger === undefined ? undefined : context.outsider(trigger.event);
  const consents = [findConsent(step, assume), ...callers.map((job) => findJobConsent(job, assume))];
  return consents.find((each) => each !== undefined);
}

function judge(step: Step, entry: Entry, executed: boolean, context: RuleContext): Verdict {
  const { head } = entry;
  const consent = findEntryConsent(step, entry, context);
  // What changes after a label or a check is another rule's matter.
  if (consent?.kind === 'label' || consent?.kind === 'check')
    return { severity: 'medium', persona: 'pedantic' };
  // Most environments have no reviewers; with them, somebody has looked at what runs.
  if (consent?.kind === 'environment')
    return { severity: executed ? 'high' : 'medium', persona: executed ? 'regular' : 'pedantic' };
  if (describeAuthority(step.job) === undefined) return judgeWeakJob(executed, head, context);
  if (executed) return { severity: 'critical', persona: 'regular' };
  // Code that lies in a folder of its own, and that nothing goes into, is data.
  return head.folder === undefined
    ? { severity: 'high', persona: 'regular' }
    : { severity: 'medium', persona: 'pedantic' };
}

/** A condition that the platform cannot read stops the whole workflow; it runs again when somebody mends it. */
function cannotStart({ guard, job }: Step): boolean {
  return [guard, job.guard].some((each) => each?.expression?.parsed.ok === false);
}

function describe({ head, triggers }: Entry, step: Step, executions: readonly Execution[]): string {
  const events = [...new Set(triggers.map(({ event }) => event))].slice(0, 4).join(', ');
  const reach = describeAuthority(step.job) ?? 'a token that can read';
  const consequence = executions.length === 0 ? '' : ', and a later step runs it';
  const guess = head.certain ? '' : ', if the output holds what its name says,';
  return `code of a pull request comes${guess} into a run of ${events} that has ${reach}${consequence}`;
}

/** A branch of a fork is not found in the repository itself, unless one there has its name. */
function isSoughtHere({ work }: Step, { reference }: HeadUse): boolean {
  if (reference !== 'branch' || work.kind !== 'action') return false;
  return inputOf(work, 'repository') === undefined;
}

function confidenceOf(step: Step, head: HeadUse, executed: boolean): Confidence {
  if (!head.certain) return 'low';
  return executed && !isSoughtHere(step, head) ? 'high' : 'medium';
}

function reportEntry(step: Step, entry: Entry, context: RuleContext): void {
  const { head, triggers, hops } = entry;
  const { source } = step.job.pipeline;
  const executions = findHeadExecutions(step, head, (later) =>
    triggers.some(({ event }) => evaluateGuard(later.guard, context.outsider(event)) !== 'false'),
  );
  const [execution, ...others] = executions;
  const refused = step.work.kind === 'action' && isRefused(step.work, head, triggers, context);
  const verdict = judge(step, entry, execution !== undefined, context);
  const isQuiet = refused || cannotStart(step);
  context.report({
    at: head.span,
    message: refused
      ? `this version of checkout refuses code of a pull request under ${triggers.map(({ event }) => event).join(', ')}: the job fails, and an older one would be open`
      : describe(entry, step, executions),
    severity: refused ? 'low' : verdict.severity,
    confidence: confidenceOf(step, head, execution !== undefined),
    persona: isQuiet ? 'pedantic' : verdict.persona,
    path: [
      ...hops,
      { label: 'code of the pull request comes in', source, span: head.span },
      ...(execution === undefined ? [] : [{ label: execution.what, source, span: execution.span }]),
    ],
    related: others.map(({ span, what }) => ({ at: span, label: `also ${what}` })),
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
  needs: [...openEvents, 'pull_request', 'workflow_call'],
  standards: { cicdSec: ['CICD-SEC-4'], cwe: ['CWE-829', 'CWE-494'], cis: ['2.3.1', '2.3.3'] },
  description:
    'Looks for workflows on pull_request_target, workflow_run, issue_comment and other events of outsiders that bring in the code of a pull request: by checkout, by git or `gh`, in an action of the repository, or because a caller hands its head to a reusable workflow. Worse when a later step runs something from it.',
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
    'codeql/actions/untrusted-checkout/high',
    'codeql/actions/untrusted-checkout/medium',
    'scorecard/Dangerous-Workflow',
  ],

  step(step, context) {
    if (step.job.pipeline.kind !== 'workflow' || step.index >= STEPS_MAX) return;
    const entry = findEntry(step, context);
    if (entry === undefined) reportCloserLook(step, context);
    else reportEntry(step, entry, context);
  },
};
