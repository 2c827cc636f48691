import { cacheUseOf } from '#pipeline/github/caches.ts';
import type { HeadUse } from '#pipeline/github/head-references.ts';
import { evaluateGuard } from '#pipeline/guard.ts';
import type { Job, Step } from '#pipeline/model.ts';
import { writableScopes } from '#pipeline/permissions.ts';
import type { Span } from '#pipeline/source.ts';
import type { Trigger } from '#pipeline/trigger.ts';
import type { RuleContext } from '../../rule.ts';
import { findConsent } from '../../shared/consent.ts';
import { findHeadExecutions, findHeadWithin, inputOf, STEPS_MAX } from '../../shared/foreign-code.ts';
import { describeAuthority, openTriggers } from '../../shared/job-authority.ts';

interface Poisoning {
  readonly span: Span;
  readonly what: string;
}

const OUTSIDE = /^(?:~|\/|[A-Za-z]:\\|\$(?:\{?HOME\b|\{\{))/;

/** A folder of the workspace that is put into the cache: its files are those of the pull request. */
function findDirect(head: Step): Poisoning | undefined {
  for (const step of head.job.steps.slice(head.index, head.index + STEPS_MAX)) {
    const cache = cacheUseOf(step);
    if (cache?.use.reference.repository !== 'actions/cache' || cache.readsOnly) continue;
    const paths = (inputOf(cache.use, 'path') ?? '').split('\n', 50).map((path) => path.trim());
    if (paths.some((path) => path !== '' && !path.startsWith('!') && !OUTSIDE.test(path)))
      return { span: cache.use.text.node, what: 'puts files of the pull request into the cache' };
  }
  return undefined;
}

/** Where more than the cache is to be had, another rule says so, and says worse. */
function isWeak(job: Job): boolean {
  return describeAuthority(job) === undefined && writableScopes(job).length === 0;
}

function findPoisoning(step: Step, head: HeadUse): Poisoning | undefined {
  const direct = findDirect(step);
  if (direct !== undefined || !isWeak(step.job)) return direct;
  const [execution] = findHeadExecutions(step, head);
  // Whatever runs finds the credentials of the cache in the machine’s memory, and needs no step for it.
  return execution && { span: execution.span, what: `${execution.what}, which can write the cache` };
}

const DEFAULT_BRANCH = /^(?:main|master|trunk|develop|dev|default)$|[*?[]/;

/** Whose cache the run writes: the base's, and since a change of the platform always that of the default branch. */
function isOnDefaultBranch({ event, filters }: Trigger, context: RuleContext): boolean {
  const { branches } = filters;
  if (event !== 'pull_request_target' || branches === undefined) return true;
  return (
    context.inForce('target-event-from-default-branch') || branches.some((name) => DEFAULT_BRANCH.test(name))
  );
}

function findOpen(step: Step, triggers: readonly Trigger[], context: RuleContext): Trigger | undefined {
  return triggers.find(
    (trigger) =>
      trigger.runs === 'base' &&
      isOnDefaultBranch(trigger, context) &&
      evaluateGuard(step.guard, context.outsider(trigger.event)) !== 'false',
  );
}

/** Code of outsiders in a run whose cache is the one of the default branch. */
export function reportPoisoning(job: Job, context: RuleContext): void {
  const triggers = openTriggers(job, context);
  if (triggers.length === 0) return;
  for (const step of job.steps.slice(0, STEPS_MAX)) {
    const trigger = findOpen(step, triggers, context);
    const head = trigger === undefined ? undefined : findHeadWithin(step, context.repository);
    const poisoning = head === undefined ? undefined : findPoisoning(step, head);
    if (trigger === undefined || head === undefined || poisoning === undefined) continue;
    const hasConsent = findConsent(step, context.outsider(trigger.event)) !== undefined;
    const closed = context.inForce('read-only-cache-for-untrusted') || hasConsent;
    const { source } = job.pipeline;
    context.report({
      at: poisoning.span,
      message: `${trigger.event} lets code of a pull request write the cache that the default branch and its releases read`,
      severity: closed ? 'low' : 'high',
      confidence: head.certain ? 'medium' : 'low',
      persona: closed ? 'auditor' : 'regular',
      path: [
        { label: `${trigger.event}: anybody can cause it`, source, span: trigger.node },
        { label: 'code of the pull request comes in', source, span: head.span },
        { label: poisoning.what, source, span: poisoning.span },
      ],
      key: `poisoning ${job.id}`,
    });
    return;
  }
}
