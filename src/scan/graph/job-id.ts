import type { Job } from '#pipeline/model.ts';

/** How a graph knows a job; `prefix` stands in front of file names. */
export function jobId({ id, pipeline }: Job, prefix: string): string {
  return `job:${prefix}${pipeline.file}#${id}`;
}
