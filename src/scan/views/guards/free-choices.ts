import { type ExpressionNode, pathOf, walkExpression } from '#pipeline/expression.ts';
import type { Assumption, Knowledge } from '#pipeline/guard.ts';
import type { Guard, Job, Step } from '#pipeline/model.ts';
import { neededBy } from '#pipeline/needed-jobs.ts';
import type { Trigger } from '#pipeline/trigger.ts';

/*
 * Somebody who writes a comment writes what the condition asks for. So what is asked is not whether a text is known,
 * but whether there is one with which everything holds; and it is found by trying those that the conditions spell out.
 */

const TEXT = /^github\.event\.(?:comment|review|issue|pull_request|discussion|answer)\.(?:body|title)$/;
const BRANCH = /^github\.(?:head_ref|event\.pull_request\.head\.ref)$/;
/** A comment stands at an issue or at a pull request, as its author likes. */
const PULL_REQUEST = 'github.event.issue.pull_request';
const STATE = /^github\.event\.(?:issue|pull_request)\.state$/;
const ACTION = 'github.event.action';
/** Whoever writes the code of a run decides how it ends. */
const CONCLUSION = 'github.event.workflow_run.conclusion';
const FOLLOWED_EVENT = 'github.event.workflow_run.event';
/** What `types:` stands for when it is left out, where that is not every activity. */
const DEFAULT_ACTIVITIES: Readonly<Record<string, readonly string[]>> = {
  pull_request: ['opened', 'synchronize', 'reopened'],
  pull_request_target: ['opened', 'synchronize', 'reopened'],
};
const LITERALS_MAX = 8;
const CHOICES_MAX = 300;
const JOBS_MAX = 50;

/** The conditions that have to hold for a step or a job, those of the jobs before it among them; none for too many. */
function guardsBefore(job: Job, step: Step | undefined): readonly (Guard | undefined)[] {
  const jobs = new Set([job]);
  for (const each of jobs) {
    if (jobs.size > JOBS_MAX) return [];
    for (const needed of neededBy(each)) jobs.add(needed);
  }
  return [step?.guard, ...[...jobs].map(({ guard }) => guard)];
}

function nodesOf(guard: Guard | undefined): readonly ExpressionNode[] {
  const parsed = guard?.expression?.parsed;
  return parsed?.ok === true ? [...walkExpression(parsed.root)] : [];
}

/** A list in a text, as `fromJSON` takes it, has more than one text in it. */
function textsIn(literal: string): readonly string[] {
  if (!literal.startsWith('[')) return [literal];
  try {
    const parsed: unknown = JSON.parse(literal);
    return Array.isArray(parsed) ? parsed.filter((each) => typeof each === 'string') : [literal];
  } catch {
    return [literal];
  }
}

function literalsOf(nodes: readonly ExpressionNode[]): readonly string[] {
  const found = nodes.flatMap((node) =>
    node.kind === 'literal' && typeof node.value === 'string' && node.value !== ''
      ? textsIn(node.value.slice(0, 2_000))
      : [],
  );
  return [...new Set(found)].slice(0, LITERALS_MAX);
}

function isRefusal(node: ExpressionNode): boolean {
  return node.kind === 'not' || (node.kind === 'binary' && node.operator === '!=');
}

/** Texts that begin, end or go with each of the words that are asked for, and one with none of them. */
function candidateTexts(nodes: readonly ExpressionNode[]): readonly string[] {
  const refused = literalsOf(nodes.filter(isRefusal).flatMap((node) => [...walkExpression(node)]));
  const words = literalsOf(nodes);
  const wanted = words.filter((word) => !refused.includes(word));
  const whole = wanted.flatMap((word) => {
    const others = wanted.filter((each) => each !== word).join(' ');
    return [`${word} ${others}`, `${others} ${word}`];
  });
  return [...new Set(['something else', ...words, ...whole])];
}

type Choice = readonly [applies: (path: string) => boolean, values: readonly string[]];

/** Those that start the workflow and that somebody without rights can cause; members cause any that is named. */
function activitiesOf(
  { event, activities }: Trigger,
  known: Knowledge | undefined,
  named: readonly string[],
): readonly string[] {
  const possible = known !== undefined && 'oneOf' in known ? known.oneOf.map(String) : named;
  const started = activities ?? DEFAULT_ACTIVITIES[event] ?? possible;
  return started.filter((each) => possible.includes(each));
}

/** What is not known, and of what has several values the one that somebody picks. */
function isChosen(path: string, assume: Assumption): boolean {
  return path === ACTION || path === FOLLOWED_EVENT || assume(path) === undefined;
}

/** An event, and what a run was started by that it follows. */
export interface Occurrence {
  readonly trigger: Trigger;
  readonly followed: readonly string[];
}

function choicesIn(
  nodes: readonly ExpressionNode[],
  { trigger, followed }: Occurrence,
  assume: Assumption,
): Choice[] {
  const paths = [...new Set(nodes.flatMap((node) => pathOf(node) ?? []))];
  const open = paths.filter((path) => isChosen(path, assume));
  const words = literalsOf(nodes);
  const texts = candidateTexts(nodes);
  const choices: Choice[] = [
    [(path) => TEXT.test(path), texts],
    [(path) => BRANCH.test(path), texts.map((text) => text.replaceAll(/\s+/g, '-'))],
    [
      (path) =>
        trigger.event === 'issue_comment' && (path === PULL_REQUEST || path.startsWith(`${PULL_REQUEST}.`)),
      ['there', ''],
    ],
    [(path) => STATE.test(path), ['open', 'closed']],
    [(path) => path === ACTION, activitiesOf(trigger, assume(ACTION), words)],
    [(path) => path === CONCLUSION, trigger.event === 'workflow_run' ? ['success', 'failure'] : []],
    [(path) => path === FOLLOWED_EVENT, followed],
  ];
  return choices.filter(([applies, values]) => values.length > 0 && open.some(applies));
}

/** Everything that somebody who causes the event may choose to write or do, as assumptions; empty for nothing. */
export function freeChoices(
  { job, step }: { readonly job: Job; readonly step: Step | undefined },
  occurrence: Occurrence,
  assume: Assumption,
): readonly Assumption[] {
  const nodes = guardsBefore(job, step).flatMap(nodesOf);
  const choices = choicesIn(nodes, occurrence, assume);
  if (choices.length === 0) return [];
  let assumptions: readonly Assumption[] = [assume];
  for (const [applies, values] of choices) {
    assumptions = assumptions
      .flatMap((before): readonly Assumption[] =>
        values.map(
          (value) => (path) => (applies(path) && isChosen(path, assume) ? { oneOf: [value] } : before(path)),
        ),
      )
      .slice(0, CHOICES_MAX);
  }
  return assumptions;
}
