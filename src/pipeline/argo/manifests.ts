import { entriesOf } from '../kubernetes/containers.ts';
import { type Manifest, readManifest, valueAt } from '../kubernetes/manifest.ts';
import type { SourceText } from '../source.ts';
import { asMapping, findValue } from '../yaml/access.ts';
import type { ContentNode, MappingNode, YamlNode } from '../yaml/node.ts';

const ARGO_KINDS: ReadonlySet<string> = new Set([
  'Workflow',
  'WorkflowTemplate',
  'ClusterWorkflowTemplate',
  'CronWorkflow',
  'WorkflowEventBinding',
  'WorkflowArtifactGCTask',
  'Sensor',
  'EventSource',
]);

export function readArgoManifest(source: SourceText, root: ContentNode | undefined): Manifest | undefined {
  const manifest = readManifest(source, root);
  return manifest?.group === 'argoproj.io' && ARGO_KINDS.has(manifest.kind) ? manifest : undefined;
}

/** The specification of a workflow, wherever its kind has it. */
export function workflowSpecOf({ kind, spec }: Manifest): MappingNode | undefined {
  if (kind === 'CronWorkflow') return asMapping(findValue(spec, 'workflowSpec'));
  return ['Workflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate'].includes(kind)
    ? asMapping(spec)
    : undefined;
}

/** A workflow that a sensor makes, and the values that it puts into it. */
export interface Triggered {
  readonly workflow: Manifest;
  readonly parameters: readonly YamlNode[];
}

/** The workflows that stand in a sensor. */
export function triggeredBy({ spec, source }: Manifest): Triggered[] {
  return entriesOf(findValue(spec, 'triggers')).flatMap((trigger) =>
    ['k8s', 'argoWorkflow'].flatMap((key) => {
      const made = valueAt(trigger, 'template', key);
      const workflow = readArgoManifest(source, asMapping(valueAt(made, 'source', 'resource')));
      if (workflow === undefined) return [];
      const parameters = [findValue(made, 'parameters'), findValue(trigger, 'parameters')].flatMap((each) =>
        entriesOf(each),
      );
      return [{ workflow, parameters }];
    }),
  );
}

export function templatesOf(spec: YamlNode | undefined): MappingNode[] {
  return entriesOf(findValue(spec, 'templates')).flatMap((each) => asMapping(each) ?? []);
}

/** The calls of a template in their order; what stands in one list runs at the same time. */
export function callsOf(template: YamlNode): MappingNode[] {
  const groups = entriesOf(findValue(template, 'steps')).flatMap((group) => entriesOf(group));
  const tasks = entriesOf(valueAt(template, 'dag', 'tasks'));
  const hooks = [...groups, ...tasks].flatMap((call) =>
    (asMapping(findValue(call, 'hooks'))?.entries ?? []).map(({ value }) => value),
  );
  return [...groups, ...tasks, ...hooks].flatMap((each) => asMapping(each) ?? []);
}

export function isLeaf(template: YamlNode): boolean {
  return findValue(template, 'steps') === undefined && findValue(template, 'dag') === undefined;
}
