import type { InputDefinition } from '../model.ts';
import type { Problem } from '../problem.ts';
import type { Trigger } from '../trigger.ts';
import { Configuration, type Layer } from './configuration.ts';
import { textOf } from './inputs.ts';
import { memberOf, membersOf, type Merged, scalarOf, wordOf } from './merged.ts';
import type { GitlabJob, GitlabPipeline } from './model.ts';
import { readJobs } from './read-jobs.ts';
import { readRules, readVariables } from './read-parts.ts';
import { readIncludes } from './references.ts';
import { evaluateRules, mergeRequest } from './situation.ts';

const INPUT_TYPES: Readonly<Record<string, InputDefinition['type']>> = {
  boolean: 'boolean',
  number: 'number',
};

/** A value out of a list cannot carry code either. */
function typeOf(definition: Merged): InputDefinition['type'] {
  if (memberOf(definition, 'options') !== undefined) return 'choice';
  return INPUT_TYPES[wordOf(memberOf(definition, 'type')) ?? 'string'] ?? 'string';
}

function readInputs(configuration: Configuration): InputDefinition[] {
  const inputs = memberOf(configuration.member('spec')?.value, 'inputs');
  return membersOf(inputs).map(([name, { key, value }]) => ({
    name,
    node: key,
    type: typeOf(value),
    required: memberOf(value, 'default') === undefined,
    default: textOf(memberOf(value, 'default')),
    givenBy: 'caller',
  }));
}

function readTriggers(pipeline: GitlabPipeline): Trigger[] {
  if (pipeline.kind !== 'workflow') return [];
  const shared = { node: pipeline.node, activities: undefined, filters: {} };
  const push: Trigger = { ...shared, event: 'push', firedBy: 'member', runs: 'pushed', authority: 'full' };
  if (!pipeline.jobs.some(mayRunInMergeRequest)) return [push];
  const request: Trigger = {
    ...shared,
    event: 'merge_request_event',
    firedBy: 'contributor-with-approval',
    runs: 'head',
    authority: 'read-only-for-forks',
  };
  return [push, request];
}

/** A job without rules is in branch pipelines only; `workflow:rules` decide before the job's own. */
export function mayRunInMergeRequest(job: GitlabJob): boolean {
  if (job.hidden || evaluateRules(job.pipeline.rules, mergeRequest, 'true') === 'false') return false;
  // With `workflow:rules` for merge requests, jobs without rules of their own run in them, too.
  const orElse = evaluateRules(job.pipeline.rules, mergeRequest, 'false');
  return evaluateRules(job.rules, mergeRequest, orElse) !== 'false';
}

function readStages(configuration: Configuration): string[] | undefined {
  const stages = configuration.resolve(configuration.member('stages')?.value);
  return stages === undefined ? undefined : configuration.items(stages).flatMap((each) => wordOf(each) ?? []);
}

/** Reads the files of one configuration as one pipeline, which stands in the last of them. */
export function readGitlabPipeline(
  layers: readonly [Layer, ...Layer[]],
  kind: GitlabPipeline['kind'],
  complete = false,
): GitlabPipeline {
  const { source, root } = layers.at(-1) ?? layers[0];
  const configuration = new Configuration(layers);
  const [jobs, problems, triggers, unresolved]: [GitlabJob[], Problem[], Trigger[], string[]] = [
    [],
    [],
    [],
    [],
  ];
  const workflow = configuration.member('workflow')?.value;
  const pipeline: GitlabPipeline = {
    platform: 'gitlab',
    kind,
    file: source.file,
    source,
    node: root,
    name: textOf(scalarOf(memberOf(workflow, 'name')) === undefined ? undefined : memberOf(workflow, 'name')),
    triggers,
    inputs: readInputs(configuration),
    outputs: [],
    permissions: undefined,
    env: readVariables(configuration.member('variables')?.value),
    jobs,
    runtime: undefined,
    problems,
    includes: readIncludes(configuration.member('include')?.value, configuration),
    rules: readRules(workflow, configuration),
    unresolved,
    complete,
    stages: readStages(configuration),
    isHeader: configuration.names.every((name) => name === 'spec'),
  };
  readJobs(configuration, pipeline, jobs);
  triggers.push(...readTriggers(pipeline));
  problems.push(...configuration.problems);
  unresolved.push(...new Set(configuration.unresolved));
  return pipeline;
}
