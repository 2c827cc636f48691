import { pathOf, walkExpression } from '#pipeline/expression.ts';
import { evaluateGuard, evaluateJob } from '#pipeline/guard.ts';
import type { Step } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import type { RuleContext } from '../../rule.ts';
import { findHead, findHeadExecutions, inputOf } from '../../shared/foreign-code.ts';
import { describeAuthority, powerfulScopesOf, secretsOf } from '../../shared/job-authority.ts';

const REF_LIKE = /^(?:github\.event\.)?inputs\.(?:.*[._-])?(?:ref|sha|branch|commit|head|revision)$/;

interface Handed {
  readonly span: Span;
  readonly input: string;
}

/** The input that says which code a called workflow checks out. */
function findHandedRef(step: Step): Handed | undefined {
  const { work } = step;
  if (work.kind !== 'action' || work.reference.repository !== 'actions/checkout') return undefined;
  const ref = work.inputs.find(({ name }) => name.toLowerCase() === 'ref')?.value;
  if (ref === undefined || inputOf(work, 'repository') !== undefined) return undefined;
  for (const { parsed } of ref.expressions.slice(0, 20)) {
    const paths = parsed.ok ? [...walkExpression(parsed.root)].map((node) => pathOf(node) ?? '') : [];
    const input = paths.find((path) => REF_LIKE.test(path));
    if (input !== undefined) return { span: ref.node, input: input.replace(/^.*inputs\./, '') };
  }
  return undefined;
}

function hasSomething({ job }: Step): boolean {
  return secretsOf(job).length + powerfulScopesOf(job).length > 0;
}

/** A reusable workflow whose callers are elsewhere: they decide whose code meets its rights. */
function reportHandedRef(step: Step, context: RuleContext): boolean {
  const { pipeline } = step.job;
  const called = pipeline.triggers.find(({ firedBy }) => firedBy === 'caller');
  if (called === undefined || context.repository.callersOf(pipeline).length > 0) return false;
  const handed = findHandedRef(step);
  if (handed === undefined || !hasSomething(step)) return false;
  const [execution] = findHeadExecutions(step, {
    reference: 'branch',
    certain: false,
    lookedUp: false,
    payload: 'any',
    span: handed.span,
    folder: undefined,
  });
  if (execution === undefined) return false;
  context.report({
    at: handed.span,
    message: `what the caller says in \`${handed.input}\` is checked out and run with ${describeAuthority(step.job) ?? ''}; a caller that outsiders start hands on their code`,
    severity: 'medium',
    confidence: 'low',
    persona: 'pedantic',
    related: [
      { at: called.node, label: 'called from elsewhere' },
      { at: execution.span, label: execution.what },
    ],
  });
  return true;
}

/** `pull_request` keeps secrets from forks, not from branches of the repository and the bots that push them. */
function reportOwnBranch(step: Step, context: RuleContext): void {
  const trigger = step.job.pipeline.triggers.find(({ event }) => event === 'pull_request');
  if (trigger === undefined || !hasSomething(step)) return;
  const head = findHead(step);
  if (head === undefined || head.payload !== 'pull_request') return;
  const open = { oneOf: ['pull_request'] };
  const assume = (path: string) => (path === 'github.event_name' ? open : undefined);
  if (evaluateJob(step.job, assume) === 'false' || evaluateGuard(step.guard, assume) === 'false') return;
  const [execution] = findHeadExecutions(step, head);
  context.report({
    at: head.span,
    message: `code of a pull request meets ${describeAuthority(step.job) ?? 'secrets'} when it comes from a branch of this repository; forks get none of it`,
    severity: 'low',
    confidence: 'medium',
    // A branch of a member is reviewed late; what a bot pushes, and runs, has been read by nobody.
    persona: execution === undefined ? 'auditor' : 'pedantic',
    related: [
      { at: trigger.node, label: 'forks have a token that reads, and no secrets' },
      ...(execution === undefined ? [] : [{ at: execution.span, label: execution.what }]),
    ],
  });
}

const MISSPELT = /^github\.event\.workflow_run\.head\.(?:sha|ref)$/;

/** A member that the payload does not have is empty, and an empty ref is the default branch: safe by a slip. */
function reportMisspeltHead(step: Step, context: RuleContext): boolean {
  const { work, job } = step;
  const trigger = job.pipeline.triggers.find(({ event }) => event === 'workflow_run');
  if (trigger === undefined || work.kind !== 'action' || work.reference.repository !== 'actions/checkout')
    return false;
  const ref = work.inputs.find(({ name }) => name.toLowerCase() === 'ref')?.value;
  const paths = (ref?.expressions ?? [])
    .slice(0, 20)
    .flatMap(({ parsed }) =>
      parsed.ok ? [...walkExpression(parsed.root)].map((node) => pathOf(node) ?? '') : [],
    );
  const path = paths.find((each) => MISSPELT.test(each));
  if (ref === undefined || path === undefined) return false;
  context.report({
    at: ref.node,
    message: `\`${path}\` is empty, so that the default branch comes in; whoever mends it to the head of that run lets code of a pull request in`,
    severity: 'low',
    confidence: 'high',
    persona: 'pedantic',
    remedy: 'Leave `ref` out: the code of the default branch is what this run should have.',
    related: [{ at: trigger.node, label: 'anybody can cause it' }],
  });
  return true;
}

/** What is no hole by itself, for people who look closer. */
export function reportCloserLook(step: Step, context: RuleContext): void {
  if (reportHandedRef(step, context) || reportMisspeltHead(step, context)) return;
  reportOwnBranch(step, context);
}
