import type { Repository } from '../../repository.ts';
import type { Step } from '../../model.ts';
import type { Hop, Taint } from '../../taint.ts';
import { type Expression, locateExpression } from '../../text.ts';
import { isOutsider, type Trigger } from '../../trigger.ts';
import { type CommandFile, type FileWrite, findFileWrites } from './command-files.ts';
import type { Scope } from './scope.ts';
import { type Assignment, valuesOf } from './script-values.ts';
import type { Effect } from './shell-filters.ts';
import type { Flow } from './shell-flow.ts';
import type { ShellSource } from './shell-sources.ts';
import { originTaint, triggersOf } from './trigger-reach.ts';
import { findUntrustedFile, hasHeadCommits } from './untrusted-files.ts';

/** What a script leads back to, outside of itself. */
export interface Follower {
  readonly repository: Repository;
  taintsOf(expression: Expression, scope: Scope): readonly Taint[];
  /** A variable of the environment, by its name in lower case. */
  ofVariable(name: string, scope: Scope): readonly Taint[];
}

const DEPTH_MAX = 5;
const TAINTS_MAX = 16;
/** Lines that give one variable its value; the last of them count. */
const ASSIGNMENTS_MAX = 20;
/** Variables can be woven so that ways multiply: what one question may follow. */
const STEPS_MAX = 200;

/** A way back through the variables of one script. */
interface Walk {
  readonly seen: ReadonlySet<string>;
  readonly steps: { left: number };
}

/** Nothing that went through a program is certain. */
function guessed(taint: Taint): Taint {
  return taint.certainty === 'certain' ? { ...taint, certainty: 'likely' } : taint;
}

function withEffect(taints: readonly Taint[], effect: Effect): Taint[] {
  return taints.map((taint) => (effect === 'passes' ? taint : { ...taint, lines: false }));
}

export function scopeOf(step: Step): Scope {
  return { pipeline: step.job.pipeline, job: step.job, step };
}

function through(taints: readonly Taint[], label: string, expression: Expression): Taint[] {
  const hop: Hop = { label, source: expression.text.source, span: locateExpression(expression) };
  return taints.map((taint) => ({ ...taint, hops: [...taint.hops, hop] }));
}

/** Triggers by which an outsider starts a run that has secrets. */
function privileged(triggers: readonly Trigger[]): Trigger[] {
  return triggers.filter(({ firedBy, authority }) => isOutsider(firedBy) && authority === 'full');
}

function ofSource(source: ShellSource, step: Step, { repository }: Follower): Taint[] {
  const triggers = triggersOf(repository, step.job.pipeline);
  if (source.from === 'checkout') {
    // What is checked out by itself is the base, unless the event brings the change along.
    const fitting = hasHeadCommits(step, repository)
      ? triggers
      : triggers.filter(({ runs }) => runs !== 'base');
    return fitting.length === 0 ? [] : [originTaint(source, fitting, 'likely')];
  }
  if (triggers.length === 0) return [];
  const taint = originTaint(source, triggers, 'likely');
  // Titles and comments are outsiders’, whoever starts the run that asks for them.
  return [source.from === 'platform' ? { ...taint, writtenBy: 'anyone' } : taint];
}

/** What a file that a script reads holds of outsiders. */
export function taintsOfFile(file: string, step: Step, { repository }: Follower): Taint[] {
  const triggers = privileged(triggersOf(repository, step.job.pipeline));
  const found = triggers.length === 0 ? undefined : findUntrustedFile(file, step, repository);
  if (found === undefined) return [];
  const taint = originTaint(
    { what: `the file ${file} (${found.what})`, shape: 'text', lines: true },
    triggers,
    'likely',
  );
  const { source } = step.job.pipeline;
  return [{ ...taint, hops: [{ label: `${found.what} comes in`, source, span: found.step.node }] }];
}

function ofAssignment(
  { flows, start, end }: Assignment,
  step: Step,
  follower: Follower,
  walk: Walk,
): Taint[] {
  const direct = expressionsIn(step, start, end).flatMap((expression) =>
    follower.taintsOf(expression, scopeOf(step)).map(guessed),
  );
  return [...direct, ...flows.flatMap((flow) => follow(flow, step, follower, walk))];
}

function ofShellVariable(name: string, step: Step, follower: Follower, { seen, steps }: Walk): Taint[] {
  const { assignments, checked } = valuesOf(step);
  steps.left -= 1;
  if (checked.has(name) || steps.left < 0) return [];
  const own = assignments.get(name);
  if (own === undefined || seen.has(name)) return [...follower.ofVariable(name.toLowerCase(), scopeOf(step))];
  if (seen.size >= DEPTH_MAX) return [];
  const inner = { seen: new Set(seen).add(name), steps };
  const found = own.slice(-ASSIGNMENTS_MAX).flatMap((each) => ofAssignment(each, step, follower, inner));
  return found.slice(0, TAINTS_MAX);
}

function follow(flow: Flow, step: Step, follower: Follower, walk: Walk): Taint[] {
  const { origin, effect } = flow;
  if (origin.kind === 'variable')
    return withEffect(ofShellVariable(origin.name, step, follower, walk), effect);
  if (origin.kind === 'file') return withEffect(taintsOfFile(origin.file, step, follower), effect);
  return withEffect(ofSource(origin.source, step, follower), effect);
}

/** What an attacker can put into something that a step’s script puts in. */
export function taintsOfFlow(flow: Flow, step: Step, follower: Follower): Taint[] {
  const walk = { seen: new Set<string>(), steps: { left: STEPS_MAX } };
  return follow(flow, step, follower, walk).slice(0, TAINTS_MAX);
}

export function expressionsIn({ work }: Step, start: number, end: number): readonly Expression[] {
  if (work.kind !== 'script') return [];
  return work.text.expressions.filter(({ outer }) => outer.start >= start && outer.start < end);
}

function ofWrite(write: FileWrite, step: Step, label: string, follower: Follower): Taint[] {
  const { line, flows, name } = write;
  const direct = expressionsIn(step, line.start, line.end).flatMap((expression) =>
    through(follower.taintsOf(expression, scopeOf(step)), label, expression),
  );
  const all = [...direct, ...flows.flatMap((flow) => taintsOfFlow(flow, step, follower))].map(guessed);
  // The value of a name ends with its line.
  return name === undefined ? all : withEffect(all, 'one-line');
}

/** What a step’s script puts into an output or an environment variable; a name in lower case. */
export function taintsOfWrites(step: Step, file: CommandFile, name: string, follower: Follower): Taint[] {
  const label =
    file === 'GITHUB_ENV' ? `written to the environment as ${name}` : `written to the output ${name}`;
  return findFileWrites(step, file)
    .filter((write) => (write.name ?? write.within)?.toLowerCase() === name)
    .flatMap((write) => ofWrite(write, step, label, follower));
}
