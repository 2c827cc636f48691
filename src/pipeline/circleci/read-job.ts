import type { Call, Job, Pipeline, Step, Variable } from '../model.ts';
import { asMapping, asScalar, asSequence, itemsOf } from '../yaml/access.ts';
import { type Member, memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';
import { type Executor, readExecutor, readVariables } from './executors.ts';
import type { RawStep, StepExpander } from './expand-steps.ts';
import type { Library } from './library.ts';
import { orbReference } from './orbs.ts';
import { readSurface } from './read-surface.ts';
import { enterScope, type Resolver, type Scope } from './scope.ts';
import type { Defaults } from './situations.ts';
import { type Gate, readStarts } from './starts.ts';
import type { Invocation } from './workflows.ts';

/** What all jobs of a file share. */
export interface ReadContext {
  readonly pipeline: Pipeline;
  readonly library: Library;
  readonly resolver: Resolver;
  readonly expander: StepExpander;
  readonly defaults: Defaults;
}

/** A job and the way that it comes to run: as a workflow says, or as a file without workflows implies. */
export interface JobSource {
  readonly id: string;
  readonly key: ScalarNode;
  /** Undefined when the job is one of an orb that lies elsewhere. */
  readonly definition: YamlNode | undefined;
  readonly library: Library;
  readonly orb: ScalarNode | undefined;
  readonly invocation: Invocation | undefined;
  /** Undefined for a job that nothing runs. */
  readonly gate: Gate | undefined;
}

/** Keys of a job in a workflow that are no parameters of it. */
const OWN_KEYS = new Set([
  'name',
  'requires',
  'context',
  'filters',
  'type',
  'matrix',
  'pre-steps',
  'post-steps',
  'serial-group',
  'override-with',
]);

function matrixOf(invocation: Invocation | undefined): ReadonlyMap<string, Member> {
  return membersOf(memberOf(invocation?.settings.get('matrix')?.value, 'parameters'));
}

/** Parameters that a workflow gives: one by one, and those of its matrix. */
function givenBy(invocation: Invocation | undefined): ReadonlyMap<string, readonly YamlNode[]> {
  const given = new Map<string, readonly YamlNode[]>();
  for (const [name, { value }] of matrixOf(invocation)) given.set(name, itemsOf(value));
  for (const [name, { value }] of invocation?.settings ?? []) {
    if (!OWN_KEYS.has(name)) given.set(name, [value]);
  }
  return given;
}

function readMatrix(invocation: Invocation | undefined, resolver: Resolver): Variable[] {
  return [...matrixOf(invocation)].flatMap(([name, { key, value }]) =>
    itemsOf(value).map((node) => ({ name, key, value: resolver.textOf(node), node })),
  );
}

function readWork(raw: RawStep, executor: Executor, resolver: Resolver): Step['work'] {
  const { name, key, value, orb } = raw;
  if (name === 'run') {
    const text = resolver.textOf(asScalar(value) ?? memberOf(value, 'command'));
    if (text === undefined) return { kind: 'other' };
    const shell = resolver.textOf(memberOf(value, 'shell') ?? executor.shell);
    const workingDirectory = resolver.textOf(memberOf(value, 'working_directory'));
    return { kind: 'script', text, shell, workingDirectory };
  }
  const text = resolver.textOf(key);
  if (orb === undefined || text === undefined) return { kind: 'other' };
  const part = name.slice(name.indexOf('/') + 1);
  const inputs = readVariables(asMapping(value), resolver);
  return { kind: 'action', text, key, reference: orbReference(orb, part), inputs, inputsNode: value };
}

function readStep(raw: RawStep, index: number, job: Job, executor: Executor, resolver: Resolver): Step {
  const isRun = raw.name === 'run';
  return {
    job,
    index,
    node: raw.node ?? job.node,
    id: undefined,
    name: isRun ? resolver.textOf(memberOf(raw.value, 'name')) : undefined,
    guard: undefined,
    env: isRun ? readVariables(memberOf(raw.value, 'environment'), resolver) : [],
    work: readWork(raw, executor, resolver),
  };
}

function expandSteps(of: JobSource, scope: Scope | undefined, context: ReadContext): RawStep[] {
  const { expander, library } = context;
  const settings = of.invocation?.settings;
  const outside = (key: string): YamlNode[] => [...itemsOf(settings?.get(key)?.value)];
  const raw = expander.expand(outside('pre-steps'), library, undefined);
  expander.expand(itemsOf(memberOf(of.definition, 'steps')), of.library, scope, raw);
  // A job may be the list of its steps.
  const list = asSequence(of.definition);
  if (list !== undefined) expander.expand(list.items, of.library, scope, raw);
  return expander.expand(outside('post-steps'), library, undefined, raw);
}

function readCall({ orb, key, invocation }: JobSource, resolver: Resolver): Call | undefined {
  const text = resolver.textOf(key);
  if (orb === undefined || text === undefined) return undefined;
  const settings = [...(invocation?.settings ?? [])].filter(([name]) => !OWN_KEYS.has(name));
  const inputs = settings.map(([name, member]) => ({
    name,
    key: member.key,
    value: resolver.textOf(member.value),
    node: member.value,
  }));
  const part = key.value.slice(key.value.indexOf('/') + 1);
  const reference = orbReference(orb, part);
  return { text, reference, inputs, secrets: [], inheritsSecrets: undefined };
}

function nodeOf(of: JobSource, root: MappingNode): MappingNode {
  return asMapping(of.definition) ?? root;
}

/** One job as it runs in one place. */
export function readJob(of: JobSource, context: ReadContext): Job {
  const { pipeline, resolver, defaults } = context;
  const { invocation } = of;
  const scope = enterScope(of.definition, givenBy(invocation), undefined);
  const executor = readExecutor(of.definition, scope, of.library, resolver);
  const raw = expandSteps(of, scope, context);
  const starts = of.gate === undefined ? [] : readStarts(of.gate, defaults);
  const [container, ...services] = executor.images;
  const steps: Step[] = [];
  const job: Job = {
    pipeline,
    id: of.id,
    key: of.key,
    node: nodeOf(of, pipeline.node),
    name: resolver.textOf(invocation?.settings.get('name')?.value),
    needs: invocation?.requires ?? [],
    guard: undefined,
    runner: executor.runner,
    environment: undefined,
    permissions: undefined,
    env: executor.env,
    container,
    services,
    matrix: readMatrix(invocation, resolver),
    outputs: [],
    steps,
    call: readCall(of, resolver),
  };
  steps.push(...raw.map((each, index) => readStep(each, index, job, executor, resolver)));
  const surface = readSurface({ steps, raw, executor, invocation, scope, starts, resolver });
  return Object.assign(job, { surface });
}
