import { memoize } from '#pipeline/memoize.ts';
import type { Job, Pipeline, Platform, Script, Step } from '#pipeline/model.ts';
import { platformReaders } from '#pipeline/readers.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { JobSurface, Place } from '#pipeline/surface.ts';

/** Rules of these look at the definition itself; the same finding twice helps nobody. */
const WITH_RULES_OF_THEIR_OWN: ReadonlySet<Platform> = new Set(['github', 'gitlab']);

/** The platforms whose readers say what a job exposes. */
export const surfacePlatforms: readonly Platform[] = platformReaders
  .map(({ platform }) => platform)
  .filter((platform) => !WITH_RULES_OF_THEIR_OWN.has(platform));

/** A job of which the reader said what it exposes. */
export interface SurfaceJob {
  readonly job: Job;
  readonly surface: JobSurface;
}

/** The pipelines that say what they expose. */
export const surfacePipelines = memoize((repository: Repository): readonly Pipeline[] =>
  repository.pipelines.filter(({ platform }) => !WITH_RULES_OF_THEIR_OWN.has(platform)),
);

export const surfaceJobs = memoize((repository: Repository): readonly SurfaceJob[] =>
  surfacePipelines(repository).flatMap(jobsOf),
);

export function jobsOf({ jobs }: Pipeline): readonly SurfaceJob[] {
  return jobs.flatMap((job) => (job.surface === undefined ? [] : [{ job, surface: job.surface }]));
}

/** A script, in one of the jobs that run it. */
export interface SurfaceScript extends SurfaceJob {
  readonly step: Step;
  readonly script: Script;
}

export function scriptsOf({ job, surface }: SurfaceJob): readonly SurfaceScript[] {
  return job.steps.flatMap((step) =>
    step.work.kind === 'script' ? [{ job, surface, step, script: step.work }] : [],
  );
}

/** Where a job begins, for a path or a related place. */
export function placeOfJob({ key, pipeline }: Job): Place {
  return { source: pipeline.source, span: key };
}

/** The id as a message can hold it. */
export function nameJob({ id }: Job): string {
  return `"${id.replaceAll(/\s+/g, ' ').slice(0, 50)}"`;
}

/** One script and every job that runs it. */
export interface SharedScript {
  readonly script: Script;
  readonly jobs: readonly SurfaceJob[];
}

/** Every script once, however many jobs take it from a template. */
export const sharedScripts = memoize((repository: Repository): readonly SharedScript[] => {
  const byPlace = Map.groupBy(
    surfaceJobs(repository).flatMap(scriptsOf),
    ({ script: { text } }) => `${text.source.file} ${text.node.start} ${text.value.length}`,
  );
  return [...byPlace.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ script: first.script, jobs: same }];
  });
});

/** `"a"`, or `"a" and 3 more`. */
export function nameJobs(jobs: readonly SurfaceJob[]): string {
  const names = [...new Set(jobs.map(({ job }) => nameJob(job)))];
  const [first = ''] = names;
  return names.length < 2 ? first : `${first} and ${names.length - 1} more`;
}
