import type { Call, Job, Pipeline, Step } from '../model.ts';
import type { SourceText } from '../source.ts';
import { asMapping, asScalar, asSequence, findEntry, findValue, pairsOf, scalarsOf } from '../yaml/access.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';
import { parseActionReference } from './action-reference.ts';
import {
  readEnvironment,
  readGuard,
  readImage,
  readMatrix,
  readOutputs,
  readPermissions,
  readRunner,
  readServices,
  readVariables,
  textOf,
} from './read-parts.ts';

/** `parallel:` nests steps; the platform allows one level, and nobody needs more than a few. */
const NESTING_MAX = 4;

function readWork(node: MappingNode, source: SourceText): Step['work'] {
  const run = textOf(findValue(node, 'run'), source);
  if (run !== undefined) {
    return {
      kind: 'script',
      text: run,
      shell: textOf(findValue(node, 'shell'), source),
      workingDirectory: textOf(findValue(node, 'working-directory'), source),
    };
  }
  const uses = findEntry(node, 'uses');
  const [text, key] = [textOf(uses?.value, source), asScalar(uses?.key)];
  if (text === undefined || key === undefined) return { kind: 'other' };
  const inputsNode = findValue(node, 'with');
  const inputs = readVariables(inputsNode, source);
  return { kind: 'action', text, key, reference: parseActionReference(text.value), inputs, inputsNode };
}

/** Appends the steps of a list, nested ones behind the step that holds them. */
export function readSteps(list: YamlNode | undefined, job: Job, steps: Step[], depth = 0): void {
  const { source } = job.pipeline;
  for (const item of asSequence(list)?.items ?? []) {
    const node = asMapping(item);
    if (node === undefined) continue;
    steps.push({
      job,
      index: steps.length,
      node,
      id: asScalar(findValue(node, 'id'))?.value,
      name: textOf(findValue(node, 'name'), source),
      guard: readGuard(findValue(node, 'if'), source),
      env: readVariables(findValue(node, 'env'), source),
      work: readWork(node, source),
    });
    const nested = findValue(node, 'parallel');
    if (nested !== undefined && depth < NESTING_MAX) readSteps(nested, job, steps, depth + 1);
  }
}

function readCall(node: MappingNode, source: SourceText): Call | undefined {
  const text = textOf(findValue(node, 'uses'), source);
  if (text === undefined) return undefined;
  const secrets = findValue(node, 'secrets');
  const inherits = asScalar(secrets)?.value === 'inherit';
  return {
    text,
    reference: parseActionReference(text.value),
    inputs: readVariables(findValue(node, 'with'), source),
    secrets: inherits ? [] : readVariables(secrets, source),
    inheritsSecrets: inherits ? secrets : undefined,
  };
}

function readJob(key: ScalarNode, node: MappingNode, pipeline: Pipeline): Job {
  const { source } = pipeline;
  const steps: Step[] = [];
  const job: Job = {
    pipeline,
    id: key.value,
    key,
    node,
    name: textOf(findValue(node, 'name'), source),
    needs: scalarsOf(findValue(node, 'needs')),
    guard: readGuard(findValue(node, 'if'), source),
    runner: readRunner(findValue(node, 'runs-on'), source),
    environment: readEnvironment(findValue(node, 'environment'), source),
    permissions: readPermissions(findValue(node, 'permissions')),
    env: readVariables(findValue(node, 'env'), source),
    container: readImage(findValue(node, 'container'), source),
    services: readServices(findValue(node, 'services'), source),
    matrix: readMatrix(findValue(node, 'strategy'), source),
    outputs: readOutputs(findValue(node, 'outputs'), source),
    steps,
    call: readCall(node, source),
  };
  readSteps(findValue(node, 'steps'), job, steps);
  return job;
}

export function readJobs(root: MappingNode, pipeline: Pipeline, jobs: Job[]): void {
  for (const [key, value] of pairsOf(findValue(root, 'jobs'))) {
    const node = asMapping(value);
    if (node !== undefined) jobs.push(readJob(key, node, pipeline));
  }
}

/** A composite action is one job without a runner of its own: the caller's. */
export function readCompositeJob(key: ScalarNode, runs: MappingNode, pipeline: Pipeline): Job {
  const steps: Step[] = [];
  const job: Job = {
    pipeline,
    id: 'runs',
    key,
    node: runs,
    name: undefined,
    needs: [],
    guard: undefined,
    runner: undefined,
    environment: undefined,
    permissions: undefined,
    env: readVariables(findValue(runs, 'env'), pipeline.source),
    container: undefined,
    services: [],
    matrix: [],
    outputs: [],
    steps,
    call: undefined,
  };
  readSteps(findValue(runs, 'steps'), job, steps);
  return job;
}
