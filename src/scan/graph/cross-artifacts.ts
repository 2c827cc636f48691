import { type Download, findDownload, normalizeFolder } from '#pipeline/github/taint/artifact-downloads.ts';
import { majorVersionOf } from '#pipeline/github/action-version.ts';
import type { ActionUse, Job, Step } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Hop } from '#pipeline/taint.ts';
import { findConsequence } from '../shared/artifact-consequences.ts';

import { inputOf } from '../shared/foreign-code.ts';
import type { Crossing, Foothold } from './crossing.ts';
import { uploadOf } from './add-stores.ts';
import { reachOf } from './reach.ts';

/** GHSA-5xr6-xhww-33m4: before v6 the newest run of whatever repository of the network was taken. */
const FORKS_REFUSED_SINCE = 6;

/** Whether a search for the newest run may find one of a fork; undefined when the run is named. */
function searchesForks(use: ActionUse): boolean | undefined {
  const named = ['run_id', 'run_number', 'commit'].some((name) => inputOf(use, name) !== undefined);
  if (named || use.reference.repository !== 'dawidd6/action-download-artifact') return undefined;
  if (['push', 'schedule', 'workflow_dispatch', 'release'].includes(inputOf(use, 'event') ?? ''))
    return false;
  if (inputOf(use, 'allow_forks') !== undefined) return inputOf(use, 'allow_forks') === 'true';
  const major = majorVersionOf(use);
  return major !== undefined && major < FORKS_REFUSED_SINCE;
}

/** Whether the files come from a run of this foothold’s workflow. */
function comesFrom(step: Step, { root }: Foothold): boolean {
  const { triggers } = step.job.pipeline;
  const follows = triggers.some(
    ({ event, filters }) =>
      event === 'workflow_run' && filters['workflows']?.includes(root.name?.value ?? root.file) === true,
  );
  if (follows) return true;
  if (step.work.kind !== 'action' || searchesForks(step.work) !== true) return false;
  const workflow = inputOf(step.work, 'workflow') ?? step.job.pipeline.file;
  return workflow === root.name?.value || root.file.endsWith(`/${workflow.replace(/^.*\//, '')}`);
}

/** The step that makes the artifact today; a fork can add one. */
function uploadHop(name: string | undefined, { root }: Foothold): Hop | undefined {
  for (const { work } of root.jobs.flatMap(({ steps }) => steps)) {
    const upload = work.kind === 'action' ? uploadOf(work, root.file) : undefined;
    if (upload === undefined || work.kind !== 'action') continue;
    if (name === undefined || name.includes('${{') || upload.name === name)
      return { label: 'leaves files behind as an artifact', source: root.source, span: work.text.node };
  }
  return undefined;
}

function nameOf({ work }: Step): string | undefined {
  return work.kind === 'action' ? inputOf(work, 'name') : undefined;
}

function cross(download: Download, from: Foothold): Crossing | undefined {
  const { step, span } = download;
  const consequence = findConsequence(download);
  if (consequence === undefined) return undefined;
  const { source, file } = step.job.pipeline;
  const upload = uploadHop(nameOf(step), from);
  const hops: Hop[] = [
    ...(upload === undefined ? [] : [upload]),
    { label: `the job ${step.job.id} of ${file} takes them`, source, span },
    { label: consequence.what, source, span: consequence.span },
  ];
  return {
    kind: 'artifact',
    from,
    to: step.job,
    source,
    span,
    hops,
    complexity: from.complexity,
    certain: consequence.certain && from.certain,
    message: `the job ${step.job.id} runs files that ${from.root.file} left behind, and outsiders write those`,
  };
}

/** Files of a run that outsiders decide about, run in another workflow that has rights. */
export function crossArtifacts(footholds: readonly Foothold[], repository: Repository): Crossing[] {
  const steps = repository.pipelines
    .filter(({ platform, kind }) => platform === 'github' && kind === 'workflow')
    .flatMap(({ jobs }) => jobs.flatMap((job) => job.steps));
  return steps.flatMap((step) => {
    const from = footholds.find((each) => each.root !== step.job.pipeline && comesFrom(step, each));
    const download = from === undefined ? undefined : findDownload(step, repository);
    return from === undefined || download === undefined ? [] : (cross(download, from) ?? []);
  });
}

/** An artifact that crosses to another job of the same run. */
function downloadOf(step: Step, names: ReadonlySet<string>): Download | undefined {
  const { work } = step;
  if (work.kind !== 'action' || work.reference.repository !== 'actions/download-artifact') return undefined;
  if (inputOf(work, 'run-id') !== undefined) return undefined;
  const name = inputOf(work, 'name');
  if (name !== undefined && !name.includes('${{') && !names.has(name)) return undefined;
  return { span: work.text.node, step, folder: normalizeFolder(inputOf(work, 'path') ?? '.') };
}

/** Files of a job in which outsiders run code, run in another job of the same run that can do more. */
export function crossWithinRun(from: Foothold, later: readonly Job[]): Crossing[] {
  const { job } = from;
  if (job === undefined) return [];
  const uploads = job.steps.flatMap(({ work }) =>
    work.kind === 'action' ? (uploadOf(work, job.pipeline.file) ?? []) : [],
  );
  const names = new Set(uploads.map(({ name }) => name));
  if (names.size === 0) return [];
  return later.flatMap((to) =>
    reachOf(to).strength === 'nothing'
      ? []
      : to.steps.flatMap((step) => {
          const download = downloadOf(step, names);
          return download === undefined ? [] : (cross(download, from) ?? []);
        }),
  );
}
