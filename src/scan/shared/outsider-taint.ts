import { evaluateGuard, evaluateJob } from '#pipeline/guard.ts';
import type { Step } from '#pipeline/model.ts';
import type { Taint } from '#pipeline/taint.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import type { RuleContext } from '../rule.ts';

/** Whether conditions let an outsider's event come as far as this step. */
function isReached(event: string, step: Step, context: RuleContext): boolean {
  const assume = context.outsider(event);
  return evaluateJob(step.job, assume) !== 'false' && evaluateGuard(step.guard, assume) !== 'false';
}

/** Written by an outsider, and no condition stops them. */
export function isOpen(taint: Taint, step: Step, context: RuleContext): boolean {
  if (!isOutsider(taint.writtenBy)) return false;
  return taint.events.length === 0 || taint.events.some((event) => isReached(event, step, context));
}

/** Events by which an outsider starts this step in a run that has secrets. */
export function privilegedTriggers(step: Step, context: RuleContext): Trigger[] {
  return step.job.pipeline.triggers.filter(
    (trigger) =>
      isOutsider(trigger.firedBy) && trigger.authority === 'full' && isReached(trigger.event, step, context),
  );
}

/** Values that come with line breaks; titles, names and branches are one line on the platform. */
export function hasLines(taint: Taint): boolean {
  return /(?:\.(?:body|message)|\.body\.from)$|\bbody\b.*\bcomment|text of a pull request/.test(taint.origin);
}
