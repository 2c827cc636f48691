import type { InputDefinition, Job, Pipeline } from '../model.ts';
import type { Problem } from '../problem.ts';
import type { SourceText } from '../source.ts';
import type { Trigger } from '../trigger.ts';
import { asMapping, asScalar, isNull } from '../yaml/access.ts';
import { memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { MappingNode, YamlNode } from '../yaml/node.ts';
import { StepExpander } from './expand-steps.ts';
import { find, type Library, readLibrary } from './library.ts';
import { readOrbImports } from './orbs.ts';
import { type JobSource, type ReadContext, readJob } from './read-job.ts';
import { Resolver } from './scope.ts';
import { type Invocation, readInvocations } from './workflows.ts';

const JOBS_MAX = 2_000;

function readDefaults(parameters: YamlNode | undefined): Map<string, string> {
  const defaults = new Map<string, string>();
  for (const [name, { value }] of membersOf(parameters)) {
    const text = asScalar(memberOf(value, 'default'));
    if (text !== undefined) defaults.set(name, text.value);
  }
  return defaults;
}

const TYPES: Readonly<Record<string, InputDefinition['type']>> = {
  boolean: 'boolean',
  integer: 'number',
  enum: 'choice',
};

/** Parameters of the pipeline: whoever starts a run over the interface gives them. */
function readInputs(parameters: YamlNode | undefined, resolver: Resolver): InputDefinition[] {
  return [...membersOf(parameters)].map(([name, { key, value }]) => ({
    name,
    node: key,
    type: TYPES[asScalar(memberOf(value, 'type'))?.value ?? ''] ?? 'string',
    required: false,
    default: resolver.textOf(memberOf(value, 'default')),
    givenBy: 'member',
  }));
}

function sourceOf(invocation: Invocation, library: Library): JobSource | undefined {
  const { definition: name, key, workflow, settings } = invocation;
  const found = find(library, 'jobs', name);
  if (found === undefined) return undefined;
  const gate = { workflow, filters: settings.get('filters')?.value };
  const own = found.kind === 'own' ? found : undefined;
  return {
    id: invocation.name,
    key: own?.member.key ?? key,
    definition: own?.member.value,
    library: own?.library ?? library,
    orb: found.kind === 'external' ? found.orb : undefined,
    invocation,
    gate,
  };
}

/** Without workflows CircleCI runs the job `build`; jobs that nothing runs are read as well. */
function listSources(library: Library, invocations: readonly Invocation[], hasWorkflows: boolean) {
  const invoked = invocations.flatMap((each) => sourceOf(each, library) ?? []);
  const used = new Set(invocations.map(({ definition }) => definition));
  const others = [...library.jobs].filter(([name]) => !used.has(name));
  const left = others.map(
    ([name, { key, value }]): JobSource => ({
      id: name,
      key,
      definition: value,
      library,
      orb: undefined,
      invocation: undefined,
      gate: !hasWorkflows && name === 'build' ? { workflow: undefined, filters: undefined } : undefined,
    }),
  );
  return [...invoked, ...left].slice(0, JOBS_MAX);
}

/** CircleCI refuses these; everything else in the file was still read. */
function findProblems(root: MappingNode): Problem[] {
  return ['jobs', 'workflows', 'orbs', 'commands', 'executors'].flatMap((name): Problem[] => {
    const value = memberOf(root, name);
    if (value === undefined || isNull(value) || asMapping(value) !== undefined) return [];
    const message = `"${name}" has to be a mapping`;
    return [{ kind: 'unexpected-shape', message, span: value, partial: true }];
  });
}

function readTriggers(root: MappingNode, jobs: readonly Job[]): Trigger[] {
  const starts = jobs.flatMap((job) => job.surface?.starts ?? []);
  if (starts.length === 0) return [];
  const shared = { node: memberOf(root, 'workflows') ?? root, activities: undefined, filters: {} };
  const push: Trigger = { ...shared, event: 'push', firedBy: 'member', runs: 'pushed', authority: 'full' };
  if (!starts.some(({ actor }) => actor === 'anyone')) return [push];
  const authority = 'read-only-for-forks';
  return [push, { ...shared, event: 'pull_request', firedBy: 'anyone', runs: 'head', authority }];
}

/** Reads one file of `.circleci/`: workflows, jobs with their commands put in, and what they expose. */
export function readCircleciPipeline(
  source: SourceText,
  root: MappingNode,
  kind: Pipeline['kind'],
): Pipeline {
  const parameters = memberOf(root, 'parameters');
  const resolver = new Resolver(source, parameters);
  const library = readLibrary(root);
  const imports = readOrbImports(library, source);
  const isSetup = asScalar(memberOf(root, 'setup'))?.value === 'true';
  const [jobs, triggers]: [Job[], Trigger[]] = [[], []];
  const pipeline: Pipeline = {
    platform: 'circleci',
    kind,
    file: source.file,
    source,
    node: root,
    name: undefined,
    triggers,
    inputs: readInputs(parameters, resolver),
    outputs: [],
    permissions: undefined,
    env: [],
    jobs,
    runtime: undefined,
    problems: findProblems(root),
    // A set-up workflow makes the rest of the configuration while it runs.
    surface: { imports, complete: imports.length === 0 && !isSetup },
  };
  const defaults = readDefaults(parameters);
  const context: ReadContext = { pipeline, library, resolver, defaults, expander: new StepExpander() };
  const workflows = memberOf(root, 'workflows');
  const invocations = readInvocations(workflows, source);
  const sources = listSources(library, invocations, invocations.length > 0);
  jobs.push(...sources.map((each) => readJob(each, context)));
  triggers.push(...readTriggers(root, jobs));
  return pipeline;
}
