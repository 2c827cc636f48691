import { memoize } from '#pipeline/memoize.ts';
import type { Job, Pipeline, Step } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import { asMapping, asSequence, findValue, pairsOf } from '#pipeline/yaml/access.ts';
import type { ExpressionPlace } from '../../shared/expression-places.ts';
import { knownActionOf } from '../../shared/known-actions.ts';
import {
  ANYTHING,
  BOOLEAN,
  mapOf,
  NUMBER,
  objectOf,
  TEXT,
  typeOfNode,
  unite,
  type ValueType,
} from './value-type.ts';

const texts = (names: string): [string, ValueType][] => names.split(/\s+/).map((name) => [name, TEXT]);

/** Members of the contexts by GitHub's page “Contexts reference”, and what runners are known to add (state: 2026-11). */
const GITHUB = objectOf(
  [
    ...texts(`action action_path action_ref action_repository action_status actor actor_id api_url
      artifact_cache_size_limit base_ref env event_name event_path graphql_url head_ref job job_workflow_sha output path
      ref ref_name ref_type repository repository_id repository_owner repository_owner_id repository_visibility
      repositoryurl retention_days run_attempt run_id run_number secret_source server_url sha state step_summary token
      triggering_actor workflow workflow_ref workflow_sha workspace`),
    ['ref_protected', BOOLEAN],
    ['event', ANYTHING],
  ],
  true,
);
const RUNNER = objectOf(texts('name os arch temp tool_cache debug environment workspace'), true);
const CONTAINER = objectOf(texts('id network'));
const SERVICE = objectOf([...texts('id network'), ['ports', mapOf(TEXT)]]);
const JOB = objectOf(
  [
    ...texts('status check_run_id workflow_ref workflow_sha workflow_repository workflow_file_path'),
    ['container', CONTAINER],
    ['services', mapOf(SERVICE)],
  ],
  true,
);
const STRATEGY = objectOf([
  ['fail-fast', BOOLEAN],
  ['job-index', NUMBER],
  ['job-total', NUMBER],
  ['max-parallel', NUMBER],
]);

const BY_NAME: ReadonlyMap<string, ValueType> = new Map<string, ValueType>([
  ['runner', RUNNER],
  ['job', JOB],
  ['strategy', STRATEGY],
  ['env', mapOf(TEXT)],
  ['vars', mapOf(TEXT)],
]);

/** Outputs of a step: those of an action that is known; a script writes what it wants. */
function outputsOfStep(step: Step, repository: Repository): ValueType {
  if (step.work.kind !== 'action') return mapOf(TEXT);
  const local = repository.resolveStep(step);
  if (local?.kind === 'action') {
    const names = local.outputs.map(({ name }): [string, ValueType] => [name, TEXT]);
    if (local.runtime?.value.toLowerCase() === 'composite') return objectOf(names);
    // Code can set outputs that its metadata does not name; steps cannot.
    return { ...objectOf(names, true), hearsay: true };
  }
  const known = knownActionOf(step.work);
  // Scripts of github-script name their outputs themselves.
  const free = known === undefined || known.outputs.length === 0 || known.name === 'actions/github-script';
  if (free) return mapOf(TEXT);
  return objectOf(
    known.outputs.map((name) => [name, TEXT]),
    true,
  );
}

/** What a step or a job is besides its outputs, another rule knows. */
function withOutputs(outputs: ValueType): ValueType {
  return { ...objectOf([['outputs', outputs]]), rest: ANYTHING };
}

function stepsOf(job: Job | undefined, repository: Repository): ValueType {
  const members = new Map<string, ValueType>();
  for (const step of job?.steps ?? []) {
    if (step.id === undefined) continue;
    const outputs = outputsOfStep(step, repository);
    members.set(step.id.toLowerCase(), withOutputs(outputs));
  }
  return { kind: 'object', members, rest: ANYTHING, open: true };
}

const jobsById = memoize(
  ({ jobs }: Pipeline): ReadonlyMap<string, Job> => new Map(jobs.map((job) => [job.id.toLowerCase(), job])),
);

function needsOf(job: Job | undefined, pipeline: Pipeline, repository: Repository): ValueType {
  const members = new Map<string, ValueType>();
  for (const need of job?.needs ?? []) {
    const id = need.value.toLowerCase();
    const needed = jobsById(pipeline).get(id);
    const called = needed === undefined ? undefined : repository.resolveCall(needed);
    const outputs =
      called?.kind === 'workflow' ? objectOf(called.outputs.map(({ name }) => [name, TEXT])) : mapOf(TEXT);
    members.set(id, withOutputs(outputs));
  }
  return { kind: 'object', members, rest: ANYTHING, open: true };
}

