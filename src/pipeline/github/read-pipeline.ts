import type { Job, Pipeline } from '../model.ts';
import type { Problem } from '../problem.ts';
import type { SourceText } from '../source.ts';
import { asMapping, asScalar, findEntry, findValue } from '../yaml/access.ts';
import type { MappingNode } from '../yaml/node.ts';
import { readCompositeJob, readJobs } from './read-jobs.ts';
import { readOutputs, readPermissions, readVariables, textOf } from './read-parts.ts';
import { readInputs, readTriggers, readWorkflowInputs } from './read-triggers.ts';

const unexpected = (message: string, node: MappingNode): Problem => ({
  kind: 'unexpected-shape',
  message,
  span: { start: node.start, end: Math.min(node.end, node.start + 1) },
  partial: true,
});

/** Reads a workflow; what is missing in it is a problem, and everything else is still read. */
export function readWorkflow(source: SourceText, root: MappingNode): Pipeline {
  const jobs: Job[] = [];
  const problems: Problem[] = [];
  const on = findValue(root, 'on');
  const pipeline: Pipeline = {
    platform: 'github',
    kind: 'workflow',
    file: source.file,
    source,
    node: root,
    name: textOf(findValue(root, 'name'), source),
    triggers: readTriggers(root),
    inputs: readWorkflowInputs(root, source),
    outputs: readOutputs(findValue(findValue(on, 'workflow_call'), 'outputs'), source),
    permissions: readPermissions(findValue(root, 'permissions')),
    env: readVariables(findValue(root, 'env'), source),
    jobs,
    runtime: undefined,
    problems,
  };
  if (on === undefined) problems.push(unexpected('a workflow without `on:` never runs', root));
  if (asMapping(findValue(root, 'jobs')) === undefined) {
    problems.push(unexpected('a workflow without `jobs:` does nothing', root));
  }
  readJobs(root, pipeline, jobs);
  return pipeline;
}

/** Reads `action.yml`; the steps of a composite action are those of its only job. */
export function readAction(source: SourceText, root: MappingNode): Pipeline {
  const jobs: Job[] = [];
  const problems: Problem[] = [];
  const entry = findEntry(root, 'runs');
  const [key, runs] = [asScalar(entry?.key), asMapping(entry?.value)];
  const pipeline: Pipeline = {
    platform: 'github',
    kind: 'action',
    file: source.file,
    source,
    node: root,
    name: textOf(findValue(root, 'name'), source),
    triggers: [],
    inputs: readInputs(findValue(root, 'inputs'), source, 'caller'),
    outputs: readOutputs(findValue(root, 'outputs'), source),
    permissions: undefined,
    env: [],
    jobs,
    runtime: textOf(findValue(runs, 'using'), source),
    problems,
  };
  if (key === undefined || runs === undefined) {
    problems.push(unexpected('an action without `runs:` does nothing', root));
  } else if (pipeline.runtime?.value === 'composite') jobs.push(readCompositeJob(key, runs, pipeline));
  return pipeline;
}
