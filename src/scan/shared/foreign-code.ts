import { findBuildCommands, whatActionRuns } from '#pipeline/github/build-commands.ts';
import { codeTextsOf } from '#pipeline/github/code-inputs.ts';
import type { GivenInputs } from '#pipeline/github/head-names.ts';
import { findHeadCheckout, findHeadFetch, type HeadUse } from '#pipeline/github/head-references.ts';
import type { ActionUse, Job, Script, Step } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Span } from '#pipeline/source.ts';

const ACTIONS_DEEP_MAX = 3;
/** A job of thousands of steps is an attack on the scanner: each would be looked at against all that follow. */
export const STEPS_MAX = 200;

function givenTo(use: ActionUse, step: Step, outer: GivenInputs | undefined): GivenInputs {
  return (name) => {
    const text = use.inputs.find((each) => each.name.toLowerCase() === name.toLowerCase())?.value;
    return text === undefined ? undefined : { text, place: { job: step.job, step, given: outer } };
  };
}

/** A composite action of the repository that brings the code in; it is reported where it is used. */
function findHeadInAction(
  step: Step,
  repository: Repository,
  given: GivenInputs | undefined,
  depth: number,
): HeadUse | undefined {
  const { work } = step;
  const action = repository.resolveStep(step);
  if (work.kind !== 'action' || action === undefined || depth >= ACTIONS_DEEP_MAX) return undefined;
  const inside = givenTo(work, step, given);
  for (const inner of action.jobs.flatMap(({ steps }) => steps).slice(0, STEPS_MAX)) {
    const found = findHeadWithin(inner, repository, inside, depth + 1);
    if (found !== undefined) return { ...found, span: work.text.node };
  }
  return undefined;
}

/**
 * How a step brings code of a pull request into the workspace, also by an action of the repository. `given` says what
 * inputs of a called workflow stand for.
 */
export function findHeadWithin(
  step: Step,
  repository: Repository,
  given?: GivenInputs,
  depth = 0,
): HeadUse | undefined {
  const { work } = step;
  if (work.kind === 'script') return findHeadFetch(work, step, given);
  if (work.kind !== 'action') return undefined;
  if (work.reference.repository === 'actions/checkout') return findHeadCheckout(work, step, given);
  return findHeadInAction(step, repository, given, depth);
}

/** How a step brings code of a pull request into the workspace by itself. */
export function findHead(step: Step): HeadUse | undefined {
  const { work } = step;
  if (work.kind === 'script') return findHeadFetch(work, step);
  if (work.kind !== 'action' || work.reference.repository !== 'actions/checkout') return undefined;
  return findHeadCheckout(work, step);
}

export interface Execution {
  readonly span: Span;
  readonly what: string;
  /** The command; undefined for actions. */
  readonly code?: string;
}

