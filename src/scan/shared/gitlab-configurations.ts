import type { GitlabJob, GitlabPipeline, Placed } from '#pipeline/gitlab/model.ts';
import { resolveConfigurations } from '#pipeline/gitlab/resolve-includes.ts';
import { memoize } from '#pipeline/memoize.ts';
import type { Variable } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Text } from '#pipeline/text.ts';

/** One line of a script, once, with the jobs that run it. */
export interface ScriptLine {
  readonly text: Text;
  readonly jobs: readonly GitlabJob[];
}

const keyOf = (text: Text): string => `${text.node.start} ${text.source.file}`;

/** Jobs of all configurations of a repository, with local includes and `extends` put in. */
export const gitlabJobs = memoize((repository: Repository): readonly GitlabJob[] =>
  gitlabPipelines(repository).flatMap(({ jobs }) => jobs),
);

export function gitlabPipelines(repository: Repository): readonly GitlabPipeline[] {
  return resolveConfigurations(repository);
}

/** Lines that several jobs share by `extends`, anchors or `default:` are given once. */
export const gitlabScriptLines = memoize((repository: Repository): readonly ScriptLine[] => {
  const lines = new Map<string, { text: Text; jobs: GitlabJob[] }>();
  for (const job of gitlabJobs(repository)) {
    for (const { work } of job.steps) {
      if (work.kind !== 'script') continue;
      const line = lines.get(keyOf(work.text));
      if (line === undefined) lines.set(keyOf(work.text), { text: work.text, jobs: [job] });
      else if (line.jobs.at(-1) !== job) line.jobs.push(job);
    }
  }
  return [...lines.values()];
});

interface GitlabVariable {
  readonly name: string;
  readonly value: Text;
  readonly job: GitlabJob | undefined;
}

/** Every variable of pipelines and jobs, once, with a value that is text. */
export const gitlabVariables = memoize((repository: Repository): readonly GitlabVariable[] => {
  const found = new Map<string, GitlabVariable>();
  const add = ({ name, value }: Variable, job: GitlabJob | undefined): void => {
    if (value === undefined) return;
    const key = keyOf(value);
    if (!found.has(key)) found.set(key, { name, value, job });
  };
  for (const pipeline of gitlabPipelines(repository)) {
    for (const variable of pipeline.env) add(variable, undefined);
    for (const job of pipeline.jobs) for (const variable of job.env) add(variable, job);
  }
  return [...found.values()];
});

/** Only the first of those that stand at the same place, which jobs share by `extends`. */
export function distinctPlaces<Item>(
  items: readonly Item[],
  placeOf: (item: Item) => Placed,
): readonly Item[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const { source, span } = placeOf(item);
    const key = `${span.start} ${source.file}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Whether somebody trusts this job with more than its job token, as far as the file says. */
export function hasAuthority(job: GitlabJob): boolean {
  return job.identityTokens.length > 0 || job.secrets.length > 0 || job.environment !== undefined;
}

/** `a`, or `a and 3 more`. */
export function nameJobs(jobs: readonly GitlabJob[]): string {
  const visible = jobs.filter(({ hidden }) => !hidden);
  const names = [...new Set((visible.length > 0 ? visible : jobs).map(({ id }) => id))];
  const [first = ''] = names;
  return names.length < 2 ? `"${first}"` : `"${first}" and ${names.length - 1} more`;
}
