import { hash } from 'node:crypto';
import type { Finding, Location } from '#findings/finding.ts';
import type { Pipeline } from '#pipeline/model.ts';
import type { ReadFile } from '#pipeline/read-file.ts';
import type { Repository } from '#pipeline/repository.ts';

/**
 * The files that a job of a definition is made of: itself, the workflows that it calls and the actions of its own
 * repository. On platforms whose files are joined into one pipeline, every file of that platform.
 */
export function findConcerned(repository: Repository, start: string | undefined): ReadonlySet<string> {
  if (start === undefined) return new Set(repository.files.map(({ source }) => source.file));
  const first = repository.pipelines.filter(({ file }) => file === start);
  const platform = first[0]?.platform;
  if (platform !== 'github') {
    const alike = repository.files.filter((file) => isOfPlatform(file, platform));
    return new Set([start, ...alike.map(({ source }) => source.file)]);
  }
  const found = new Set<Pipeline>(first);
  // A set is walked over what is added to it meanwhile.
  for (const pipeline of found) {
    for (const job of pipeline.jobs) {
      const called = [repository.resolveCall(job), ...job.steps.map((step) => repository.resolveStep(step))];
      for (const each of called) if (each !== undefined) found.add(each);
    }
  }
  return new Set([start, ...[...found].map(({ file }) => file)]);
}

function isOfPlatform({ definitions }: ReadFile, platform: Pipeline['platform'] | undefined): boolean {
  return definitions.some(
    (each) => (each.kind === 'pipeline' ? each.pipeline : each.configuration).platform === platform,
  );
}

/** A finding is about a job when any place that it names is: a poisoned cache lies in another workflow than its victim. */
export function isAbout(finding: Finding, concerned: ReadonlySet<string>): boolean {
  const places: readonly Location[] = [
    ...finding.locations,
    ...(finding.path ?? []).map(({ location }) => location),
  ];
  return places.some(({ file }) => concerned.has(file));
}

/** Names exactly these contents, to be approved by somebody who read them. */
export function digestOfFiles(files: readonly (readonly [name: string, text: string])[]): string {
  const ordered = files.toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `sha256:${hash('sha256', JSON.stringify(ordered))}`;
}
