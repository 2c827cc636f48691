import { entriesOf } from '../kubernetes/containers.ts';
import { callerStart, emptyContext } from '../kubernetes/flow.ts';
import { type Manifest, valueAt, wordAt, wordNode } from '../kubernetes/manifest.ts';
import type { InputDefinition, Job, Pipeline } from '../model.ts';
import { asMapping, findValue } from '../yaml/access.ts';
import type { MappingNode } from '../yaml/node.ts';
import { textOf } from './expressions.ts';
import type { Links } from './link.ts';
import { callsOf, isLeaf, templatesOf, triggeredBy, workflowSpecOf } from './manifests.ts';
import { readTemplateJob } from './read-job.ts';

function readInputs(manifest: Manifest, spec: MappingNode | undefined): InputDefinition[] {
  const { source, kind } = manifest;
  return entriesOf(valueAt(spec, 'arguments', 'parameters')).flatMap((param) => {
    const node = wordNode(param, 'name');
    if (node === undefined) return [];
    const value = textOf(findValue(param, 'value'), source);
    const type = findValue(param, 'enum') === undefined ? 'string' : 'choice';
    const givenBy = kind === 'Workflow' ? 'member' : 'caller';
    return [{ name: node.value, node, type, required: value === undefined, default: value, givenBy }];
  });
}

/** Templates that do work: those with a name, and those that stand in a call. */
function leavesOf(spec: MappingNode): { id: string; node: MappingNode }[] {
  const templates = templatesOf(spec);
  const inline = templates.flatMap(callsOf).flatMap((call) => {
    const node = asMapping(findValue(call, 'inline'));
    return node === undefined ? [] : [{ id: wordAt(call, 'name') ?? 'inline', node }];
  });
  const named = templates.map((node) => ({ id: wordAt(node, 'name') ?? 'template', node }));
  return [...named, ...inline].filter(({ node }) => isLeaf(node) && findValue(node, 'suspend') === undefined);
}

function readJobs(pipeline: Pipeline, manifest: Manifest, spec: MappingNode, links: Links): Job[] {
  const { source, nameNode, kindNode } = manifest;
  return leavesOf(spec).map(({ id, node }) =>
    readTemplateJob({
      pipeline,
      id,
      key: wordNode(node, 'name') ?? nameNode ?? kindNode,
      node,
      spec,
      source,
      context: links.contexts.get(node) ?? { ...emptyContext, starts: [callerStart] },
      deploysTo: links.deployments.get(node),
    }),
  );
}

/** True when a template or a workflow that it names lies elsewhere. */
function refersOutside(spec: MappingNode): boolean {
  const calls = templatesOf(spec).flatMap(callsOf);
  return (
    findValue(spec, 'workflowTemplateRef') !== undefined ||
    calls.some((call) => findValue(call, 'templateRef') !== undefined)
  );
}

/** One document of Argo as a pipeline: every template of it that does work is a job. */
export function readArgoPipeline(manifest: Manifest, links: Links): Pipeline {
  const { source, root, nameNode, kind } = manifest;
  const jobs: Job[] = [];
  const spec = workflowSpecOf(manifest);
  const isTemplate = kind === 'WorkflowTemplate' || kind === 'ClusterWorkflowTemplate';
  const triggered = triggeredBy(manifest).map(({ workflow }) => workflow);
  const specs = [manifest, ...triggered].flatMap((each) => workflowSpecOf(each) ?? []);
  const pipeline: Pipeline = {
    platform: 'argo',
    kind: isTemplate ? 'template' : 'workflow',
    file: source.file,
    source,
    node: root,
    name: textOf(nameNode, source),
    triggers: [],
    inputs: readInputs(manifest, spec),
    outputs: [],
    permissions: undefined,
    env: [],
    jobs,
    runtime: undefined,
    problems: [],
    surface: { imports: [], complete: !specs.some(refersOutside) },
  };
  for (const each of specs) jobs.push(...readJobs(pipeline, manifest, each, links));
  return pipeline;
}
