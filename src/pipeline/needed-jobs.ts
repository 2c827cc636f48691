import { memoize } from './memoize.ts';
import type { Job, Pipeline } from './model.ts';

const jobsByName = memoize(
  ({ jobs }: Pipeline): ReadonlyMap<string, Job> => new Map(jobs.map((job) => [job.id.toLowerCase(), job])),
);

/** A job by its name, as expressions and `needs` write it: without regard to case. */
export function findJob(pipeline: Pipeline, name: string): Job | undefined {
  return jobsByName(pipeline).get(name.toLowerCase());
}

/** Jobs that one job waits for; nobody writes more by hand. */
const NEEDS_MAX = 100;

/** The jobs that a job waits for, directly. */
export function neededBy({ pipeline, needs }: Job): Job[] {
  return needs.slice(0, NEEDS_MAX).flatMap(({ value }) => findJob(pipeline, value) ?? []);
}
