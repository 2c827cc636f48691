import type { Job, Pipeline } from '#pipeline/model.ts';

const known = new WeakMap<Pipeline, ReadonlyMap<string, readonly Job[]>>();

/** Jobs of a pipeline by the job that they wait for; made once, since every foothold asks. */
function waitersOf(pipeline: Pipeline): ReadonlyMap<string, readonly Job[]> {
  const before = known.get(pipeline);
  if (before !== undefined) return before;
  const pairs = pipeline.jobs.flatMap((job) => job.needs.map(({ value }) => ({ value, job })));
  const waiters = new Map(
    [...Map.groupBy(pairs, ({ value }) => value)].map(([id, list]) => [id, list.map(({ job }) => job)]),
  );
  known.set(pipeline, waiters);
  return waiters;
}

/** Jobs of the run that wait for one, directly or through others. */
export function jobsBehind(job: Job): readonly Job[] {
  const waiters = waitersOf(job.pipeline);
  const behind = new Set(waiters.get(job.id));
  // A set hands out what is added while it is walked.
  for (const each of behind) for (const next of waiters.get(each.id) ?? []) behind.add(next);
  behind.delete(job);
  return [...behind];
}
