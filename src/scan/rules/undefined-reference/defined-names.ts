import { memoize } from '#pipeline/memoize.ts';
import type { Job, Pipeline } from '#pipeline/model.ts';
import { asMapping, asSequence, findValue, pairsOf } from '#pipeline/yaml/access.ts';
import type { ExpressionPlace } from '../../shared/expression-places.ts';

/** The names that a context has at a place, in lower case as the platform compares them. */
export interface NameSet {
  readonly known: ReadonlySet<string>;
  /** The name is defined, but behind the place. */
  readonly later?: boolean;
  /** Why another name is empty. */
  readonly missing: string;
}

const toSet = (names: Iterable<string>): ReadonlySet<string> =>
  new Set(Array.from(names, (name) => name.toLowerCase()));

/** Ids of the steps of each job with the first step that has them; filled while one file is looked at. */
export type StepIds = Map<Job, ReadonlyMap<string, number>>;

/** More names than a suggestion looks at. */
const NAMES_MAX = 101;

function readIds(job: Job, cache: StepIds): ReadonlyMap<string, number> {
  const before = cache.get(job);
  if (before !== undefined) return before;
  const ids = new Map<string, number>();
  for (const { id, index } of job.steps) {
    const folded = id?.toLowerCase();
    if (folded !== undefined && !ids.has(folded)) ids.set(folded, index);
  }
  cache.set(job, ids);
  return ids;
}

/** Steps with an id that ran before this one; for outputs and addresses of the job, all of them. */
function stepNames({ step, job }: ExpressionPlace, name: string, cache: StepIds): NameSet | undefined {
  if (job === undefined) return undefined;
  const ids = readIds(job, cache);
  const end = step?.index ?? Number.POSITIVE_INFINITY;
  const index = ids.get(name);
  if (index !== undefined && index < end) return { known: new Set([name]), missing: '' };
  const known = new Set<string>();
  for (const [id, at] of ids) {
    // Ids are names; anything computed would make every answer wrong.
    if (id.includes('${{')) return undefined;
    if (at < end) known.add(id);
    if (known.size >= NAMES_MAX) break;
  }
  return { known, later: index !== undefined, missing: 'no step of this job has that id' };
}

function neededNames({ job }: ExpressionPlace): NameSet | undefined {
  if (job === undefined || job.needs.some(({ value }) => value.includes('${{'))) return undefined;
  return {
    known: toSet(job.needs.map(({ value }) => value)),
    missing: `the job ${job.id} does not need that job`,
  };
}

const inputNames = memoize((pipeline: Pipeline): NameSet => {
  const known = toSet(pipeline.inputs.map(({ name }) => name));
  const what = pipeline.kind === 'action' ? 'action' : 'workflow';
  return { known, missing: `this ${what} has no such input` };
});

/** Names of the matrix; undefined when a part of it is computed or an alias hides it. */
function matrixNames(job: Job | undefined): NameSet | undefined {
  if (job === undefined) return undefined;
  const strategy = findValue(job.node, 'strategy');
  const matrix = findValue(strategy, 'matrix');
  if (matrix === undefined) {
    return strategy === undefined || asMapping(strategy) !== undefined
      ? { known: new Set(), missing: `the job ${job.id} has no matrix` }
      : undefined;
  }
  if (asMapping(matrix) === undefined) return undefined;
  const names: string[] = [];
  for (const [key, value] of pairsOf(matrix)) {
    if (key.value.includes('${{')) return undefined;
    if (key.value !== 'include') {
      names.push(key.value);
      continue;
    }
    const items = asSequence(value)?.items;
    if (items === undefined) return undefined;
    for (const item of items) {
      if (asMapping(item) === undefined) return undefined;
      names.push(...pairsOf(item).map(([name]) => name.value));
    }
  }
  return { known: toSet(names), missing: `the matrix of the job ${job.id} has no such value` };
}

/** What `context` has at a place, when somebody asks for `name` (in lower case); undefined when that cannot be told from the file. */
export function namesOf(
  context: string,
  name: string,
  place: ExpressionPlace,
  pipeline: Pipeline,
  cache: StepIds,
): NameSet | undefined {
  const composite = pipeline.kind === 'action';
  if (context === 'inputs') return inputNames(pipeline);
  if (context === 'steps') {
    const job = place.job ?? (composite ? pipeline.jobs[0] : undefined);
    return stepNames({ ...place, job }, name, cache);
  }
  // The steps of a composite action stand in the matrix of whoever calls it.
  if (composite) return undefined;
  if (context === 'matrix') return matrixNames(place.job);
  if (context === 'needs') return neededNames(place);
  return { known: toSet(pipeline.jobs.map(({ id }) => id)), missing: 'this workflow has no such job' };
}
