import {
  entriesOf,
  findInlineScript,
  languageOf,
  readContainerImage,
  readContainerPrivileges,
  readEnv,
  readEnvCredentials,
  readPodPrivileges,
  readVolumeCredentials,
  readWords,
  toScript,
} from '../kubernetes/containers.ts';
import {
  type Context,
  distinctCredentials,
  flowsIn,
  insertionsIn,
  type Resolve,
} from '../kubernetes/flow.ts';
import { wordNode } from '../kubernetes/manifest.ts';
import type { ImageUse, Job, OtherWork, Pipeline, Script, Step, Variable } from '../model.ts';
import type { SourceText } from '../source.ts';
import type { ForeignValue, Insertion, JobSurface, PrivilegeUse } from '../surface.ts';
import { Text } from '../text.ts';
import { asMapping, findValue } from '../yaml/access.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';
import { readTektonExpressions, textOf } from './expressions.ts';
import { resolverOf } from './scope.ts';

const other: OtherWork = { kind: 'other' };

export interface JobParts {
  readonly pipeline: Pipeline;
  readonly id: string;
  readonly key: ScalarNode;
  readonly node: MappingNode;
  /** With `steps:`; undefined when the task lies elsewhere. */
  readonly spec: YamlNode | undefined;
  /** What the run says about its pods. */
  readonly pods: readonly YamlNode[];
  readonly source: SourceText;
  readonly context: Context;
  readonly needs: readonly ScalarNode[];
  readonly deploysTo: JobSurface['deploysTo'];
}

function readWork(step: YamlNode, source: SourceText): Script | OtherWork {
  const script = wordNode(step, 'script');
  if (script !== undefined) return toScript(script, source, readTektonExpressions);
  const inline = findInlineScript(step);
  if (inline === undefined) return other;
  const text = new Text(inline.script, source, readTektonExpressions);
  return { kind: 'script', text, shell: languageOf(text, inline.interpreter), workingDirectory: undefined };
}

function readStep(node: MappingNode, index: number, job: Job, source: SourceText): Step {
  return {
    job,
    index,
    node,
    id: wordNode(node, 'name')?.value,
    name: textOf(wordNode(node, 'displayName') ?? wordNode(node, 'name'), source),
    guard: undefined,
    env: readEnv(node, source, readTektonExpressions),
    work: readWork(node, source),
  };
}

/** Foreign text in scripts, and in what else decides about a step. */
function insertionsOf(steps: readonly Step[], source: SourceText, resolve: Resolve): Insertion[] {
  return steps.flatMap(({ node, work }) => {
    const script = work.kind === 'script' ? work.text : undefined;
    const words = readWords(node, source, readTektonExpressions).filter((text) => text.node !== script?.node);
    const image = textOf(wordNode(node, 'image'), source);
    return [
      ...(script === undefined ? [] : insertionsIn(script, 'script', resolve)),
      ...[...words, ...(image === undefined ? [] : [image])].flatMap((text) =>
        insertionsIn(text, 'argument', resolve),
      ),
    ];
  });
}

function foreignVariables(variables: readonly Variable[], resolve: Resolve): Map<string, ForeignValue> {
  const foreign = new Map<string, ForeignValue>();
  for (const { name, value } of variables) {
    const [found] = value === undefined ? [] : flowsIn(value, resolve);
    if (found !== undefined) foreign.set(name, found.flow);
  }
  return foreign;
}

function surfaceOf(
  parts: JobParts,
  containers: readonly YamlNode[],
  steps: readonly Step[],
  env: readonly Variable[],
): JobSurface {
  const { context, source, spec, pods } = parts;
  const resolve = resolverOf(context);
  const volumes = [findValue(spec, 'volumes'), ...pods.map((pod) => findValue(pod, 'volumes'))];
  const privileges: PrivilegeUse[] = [
    ...containers.flatMap((container) => readContainerPrivileges(container, source)),
    ...pods.flatMap((pod) => readContainerPrivileges(pod, source)),
    ...pods.flatMap((pod) => readPodPrivileges(pod, undefined, source)),
    ...volumes.flatMap((each) => readPodPrivileges(undefined, each, source)),
  ];
  return {
    starts: context.starts,
    insertions: insertionsOf(steps, source, resolve),
    foreignVariables: foreignVariables([...env, ...steps.flatMap((step) => step.env)], resolve),
    credentials: distinctCredentials([
      ...containers.flatMap((container) => readEnvCredentials(container, source)),
      ...volumes.flatMap((each) => readVolumeCredentials(each, containers, source)),
      ...context.credentials,
    ]),
    privileges,
    caches: context.caches,
    artifacts: [],
    approvals: context.approvals,
    deploysTo: parts.deploysTo,
    persistedToken: undefined,
  };
}

/** A task as a job: the steps of one pod. */
export function readTaskJob(parts: JobParts): Job {
  const { pipeline, id, key, node, spec, source } = parts;
  const template = findValue(spec, 'stepTemplate');
  const stepNodes = entriesOf(findValue(spec, 'steps')).flatMap((each) => asMapping(each) ?? []);
  const sidecars = entriesOf(findValue(spec, 'sidecars'));
  const containers = [...stepNodes, ...sidecars, ...(template === undefined ? [] : [template])];
  const images = [template, ...stepNodes, ...sidecars].flatMap((each): ImageUse[] => {
    const image = readContainerImage(each, source, readTektonExpressions);
    return image === undefined ? [] : [image];
  });
  const env = readEnv(template, source, readTektonExpressions);
  const steps: Step[] = [];
  const [container, ...services] = images;
  const job: Job = {
    pipeline,
    id,
    key,
    node,
    name: textOf(wordNode(node, 'displayName'), source),
    needs: parts.needs,
    guard: undefined,
    runner: undefined,
    environment: undefined,
    permissions: undefined,
    env,
    container,
    services,
    matrix: [],
    outputs: [],
    steps,
    call: undefined,
  };
  steps.push(...stepNodes.map((each, index) => readStep(each, index, job, source)));
  return Object.assign(job, { surface: surfaceOf(parts, containers, steps, env) });
}
