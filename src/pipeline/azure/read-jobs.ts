import type { EnvironmentUse, Guard, Runner, Variable } from '../model.ts';
import { memoize } from '../memoize.ts';
import { emptyJobSurface } from '../surface.ts';
import type { SourceText } from '../source.ts';
import { asMapping, asScalar, findEntry, findValue, pairsOf, scalarsOf } from '../yaml/access.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';
import type { Item } from './directives.ts';
import { memberThrough } from './directives.ts';
import type { AzureJob, AzurePipeline, AzureStep, Conditions, Stage, Variables } from './model.ts';
import { type ContainerResources, readImage, readPool, readServices } from './pools.ts';
import { conditionsOf, readGuard, readSteps } from './read-steps.ts';
import { azureText } from './texts.ts';
import { readPassed, readVariables, toVariables, variableTemplatesOf } from './variables.ts';

/** What stands around a job. */
export interface Surrounding {
  readonly pipeline: AzurePipeline;
  readonly containers: ContainerResources;
  readonly stage: Stage | undefined;
  readonly runner: Runner | undefined;
  readonly conditions: Conditions;
  readonly variables: readonly Variables[];
  /** Says that a list uses a template. */
  readonly onTemplate: (
    item: Item,
    kind: 'stages' | 'jobs' | 'steps' | 'variables',
    around: Surrounding,
    job?: AzureJob,
  ) => void;
}

const HOOKS = ['preDeploy', 'deploy', 'routeTraffic', 'postRouteTraffic'] as const;

/** The lists of steps of a deployment: by strategy, and in it by hook. */
function deploymentLists(node: MappingNode, source: SourceText): (YamlNode | undefined)[] {
  const strategy = memberThrough(node, 'strategy', source);
  return pairsOf(strategy).flatMap(([, value]) => {
    const on = findValue(value, 'on');
    const ends = ['failure', 'success'].map((end) => findValue(on, end));
    const hooks = [...HOOKS.map((hook) => findValue(value, hook)), ...ends];
    return hooks.map((hook) => memberThrough(hook, 'steps', source));
  });
}

function readEnvironment(node: YamlNode | undefined, source: SourceText): EnvironmentUse | undefined {
  const name = azureText(node, source) ?? azureText(findValue(node, 'name'), source);
  return node === undefined || name === undefined || name.value === ''
    ? undefined
    : { node: name.node, name };
}

function readMatrix(node: YamlNode, source: SourceText): Variable[] {
  const matrix = memberThrough(memberThrough(node, 'strategy', source), 'matrix', source);
  return pairsOf(matrix).flatMap(([, row]) => toVariables(readPassed(row, source)));
}

/** All jobs begin like this; the steps are added when the job is there. */
interface JobParts {
  readonly id: string;
  readonly key: ScalarNode;
  readonly node: MappingNode;
  readonly isDeployment: boolean;
  readonly conditions: Conditions;
  readonly lists: readonly (YamlNode | undefined)[];
  /** Of the job itself; undefined for a list of steps that stands for one. */
  readonly own: MappingNode | undefined;
}

/** Jobs without variables of their own share one list. */
const environmentOf = memoize((levels: readonly Variables[]): readonly Variable[] =>
  levels.flatMap(({ values }) => toVariables(values)),
);

function buildJob(parts: JobParts, around: Surrounding): AzureJob {
  const { own, conditions } = parts;
  const { pipeline, containers } = around;
  const { source } = pipeline;
  const get = (name: string) => (own === undefined ? undefined : memberThrough(own, name, source));
  const variables = own === undefined ? undefined : readVariables(get('variables'), source);
  const containerNode = get('container');
  const guard: Guard | undefined = own === undefined ? undefined : readGuard(own, source);
  const steps: AzureStep[] = [];
  const job: AzureJob = {
    pipeline,
    id: parts.id,
    key: parts.key,
    node: parts.node,
    name: azureText(get('displayName'), source),
    needs: scalarsOf(get('dependsOn')),
    guard,
    runner: readPool(get('pool'), source) ?? around.runner,
    environment: parts.isDeployment ? readEnvironment(get('environment'), source) : undefined,
    permissions: undefined,
    env:
      variables === undefined
        ? environmentOf(around.variables)
        : environmentOf([...around.variables, variables]),
    container: readImage(containerNode, containers, source),
    services: readServices(get('services'), containers, source),
    matrix: own === undefined ? [] : readMatrix(own, source),
    outputs: [],
    steps,
    call: undefined,
    stage: around.stage,
    isDeployment: parts.isDeployment,
    conditions,
    hasCondition: guard !== undefined,
    variables: variables === undefined ? around.variables : [...around.variables, variables],
    containerNode,
    surface: emptyJobSurface,
  };
  const inside = { ...around, runner: job.runner, conditions, variables: job.variables };
  for (const item of own === undefined ? [] : variableTemplatesOf(get('variables'), source)) {
    around.onTemplate(item, 'variables', inside, job);
  }
  steps.push(...readSteps(parts.lists, job, (item) => around.onTemplate(item, 'steps', inside, job)));
  return job;
}

/** `- job: name`, `- deployment: name`. */
export function readJob({ node, conditions }: Item, around: Surrounding): AzureJob | undefined {
  const mapping = asMapping(node);
  const entry = findEntry(mapping, 'job') ?? findEntry(mapping, 'deployment') ?? findEntry(mapping, 'phase');
  const key = asScalar(entry?.key);
  if (mapping === undefined || entry === undefined || key === undefined) return undefined;
  const { source } = around.pipeline;
  const isDeployment = key.value === 'deployment';
  const name = asScalar(entry.value);
  const isNamed = name !== undefined && name.value !== '';
  return buildJob(
    {
      id: isNamed ? name.value : 'Job',
      key: isNamed ? name : key,
      node: mapping,
      isDeployment,
      conditions: conditionsOf(mapping, [...around.conditions, ...conditions], source),
      lists: [
        memberThrough(mapping, 'steps', source),
        ...(isDeployment ? deploymentLists(mapping, source) : []),
      ],
      own: mapping,
    },
    around,
  );
}

/** A list of steps without a job around it: at the top of a file, or handed to a template. */
export function readLooseSteps(
  key: ScalarNode,
  list: YamlNode,
  holder: MappingNode,
  around: Surrounding,
  own: MappingNode | undefined,
): AzureJob {
  const { conditions } = around;
  const parts = { id: 'Job', key, node: holder, isDeployment: false, conditions, lists: [list], own };
  return buildJob(parts, around);
}
