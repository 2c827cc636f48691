import { entriesOf } from '../kubernetes/containers.ts';
import { deploymentOf } from '../kubernetes/deployments.ts';
import { callerStart, emptyContext } from '../kubernetes/flow.ts';
import { type Manifest, readManifest, wordAt, wordNode } from '../kubernetes/manifest.ts';
import type { InputDefinition, Job, Pipeline } from '../model.ts';
import type { SourceText } from '../source.ts';
import type { ImportUse, JobSurface } from '../surface.ts';
import { asMapping, findValue } from '../yaml/access.ts';
import type { MappingNode, YamlNode } from '../yaml/node.ts';
import { textOf } from './expressions.ts';
import { importsOfAnnotations, importsOfReference } from './imports.ts';
import type { Contexts } from './link.ts';
import { readTaskJob } from './read-job.ts';
import { neededBy, tasksOf } from './tasks.ts';

const TEMPLATES = new Set(['Task', 'ClusterTask', 'Pipeline', 'StepAction']);

export const TEKTON_KINDS: ReadonlySet<string> = new Set([
  ...TEMPLATES,
  'PipelineRun',
  'TaskRun',
  'Run',
  'CustomRun',
  'TriggerTemplate',
  'TriggerBinding',
  'ClusterTriggerBinding',
  'EventListener',
  'Trigger',
  'Interceptor',
  'ClusterInterceptor',
]);

function readInputs({ spec, source, kind }: Manifest): InputDefinition[] {
  if (!TEMPLATES.has(kind) && kind !== 'TriggerTemplate') return [];
  return entriesOf(findValue(spec, 'params')).flatMap((param) => {
    const node = wordNode(param, 'name');
    if (node === undefined) return [];
    const value = textOf(findValue(param, 'default'), source);
    const type = findValue(param, 'enum') === undefined ? 'string' : 'choice';
    return [
      { name: node.value, node, type, required: value === undefined, default: value, givenBy: 'caller' },
    ];
  });
}

class Reader {
  readonly jobs: Job[] = [];
  readonly imports: ImportUse[] = [];
  complete = true;
  readonly #manifest: Manifest;
  readonly #contexts: Contexts;
  readonly #pipeline: Pipeline;

  constructor(manifest: Manifest, contexts: Contexts, pipeline: Pipeline) {
    this.#manifest = manifest;
    this.#contexts = contexts;
    this.#pipeline = pipeline;
  }

  #refer(reference: YamlNode | undefined, kind: 'task' | 'template'): void {
    if (reference === undefined) return;
    this.imports.push(...importsOfReference(reference, kind, this.#manifest.source));
    if (findValue(reference, 'resolver') !== undefined || findValue(reference, 'bundle') !== undefined) {
      this.complete = false;
    }
  }

  #add(
    id: string,
    node: MappingNode,
    spec: YamlNode | undefined,
    pods: readonly YamlNode[],
    pipeline?: YamlNode,
  ): void {
    const { source, nameNode, kindNode } = this.#manifest;
    const place = spec === undefined ? node : spec;
    const context = this.#contexts.get(place) ?? this.#contexts.get(node);
    this.jobs.push(
      readTaskJob({
        pipeline: this.#pipeline,
        id,
        key: wordNode(node, 'name') ?? nameNode ?? kindNode,
        node,
        spec,
        pods,
        source,
        context: context ?? { ...emptyContext, starts: [callerStart] },
        needs: pipeline === undefined ? [] : neededBy(node),
        deploysTo: pipeline === undefined ? undefined : deploymentOfTask(node, source),
      }),
    );
    for (const step of entriesOf(findValue(spec, 'steps'))) this.#refer(findValue(step, 'ref'), 'task');
  }

  takePipelineSpec(spec: YamlNode | undefined, pods: readonly YamlNode[]): void {
    for (const [index, task] of tasksOf(spec).entries()) {
      this.#refer(findValue(task, 'taskRef'), 'task');
      this.#refer(findValue(task, 'pipelineRef'), 'template');
      const id = wordAt(task, 'name') ?? `task-${index + 1}`;
      this.#add(id, task, findValue(task, 'taskSpec'), pods, spec);
    }
  }