/** Values of the matrix by name; anything when a part of it is computed. */
function matrixOf(job: Job | undefined): ValueType {
  const matrix = findValue(findValue(job?.node, 'strategy'), 'matrix');
  if (matrix === undefined || asMapping(matrix) === undefined) return ANYTHING;
  const members = new Map<string, ValueType>();
  const add = (name: string, type: ValueType): void => {
    const before = members.get(name.toLowerCase());
    members.set(name.toLowerCase(), before === undefined ? type : unite(before, type));
  };
  for (const [key, node] of pairsOf(matrix)) {
    if (key.value.includes('${{')) return ANYTHING;
    if (key.value === 'exclude') continue;
    if (key.value === 'include') {
      const items = asSequence(node)?.items;
      if (items === undefined || items.some((item) => asMapping(item) === undefined)) return ANYTHING;
      for (const item of items) for (const [name, value] of pairsOf(item)) add(name.value, typeOfNode(value));
      continue;
    }
    const row = typeOfNode(node);
    add(key.value, row.kind === 'list' ? row.item : ANYTHING);
  }
  return { kind: 'object', members, rest: ANYTHING, open: true };
}

function inputsOf(pipeline: Pipeline): ValueType {
  const members = pipeline.inputs.map(({ name, type }): [string, ValueType] => {
    if (pipeline.kind === 'action') return [name, TEXT];
    if (type === 'boolean') return [name, BOOLEAN];
    return [name, type === 'number' ? NUMBER : TEXT];
  });
  // A workflow that is called and started by hand has two inputs of one name, of two types perhaps.
  const names = members.map(([name]) => name.toLowerCase());
  const twice = members.filter(([name], index) => names.indexOf(name.toLowerCase()) !== index);
  const types = new Map(members);
  for (const [name] of twice) types.set(name, ANYTHING);
  return { ...objectOf(types), rest: ANYTHING };
}

function jobsOf(pipeline: Pipeline, repository: Repository): ValueType {
  const members = pipeline.jobs.map((job): [string, ValueType] => {
    const called = repository.resolveCall(job);
    const own = job.call === undefined ? job.outputs : undefined;
    const outputs = called?.kind === 'workflow' ? called.outputs : own;
    const type = outputs === undefined ? mapOf(TEXT) : objectOf(outputs.map(({ name }) => [name, TEXT]));
    return [job.id, withOutputs(type)];
  });
  return { ...objectOf(members), rest: ANYTHING };
}

/** Of the event, only the inputs of a run that somebody started stand in the file. */
function githubOf(pipeline: Pipeline): ValueType {
  const given = pipeline.inputs.filter(({ givenBy }) => givenBy === 'member');
  if (given.length === 0) return GITHUB;
  const inputs = objectOf(given.map(({ name }) => [name, TEXT]));
  const event: ValueType = { ...objectOf([['inputs', inputs]]), rest: ANYTHING };
  return { ...GITHUB, members: new Map([...GITHUB.members, ['event', event]]) };
}

/** Secrets that a called workflow declares; callers that hand on all of theirs, and environments, have others. */
function secretsOf(pipeline: Pipeline, job: Job | undefined, repository: Repository): ValueType {
  const [trigger, ...others] = pipeline.triggers;
  if (trigger?.event !== 'workflow_call' || others.length > 0) return mapOf(TEXT);
  const declared = pairsOf(findValue(findValue(findValue(pipeline.node, 'on'), 'workflow_call'), 'secrets'));
  const inherited = repository
    .callersOf(pipeline)
    .some(({ job: caller }) => caller.call?.inheritsSecrets !== undefined);
  if (declared.length === 0 || inherited || job?.environment !== undefined) return mapOf(TEXT);
  const own = texts('github_token actions_step_debug actions_runner_debug');
  const names = declared.map(([key]): [string, ValueType] => [key.value, TEXT]);
  return { ...objectOf([...own, ...names], true), hearsay: true };
}

/** What a context has at a place, by its name in lower case. What other rules look for is anything here. */
export function contextTypeOf(
  name: string,
  place: ExpressionPlace,
  pipeline: Pipeline,
  repository: Repository,
): ValueType {
  const job = place.job ?? (pipeline.kind === 'action' ? pipeline.jobs[0] : undefined);
  switch (name) {
    case 'steps':
      return stepsOf(job, repository);
    case 'needs':
      return needsOf(job, pipeline, repository);
    case 'matrix':
      return pipeline.kind === 'action' ? ANYTHING : matrixOf(job);
    case 'jobs':
      return jobsOf(pipeline, repository);
    case 'github':
      return githubOf(pipeline);
    case 'secrets':
      return secretsOf(pipeline, job, repository);
    case 'inputs':
      return inputsOf(pipeline);
    default:
      return BY_NAME.get(name) ?? ANYTHING;
  }
}