/** `require('./x')`: a script that an action runs, and that runs a file of the workspace. */
const LOADS_FILE =
  /\b(?:require|import)\s{0,9}\(\s{0,9}(?:['"`]\.{1,2}\/|[`'"]\$\{\{?\s{0,9}(?:github\.workspace|process\.env\.GITHUB_WORKSPACE)|process\.env\.GITHUB_WORKSPACE)/;

function isOwnAction(use: ActionUse): boolean {
  // `$/path` is taken from the commit of the workflow, whatever lies in the workspace.
  return use.reference.kind === 'local' && !use.text.value.startsWith('$/');
}

function executionsOfAction(use: ActionUse, step: Step): Execution[] {
  const { node } = use.text;
  if (isOwnAction(use)) return [{ span: node, what: 'runs an action from the workspace' }];
  const what = whatActionRuns(use);
  if (what !== undefined) return [{ span: node, what: `runs ${what}` }];
  return codeTextsOf(step).flatMap(({ text, language }): Execution[] => {
    if (language !== 'javascript') return commandsOf({ text });
    return LOADS_FILE.test(text.value) ? [{ span: text.node, what: 'loads a file of the workspace' }] : [];
  });
}

const COMMANDS_MAX = 20;

function commandsOf(script: Pick<Script, 'text'>): Execution[] {
  return findBuildCommands(script, COMMANDS_MAX).map(({ span, what, code }) => ({
    span,
    what: `runs ${what}`,
    code,
  }));
}

/** Each step is read once, however many come before it. */
const EXECUTIONS = new WeakMap<Step, readonly Execution[]>();

function executionsOf(step: Step): readonly Execution[] {
  const { work } = step;
  const known = EXECUTIONS.get(step);
  if (known !== undefined) return known;
  const found =
    work.kind === 'script' ? commandsOf(work) : work.kind === 'action' ? executionsOfAction(work, step) : [];
  EXECUTIONS.set(step, found);
  return found;
}

/** What one step runs of the files that lie in the workspace. */
export function findExecution(step: Step): Execution | undefined {
  return executionsOf(step)[0];
}

const TRUSTED_FOLDERS = new WeakMap<Job, readonly string[]>();

/** Folders that checkouts of the job fill with code of the project. */
function trustedFolders(job: Job): readonly string[] {
  const known = TRUSTED_FOLDERS.get(job);
  if (known !== undefined) return known;
  const found = job.steps.slice(0, STEPS_MAX).flatMap((step) => {
    const { work } = step;
    if (work.kind !== 'action' || work.reference.repository !== 'actions/checkout') return [];
    const folder = cleanFolder(inputOf(work, 'path') ?? '');
    return folder === '' || findHead(step) !== undefined ? [] : [folder];
  });
  TRUSTED_FOLDERS.set(job, found);
  return found;
}

function cleanFolder(path: string): string {
  return path.replace(/^(?:\.\/)+|\/+$/g, '');
}

function isIn(path: string, folder: string): boolean {
  const clean = cleanFolder(path);
  return clean === folder || clean.startsWith(`${folder}/`);
}

function namesFolder(text: string, folder: string): boolean {
  const at = text.indexOf(folder);
  return at !== -1 && !/[\w-]/.test(`${text[at - 1] ?? ' '}${text[at + folder.length] ?? ' '}`);
}

/** What a step runs of a folder: because it is there, goes there, or names it. */
function executionsIn(step: Step, folder: string): readonly Execution[] {
  const { work } = step;
  const all = executionsOf(step);
  if (work.kind === 'other' || all.length === 0) return [];
  if (work.kind === 'action') {
    const named = isOwnAction(work)
      ? isIn(work.text.value, folder)
      : work.inputs.some(({ value }) => namesFolder(value?.value ?? '', folder));
    return named ? all : [];
  }
  const workingDirectory = work.workingDirectory?.value;
  if (workingDirectory !== undefined && isIn(workingDirectory, folder)) return all;
  const entered = ['cd', 'pushd', 'Set-Location'].some((verb) =>
    namesFolder(work.text.value, `${verb} ${folder}`),
  );
  return entered ? all : all.filter(({ code = '' }) => namesFolder(code, folder));
}

/** What a later step may run of what the head brought. */
function concernedIn(step: Step, head: HeadUse, trusted: readonly string[]): readonly Execution[] {
  if (head.folder !== undefined) return executionsIn(step, head.folder);
  const { work } = step;
  const own = work.kind === 'action' && isOwnAction(work) ? work.text.value : undefined;
  const place = work.kind === 'script' ? work.workingDirectory?.value : own;
  const isElsewhere = place !== undefined && trusted.some((folder) => isIn(place, folder));
  return isElsewhere ? [] : executionsOf(step);
}

/** The first thing in each step after the head came in that runs something of it; a bounded number. */
export function findHeadExecutions(
  step: Step,
  head: HeadUse,
  mayRun: (later: Step) => boolean = () => true,
): Execution[] {
  const trusted = trustedFolders(step.job);
  const found: Execution[] = [];
  for (const later of step.job.steps.slice(step.index, step.index + STEPS_MAX)) {
    if (found.length >= COMMANDS_MAX) break;
    const isBefore = ({ span }: Execution) => later.index === step.index && span.start <= head.span.start;
    const first = concernedIn(later, head, trusted).find((each) => !isBefore(each));
    if (first !== undefined && mayRun(later)) found.push(first);
  }
  return found;
}

/** The first step after this one, or this one, that runs something of the workspace. */
export function findLaterExecution(step: Step): Execution | undefined {
  for (const later of step.job.steps.slice(step.index, step.index + STEPS_MAX)) {
    const found = findExecution(later);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function inputOf(use: ActionUse, name: string): string | undefined {
  return use.inputs.find((each) => each.name.toLowerCase() === name)?.value?.value.trim();
}
