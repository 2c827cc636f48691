import { evaluateGuard, evaluateJob } from '#pipeline/guard.ts';
import type { GivenInputs } from '#pipeline/github/head-names.ts';
import type { HeadUse } from '#pipeline/github/head-references.ts';
import type { Job, Step } from '#pipeline/model.ts';
import type { Hop } from '#pipeline/taint.ts';
import { isOutsider, type Trigger } from '#pipeline/trigger.ts';
import type { RuleContext } from '../../rule.ts';
import { findHeadWithin } from '../../shared/foreign-code.ts';
import { followsMembersOnly } from '../../shared/job-authority.ts';

/** How code of a pull request comes in at a step, and by which events. */
export interface Entry {
  readonly head: HeadUse;
  readonly triggers: readonly Trigger[];
  /** Jobs that call this workflow, on the way. */
  readonly callers: readonly Job[];
  /** From the event to the step: the trigger, and calls between. */
  readonly hops: readonly Hop[];
}

const CALLS_DEEP_MAX = 3;
const CALLERS_MAX = 20;

const PULL_REQUEST_EVENTS = /^(?:pull_request|workflow_run$|issue_comment$|check_|status$)/;

/** The payload that the name stands in is there, or it does not depend on one. */
function isThereIn({ payload }: HeadUse, { event }: Trigger): boolean {
  // What is asked for or guessed needs a pull request that it can be the head of.
  if (payload === 'any') return PULL_REQUEST_EVENTS.test(event);
  return payload === 'workflow_run' ? event === 'workflow_run' : event.startsWith('pull_request');
}

function givenBy(caller: Job, outer: GivenInputs | undefined): GivenInputs {
  return (name) => {
    const text = caller.call?.inputs.find((each) => each.name.toLowerCase() === name.toLowerCase())?.value;
    return text === undefined ? undefined : { text, place: { job: caller, given: outer } };
  };
}

function triggerHop({ event, node }: Trigger, { pipeline }: Job): Hop {
  return { label: `${event}: anybody can cause it`, source: pipeline.source, span: node };
}

/**
 * Triggers of outsiders that no condition closes. A label counts, too: whoever puts on any of them starts the code of
 * a pull request, and has not looked at it. What asks for one label in particular is told by its condition.
 */
function openTriggers(job: Job, context: RuleContext): Trigger[] {
  return job.pipeline.triggers.filter(
    (trigger) =>
      isOutsider(trigger.firedBy) &&
      trigger.authority === 'full' &&
      evaluateJob(job, context.outsider(trigger.event)) !== 'false' &&
      !(trigger.event === 'workflow_run' && followsMembersOnly(trigger, context.repository)),
  );
}

interface Way {
  /** Its events start the run. */
  readonly job: Job;
  readonly given: GivenInputs | undefined;
  readonly calls: readonly Hop[];
  readonly callers: readonly Job[];
}

/** The job itself, and those that call its workflow. */
function waysTo(job: Job, context: RuleContext, depth = 0): Way[] {
  const own: Way = { job, given: undefined, calls: [], callers: [] };
  const isCalled = job.pipeline.triggers.some(({ firedBy }) => firedBy === 'caller');
  if (!isCalled || depth >= CALLS_DEEP_MAX) return [own];
  const callers = context.repository.callersOf(job.pipeline).slice(0, CALLERS_MAX);
  const called = callers.flatMap(({ job: caller }) =>
    waysTo(caller, context, depth + 1).map((above): Way => {
      const call: Hop = {
        label: `the job ${caller.id} calls this workflow`,
        source: caller.pipeline.source,
        span: caller.call?.text.node ?? caller.key,
      };
      const given = givenBy(caller, above.given);
      return { job: above.job, given, calls: [...above.calls, call], callers: [...above.callers, caller] };
    }),
  );
  return [own, ...called].slice(0, CALLERS_MAX);
}

/** The first way by which an outsider's code comes in at the step with the rights of the project. */
export function findEntry(step: Step, context: RuleContext): Entry | undefined {
  for (const { job, given, calls, callers } of waysTo(step.job, context)) {
    const open = openTriggers(job, context);
    const head = open.length === 0 ? undefined : findHeadWithin(step, context.repository, given);
    if (head === undefined) continue;
    const triggers = open.filter(
      (trigger) =>
        isThereIn(head, trigger) && evaluateGuard(step.guard, context.outsider(trigger.event)) !== 'false',
    );
    const [first] = triggers;
    if (first !== undefined) return { head, triggers, callers, hops: [triggerHop(first, job), ...calls] };
  }
  return undefined;
}
