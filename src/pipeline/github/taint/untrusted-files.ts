import { findBuildCommand, whatActionRuns } from '../build-commands.ts';
import { findHeadCheckout, findHeadFetch } from '../head-references.ts';
import { memoize } from '../../memoize.ts';
import type { ActionUse, Job, Step } from '../../model.ts';
import type { Repository } from '../../repository.ts';
import { findDownload, isInWorkspace, normalizeFolder } from './artifact-downloads.ts';

/** Files that an outsider wrote, in the workspace or near it. */
export interface UntrustedFiles {
  /** The step that brought them. */
  readonly step: Step;
  /** In words. */
  readonly what: string;
  readonly kind: 'code' | 'artifact';
  /** Where they lie, as `normalizeFolder` writes it; undefined when nobody says. */
  readonly folder: string | undefined;
}

const JOBS_MAX = 50;
const SCRIPT_CHARS_MAX = 100_000;

function inputOf(use: ActionUse, name: string): string | undefined {
  return use.inputs.find((each) => each.name.toLowerCase() === name)?.value?.value.trim();
}

/** Code of a pull request that a step brings. */
function findHeadCode(step: Step): UntrustedFiles | undefined {
  const { work } = step;
  const what = 'code of the pull request';
  if (work.kind === 'script') {
    const fetched = findHeadFetch(work, step) !== undefined;
    return fetched ? { step, what, kind: 'code', folder: '' } : undefined;
  }
  if (work.kind !== 'action' || work.reference.repository !== 'actions/checkout') return undefined;
  if (findHeadCheckout(work, step)?.certain !== true) return undefined;
  return { step, what, kind: 'code', folder: normalizeFolder(inputOf(work, 'path') ?? '.') };
}

function runsSomething({ work }: Step): boolean {
  if (work.kind === 'script') return findBuildCommand(work) !== undefined;
  return work.kind === 'action' && whatActionRuns(work) !== undefined;
}

function uploads({ work }: Step): boolean {
  return work.kind === 'action' && work.reference.repository === 'actions/upload-artifact';
}

/** A job that runs code of a pull request and leaves files behind, whatever their names are then. */
function findSpoiledJob(job: Job): Job | undefined {
  const seen = new Set<string>();
  const waiting = job.needs.map(({ value }) => value);
  while (waiting.length > 0 && seen.size < JOBS_MAX) {
    const id = waiting.pop() ?? '';
    const needed = seen.has(id) ? undefined : job.pipeline.jobs.find((each) => each.id === id);
    seen.add(id);
    if (needed === undefined) continue;
    const head = needed.steps.find((step) => findHeadCode(step) !== undefined);
    const spoiled = head !== undefined && needed.steps.slice(head.index).some(runsSomething);
    if (spoiled && needed.steps.some(uploads)) return needed;
    waiting.push(...needed.needs.map(({ value }) => value));
  }
  return undefined;
}

/** What a job of the same run left behind that had run code of the pull request. */
export function findSpoiledArtifact(step: Step): UntrustedFiles | undefined {
  const { work } = step;
  if (work.kind !== 'action' || work.reference.repository !== 'actions/download-artifact') return undefined;
  if (inputOf(work, 'run-id') !== undefined) return undefined;
  const job = findSpoiledJob(step.job);
  if (job === undefined) return undefined;
  const what = `an artifact of the job ${job.id}, which runs code of the pull request`;
  return { step, what, kind: 'artifact', folder: normalizeFolder(inputOf(work, 'path') ?? '.') };
}

function whatComesIn(step: Step, repository: Repository): UntrustedFiles | undefined {
  const download = findDownload(step, repository);
  if (download !== undefined) {
    return { step, what: 'an artifact of another run', kind: 'artifact', folder: download.folder };
  }
  return findHeadCode(step) ?? findSpoiledArtifact(step);
}

/** A checkout without `path` empties the workspace, and what was there is gone. */
export function wipesWorkspace({ work }: Step): boolean {
  if (work.kind !== 'action' || work.reference.repository !== 'actions/checkout') return false;
  return inputOf(work, 'path') === undefined && inputOf(work, 'clean') !== 'false';
}

const KNOWN = new WeakMap<Job, readonly UntrustedFiles[]>();

function allUntrusted(job: Job, repository: Repository): readonly UntrustedFiles[] {
  const known = KNOWN.get(job);
  if (known !== undefined) return known;
  const found = job.steps.flatMap((step) => whatComesIn(step, repository) ?? []);
  KNOWN.set(job, found);
  return found;
}

const THERE = new WeakMap<Step, readonly UntrustedFiles[]>();

/** Files of outsiders that lie there when a step begins or while it runs. */
export function findUntrustedFiles(step: Step, repository: Repository): readonly UntrustedFiles[] {
  const known = THERE.get(step);
  if (known !== undefined) return known;
  const all = allUntrusted(step.job, repository).filter((each) => each.step.index <= step.index);
  const there = all.filter(({ step: from, folder }) => {
    if (!isInWorkspace(folder)) return true;
    return !step.job.steps.slice(from.index + 1, step.index).some(wipesWorkspace);
  });
  THERE.set(step, there);
  return there;
}

const FETCHES_HEAD =
  /\b(?:git\s+(?:fetch|pull|remote\s+add)|gh\s+pr\s+checkout|hub\s+pr)\b[^\n]{0,300}(?:\bpull\/|pr\s+checkout|head)/i;

/** Steps of a job that fetch commits of a pull request, by their place. */
const headFetches = memoize((job: Job): readonly number[] =>
  job.steps.flatMap(({ work, index }) => {
    const text = work.kind === 'script' ? work.text.value.slice(0, SCRIPT_CHARS_MAX) : '';
    return FETCHES_HEAD.test(text) ? [index] : [];
  }),
);

/** Whether git has commits of a pull request at hand, in the working copy or only among its objects. */
export function hasHeadCommits(step: Step, repository: Repository): boolean {
  if (findUntrustedFiles(step, repository).some(({ kind }) => kind === 'code')) return true;
  return headFetches(step.job).some((index) => index <= step.index);
}

const WRITES = /(?:>|\btee\s|\s-o|--output)\s{0,5}["']?([\w./${}-]{1,200})/g;

/** Files that a step's script writes itself, as it names them. */
const filesWritten = memoize(({ work }: Step): ReadonlySet<string> => {
  const text = work.kind === 'script' ? work.text.value.slice(0, SCRIPT_CHARS_MAX) : '';
  return new Set([...text.matchAll(WRITES)].map(([, file = '']) => file));
});

/** Whether a script has made the file itself, after the outsider’s came. */
function isWritten(file: string, from: Step, to: Step): boolean {
  return from.job.steps.slice(from.index, to.index + 1).some((step) => filesWritten(step).has(file));
}

/** The outsider’s files that a file named in a step’s script is one of. */
export function findUntrustedFile(
  file: string,
  step: Step,
  repository: Repository,
): UntrustedFiles | undefined {
  const place = normalizeFolder(file);
  // A name that is computed says nothing about where it leads.
  if (place.startsWith('$')) return undefined;
  const elsewhere =
    step.work.kind === 'script' &&
    (step.work.workingDirectory !== undefined || /\b(?:cd|pushd)\s/.test(step.work.text.value));
  return findUntrustedFiles(step, repository).find(({ folder, step: from }) => {
    if (isWritten(file, from, step)) return false;
    const relative = isInWorkspace(place);
    if (folder === undefined || (folder === '' && relative)) return relative;
    return place === folder || place.startsWith(`${folder}/`) || (elsewhere && relative);
  });
}
