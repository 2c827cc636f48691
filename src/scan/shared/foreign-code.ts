import { findBuildCommand, whatActionRuns } from '#pipeline/github/build-commands.ts';
import { findHeadCheckout, findHeadFetch, type HeadUse } from '#pipeline/github/head-references.ts';
import type { ActionUse, Step } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';

/** How a step brings code of a pull request into the workspace. */
export function findHead(step: Step): HeadUse | undefined {
  const { work } = step;
  if (work.kind === 'script') return findHeadFetch(work, step);
  if (work.kind !== 'action' || work.reference.repository !== 'actions/checkout') return undefined;
  return findHeadCheckout(work, step);
}

export interface Execution {
  readonly span: Span;
  readonly what: string;
}

/** A line that shows or looks for files, and only has a word in it that is a program’s name. */
const SPEAKS = /^(?:find|echo|printf|ls|cat|grep|mkdir|rm)\s[^;&|]*$/;

/** What one step runs of the files that lie in the workspace. */
export function findExecution({ work }: Step): Execution | undefined {
  if (work.kind === 'script') {
    const command = findBuildCommand(work);
    const line = command === undefined ? '' : work.text.source.slice(command.span);
    return command === undefined || SPEAKS.test(line)
      ? undefined
      : { span: command.span, what: `runs ${command.what}` };
  }
  if (work.kind !== 'action') return undefined;
  if (work.reference.kind === 'local' && !work.text.value.startsWith('$/')) {
    return { span: work.text.node, what: 'runs an action from the workspace' };
  }
  const what = whatActionRuns(work.reference.repository);
  return what === undefined ? undefined : { span: work.text.node, what: `runs ${what}` };
}

/** The first step after this one, or this one, that runs something of the workspace. */
export function findLaterExecution(step: Step): Execution | undefined {
  for (const later of step.job.steps.slice(step.index)) {
    const found = findExecution(later);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function inputOf(use: ActionUse, name: string): string | undefined {
  return use.inputs.find((each) => each.name.toLowerCase() === name)?.value?.value.trim();
}
