import type { Job, Pipeline } from '../../model.ts';
import { linkDefinitions, readDefinitions } from '../../read-file.ts';
import { SourceText } from '../../source.ts';
import type { JobSurface } from '../../surface.ts';

/** Pipelines of one file, linked with one another. */
export function readDocuments(text: string, file = 'ci/a.yaml'): Pipeline[] {
  const files = linkDefinitions([readDefinitions(new SourceText(file, text))]);
  return files
    .flatMap(({ definitions }) => definitions)
    .flatMap((each) => (each.kind === 'pipeline' ? [each.pipeline] : []));
}

export function readJobs(text: string): Job[] {
  return readDocuments(text).flatMap(({ jobs }) => jobs);
}

export function surfaceOf(text: string, id?: string): JobSurface {
  const job = readJobs(text).find((each) => id === undefined || each.id === id);
  if (job?.surface === undefined) throw new Error('there is no such job');
  return job.surface;
}

export function briefly({ insertions }: JobSurface): string[] {
  return insertions.map(({ into, name, writtenBy, hops }) => `${into} ${name} ${writtenBy} ${hops.length}`);
}
