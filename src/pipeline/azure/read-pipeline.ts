import type { InputDefinition } from '../model.ts';
import type { Problem } from '../problem.ts';
import type { SourceText } from '../source.ts';
import type { Trigger } from '../trigger.ts';
import { asMapping, asScalar, findValue, itemsOf, pairsOf, scalarsOf } from '../yaml/access.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts';
import { itemsThrough, memberThrough } from './directives.ts';
import type { AzureJob, AzurePipeline, PipelineResource, RepositoryResource, TemplateCall } from './model.ts';
import { readContainerResources, readPool } from './pools.ts';
import type { Surrounding } from './read-jobs.ts';
import { StageReader } from './read-stages.ts';
import { readStarts } from './starts.ts';
import { azureText } from './texts.ts';
import { readVariables, toVariables, variableTemplatesOf } from './variables.ts';

type InputType = InputDefinition['type'];

/** Anything but text is checked before the run starts; objects and lists are written by whoever calls. */
const TYPES: Readonly<Record<string, InputType>> = {
  boolean: 'boolean',
  number: 'number',
  environment: 'environment',
  string: 'string',
};

function readInput(
  name: string,
  node: ScalarNode,
  declared: YamlNode | undefined,
  kind: AzurePipeline['kind'],
  source: SourceText,
): InputDefinition {
  const isList = asMapping(declared) !== undefined && findValue(declared, 'name') !== undefined;
  const type = asScalar(findValue(declared, 'type'))?.value.toLowerCase() ?? 'string';
  const hasChoices = isList && findValue(declared, 'values') !== undefined;
  const value = isList ? findValue(declared, 'default') : declared;
  return {
    name,
    node,
    type: hasChoices ? 'choice' : ((Object.hasOwn(TYPES, type) ? TYPES[type] : undefined) ?? 'choice'),
    required: isList && value === undefined,
    default: azureText(value, source),
    givenBy: kind === 'workflow' ? 'member' : 'caller',
  };
}

/** Parameters with a type, or in templates simply names with what stands for them. */
function readInputs(root: MappingNode, kind: AzurePipeline['kind'], source: SourceText): InputDefinition[] {
  const parameters = findValue(root, 'parameters');
  if (asMapping(parameters) !== undefined) {
    return pairsOf(parameters).map(([key, value]) => readInput(key.value, key, value, kind, source));
  }
  return itemsOf(parameters).flatMap((each) => {
    const name = asScalar(findValue(each, 'name'));
    return name === undefined ? [] : [readInput(name.value, name, each, kind, source)];
  });
}

function readRepositories(root: MappingNode, source: SourceText): RepositoryResource[] {
  const listed = memberThrough(findValue(root, 'resources'), 'repositories', source);
  return itemsThrough(listed, source).flatMap(({ node }) => {
    const alias = asScalar(findValue(node, 'repository'))?.value;
    if (alias === undefined) return [];
    const type = asScalar(findValue(node, 'type'))?.value.toLowerCase() ?? 'git';
    const [name, ref] = ['name', 'ref'].map((key) => azureText(findValue(node, key), source));
    return [{ alias, node, type, name, ref }];
  });
}

function readPipelines(root: MappingNode, source: SourceText): PipelineResource[] {
  const listed = memberThrough(findValue(root, 'resources'), 'pipelines', source);
  return itemsThrough(listed, source).flatMap(({ node }) => {
    const alias = asScalar(findValue(node, 'pipeline'))?.value;
    if (alias === undefined) return [];
    const trigger = findValue(node, 'trigger');
    const branches = findValue(trigger, 'branches');
    const included = asMapping(branches) === undefined ? branches : findValue(branches, 'include');
    const isOff = trigger === undefined || /^(?:none|false)$/i.test(asScalar(trigger)?.value ?? '');
    return [
      {
        alias,
        node,
        source: asScalar(findValue(node, 'source'))?.value ?? alias,
        triggerBranches: isOff ? undefined : scalarsOf(included).map(({ value }) => value),
        branch: asScalar(findValue(node, 'branch'))?.value,
      },
    ];
  });
}

function addEverything(reader: StageReader, root: MappingNode, around: Surrounding): void {
  const { source } = around.pipeline;
  for (const { node, conditions } of variableTemplatesOf(findValue(root, 'variables'), source)) {
    reader.addCall({ node, conditions }, 'variables', around);
  }
  const extended = findValue(root, 'extends');
  if (extended !== undefined) reader.addCall({ node: extended, conditions: [] }, 'extends', around);
  reader.addStages(memberThrough(root, 'stages', source), around);
  reader.addJobs(memberThrough(root, 'jobs', source), around);
  // The job of loose steps has its pool and container at the top of the file; variables are there already.
  const { start, end, entries } = root;
  const own: MappingNode = {
    ...root,
    start,
    end,
    entries: entries.filter(({ key }) =>
      ['container', 'services', 'strategy'].includes(asScalar(key)?.value ?? ''),
    ),
  };
  reader.addSteps(root, around, own);
}

/** Reads one file by itself; what its templates say is linked later. Never throws. */
export function readAzurePipeline(
  source: SourceText,
  root: MappingNode,
  kind: 'workflow' | 'template',
): AzurePipeline {
  const [jobs, calls, problems, triggers]: [AzureJob[], TemplateCall[], Problem[], Trigger[]] = [
    [],
    [],
    [],
    [],
  ];
  const starts = kind === 'workflow' ? readStarts(root, false) : [];
  triggers.push(...starts.map(({ trigger }) => trigger));
  const variables = readVariables(findValue(root, 'variables'), source);
  const pipeline: AzurePipeline = {
    platform: 'azure',
    kind,
    file: source.file,
    source,
    node: root,
    name: azureText(findValue(root, 'name'), source),
    triggers,
    inputs: readInputs(root, kind, source),
    outputs: [],
    permissions: undefined,
    env: toVariables(variables.values),
    jobs,
    runtime: undefined,
    problems,
    calls,
    variables,
    repositories: readRepositories(root, source),
    pipelines: readPipelines(root, source),
    starts,
    surface: { imports: [], complete: true },
  };
  const reader = new StageReader();
  addEverything(reader, root, {
    pipeline,
    containers: readContainerResources(root, source),
    stage: undefined,
    runner: readPool(memberThrough(root, 'pool', source), source),
    conditions: [],
    variables: [variables],
    onTemplate: reader.onTemplate,
  });
  jobs.push(...reader.jobs);
  calls.push(...reader.calls);
  return pipeline;
}