  takeTaskSpec(id: string, spec: YamlNode | undefined, pods: readonly YamlNode[]): void {
    const node = asMapping(spec);
    if (node !== undefined) this.#add(id, node, spec, pods);
  }

  takeRun({ kind, spec, name }: Manifest): void {
    const template = findValue(spec, 'taskRunTemplate');
    const pods = [findValue(spec, 'podTemplate'), findValue(template, 'podTemplate')].filter(
      (pod) => pod !== undefined,
    );
    if (kind === 'PipelineRun') {
      this.#refer(findValue(spec, 'pipelineRef'), 'template');
      this.takePipelineSpec(findValue(spec, 'pipelineSpec'), pods);
      return;
    }
    this.#refer(findValue(spec, 'taskRef'), 'task');
    if (findValue(spec, 'taskSpec') !== undefined) this.takeTaskSpec(name, findValue(spec, 'taskSpec'), pods);
    else if (asMapping(spec) !== undefined) this.takeReferenced(name, spec, pods);
  }

  /** A run of a task that lies elsewhere: no steps to see, but what it is given. */
  takeReferenced(id: string, spec: YamlNode | undefined, pods: readonly YamlNode[]): void {
    const node = asMapping(spec);
    if (node !== undefined) this.#add(id, node, undefined, pods);
  }

  takeTemplate(spec: YamlNode | undefined): void {
    for (const resource of entriesOf(findValue(spec, 'resourcetemplates'))) {
      const manifest = readManifest(this.#manifest.source, asMapping(resource));
      if (manifest !== undefined && isRun(manifest)) this.takeRun(manifest);
    }
  }

  take(manifest: Manifest): void {
    const { kind, spec, name } = manifest;
    if (isRun(manifest)) this.takeRun(manifest);
    else if (kind === 'Pipeline') this.takePipelineSpec(spec, []);
    else if (kind === 'TriggerTemplate') this.takeTemplate(spec);
    else if (kind === 'StepAction') this.takeStepAction(name, spec);
    else if (TEMPLATES.has(kind)) this.takeTaskSpec(name, spec, []);
    else
      for (const each of entriesOf(findValue(spec, 'triggers')))
        this.takeTemplate(findValue(findValue(each, 'template'), 'spec'));
  }

  takeStepAction(id: string, spec: YamlNode | undefined): void {
    const node = asMapping(spec);
    if (node === undefined) return;
    // One step, which stands where a task has a list of them.
    const { start, end } = node;
    const steps = {
      kind: 'sequence',
      flow: false,
      anchor: undefined,
      tag: undefined,
      items: [node],
      start,
      end,
    } as const;
    const key = this.#manifest.kindNode;
    const entries = [{ key: { ...key, value: 'steps' }, value: steps }];
    const wrapped: MappingNode = { ...node, entries };
    this.#add(id, node, wrapped, []);
  }
}

function deploymentOfTask(task: MappingNode, source: SourceText): JobSurface['deploysTo'] {
  const words = `${wordAt(task, 'name') ?? ''} ${wordAt(task, 'taskRef', 'name') ?? ''}`;
  return deploymentOf(words, findValue(task, 'params'), source);
}

function isRun({ kind }: Manifest): boolean {
  return kind === 'PipelineRun' || kind === 'TaskRun';
}

/** One document of Tekton as a pipeline: every task of it is a job. */
export function readTektonPipeline(manifest: Manifest, contexts: Contexts): Pipeline {
  const { source, root, nameNode, kind } = manifest;
  const jobs: Job[] = [];
  const pipeline: Pipeline = {
    platform: 'tekton',
    kind: TEMPLATES.has(kind) ? 'template' : 'workflow',
    file: source.file,
    source,
    node: root,
    name: textOf(nameNode, source),
    triggers: [],
    inputs: readInputs(manifest),
    outputs: [],
    permissions: undefined,
    env: [],
    jobs,
    runtime: undefined,
    problems: [],
  };
  const reader = new Reader(manifest, contexts, pipeline);
  reader.take(manifest);
  jobs.push(...reader.jobs);
  const imports = [...importsOfAnnotations(manifest), ...reader.imports];
  return Object.assign(pipeline, { surface: { imports, complete: reader.complete } });
}
