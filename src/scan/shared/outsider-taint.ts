import { evaluateGuard, evaluateJob } from '#pipeline/guard.ts';
import type { Step } from '#pipeline/model.ts';
import type { Taint } from '#pipeline/taint.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import type { RuleContext } from '../rule.ts';
import { openTriggers } from './job-authority.ts';

/** Whether conditions, filters and rights let an outsider's event come as far as this step. */
function isReached(event: string, step: Step, context: RuleContext): boolean {
  const { job } = step;
  const trigger = job.pipeline.triggers.find((each) => each.event === event);
  const isPrivileged = trigger !== undefined && isOutsider(trigger.firedBy) && trigger.authority === 'full';
  if (isPrivileged && !openTriggers(job, context).includes(trigger)) return false;
  const assume = context.outsider(event);
  return evaluateJob(job, assume) !== 'false' && evaluateGuard(step.guard, assume) !== 'false';
}

/** Written by an outsider, and no condition stops them. */
export function isOpen(taint: Taint, step: Step, context: RuleContext): boolean {
  if (!isOutsider(taint.writtenBy)) return false;
  return taint.events.length === 0 || taint.events.some((event) => isReached(event, step, context));
}
