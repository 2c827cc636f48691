import { asMapping, asScalar, asSequence, findEntry, findValue, pairsOf, scalarsOf } from '../yaml/access.ts';
import type { MappingNode, YamlNode } from '../yaml/node.ts';
import { entriesThrough, type Item, itemsThrough, memberThrough } from './directives.ts';
import type { AzureJob, Stage, TemplateCall } from './model.ts';
import { readPool } from './pools.ts';
import { readJob, readLooseSteps, type Surrounding } from './read-jobs.ts';
import { conditionsOf } from './read-steps.ts';
import { splitTemplate, templateFile } from './template-path.ts';
import { azureText } from './texts.ts';
import { readPassed, readVariables, variableTemplatesOf } from './variables.ts';

const JOBS_MAX = 5_000;
const CALLS_MAX = 5_000;
/** Templates in what is handed to templates. */
const DEPTH_MAX = 12;

type ListKind = 'stages' | 'jobs' | 'steps';

/** What a list that is handed to a template consists of; most are named after it. */
function kindOfList(name: string, list: YamlNode): ListKind | undefined {
  const words = new Set(
    (asSequence(list)?.items ?? []).slice(0, 20).flatMap((item) => pairsOf(item).map(([key]) => key.value)),
  );
  if (words.has('stage')) return 'stages';
  if (words.has('job') || words.has('deployment')) return 'jobs';
  if (['task', 'script', 'bash', 'pwsh', 'powershell', 'checkout'].some((word) => words.has(word)))
    return 'steps';
  const isTemplates = [...words].some((word) => word === 'template' || word.startsWith('${{'));
  if (!isTemplates) return undefined;
  return (['stages', 'jobs', 'steps'] as const).find((kind) =>
    name.toLowerCase().includes(kind.slice(0, -1)),
  );
}

/** Reads stages, jobs and steps wherever they stand in a file, and notes which templates it uses. */
export class StageReader {
  readonly jobs: AzureJob[] = [];
  readonly calls: TemplateCall[] = [];
  #depth = 0;

  readonly onTemplate: Surrounding['onTemplate'] = (item, kind, around, job) => {
    this.addCall(item, kind, around, job);
  };

  addStages(list: YamlNode | undefined, around: Surrounding): void {
    const { source } = around.pipeline;
    for (const item of itemsThrough(list, source)) {
      if (findValue(item.node, 'template') !== undefined) this.addCall(item, 'stages', around);
      else this.#addStage(item, around);
    }
  }

  #addStage({ node, conditions }: Item, around: Surrounding): void {
    const { source } = around.pipeline;
    const mapping = asMapping(node);
    if (mapping === undefined) return;
    const name = asScalar(findEntry(mapping, 'stage')?.value);
    const own = conditionsOf(mapping, [...around.conditions, ...conditions], source);
    const dependsOn = memberThrough(mapping, 'dependsOn', source);
    const stage: Stage = {
      name: name?.value ?? '',
      key: name,
      conditions: own,
      dependsOn: dependsOn === undefined ? undefined : scalarsOf(dependsOn).map(({ value }) => value),
      hasCondition: findValue(mapping, 'condition') !== undefined,
    };
    const runner = readPool(memberThrough(mapping, 'pool', source), source) ?? around.runner;
    const listed = findValue(mapping, 'variables');
    const variables = [...around.variables, readVariables(listed, source)];
    const inside = { ...around, stage, runner, variables, conditions: own };
    for (const item of variableTemplatesOf(listed, source)) this.addCall(item, 'variables', inside);
    this.addJobs(memberThrough(mapping, 'jobs', source), inside);
  }

  addJobs(list: YamlNode | undefined, around: Surrounding): void {
    for (const item of itemsThrough(list, around.pipeline.source)) {
      if (this.jobs.length >= JOBS_MAX) return;
      if (findValue(item.node, 'template') !== undefined) this.addCall(item, 'jobs', around);
      else {
        const job = readJob(item, around);
        if (job !== undefined) this.jobs.push(job);
      }
    }
  }

  /** Steps at the top of a file, with everything else of the file as their job. */
  addSteps(holder: MappingNode, around: Surrounding, own: MappingNode | undefined): void {
    const entry = entriesThrough(holder, around.pipeline.source).findLast(({ key }) => key.value === 'steps');
    if (entry === undefined) return;
    const job = readLooseSteps(entry.key, entry.node, holder, around, own);
    // A template that only uses other templates has nothing of its own to run.
    if (job.steps.length > 0 || around.pipeline.kind === 'workflow') this.jobs.push(job);
  }

  addCall(item: Item, kind: TemplateCall['kind'], around: Surrounding, job?: AzureJob): void {
    const { source, file } = around.pipeline;
    const text = azureText(findValue(item.node, 'template'), source);
    if (text === undefined || this.calls.length >= CALLS_MAX) return;
    const { path, alias } = splitTemplate(text.value);
    const parameters = findValue(item.node, 'parameters');
    const conditions = [...around.conditions, ...item.conditions];
    this.calls.push({
      text,
      alias,
      file: text.isConstant && alias === undefined ? templateFile(path, file) : undefined,
      passed: readPassed(parameters, source),
      conditions,
      job,
      kind,
      runner: around.runner,
      variables: around.variables,
      stage: around.stage,
    });
    this.#addHandedOver(parameters, { ...around, conditions });
  }

  /** Stages, jobs and steps that a template gets as parameters are part of the run as well. */
  #addHandedOver(parameters: YamlNode | undefined, around: Surrounding): void {
    const holder = asMapping(parameters);
    if (holder === undefined || this.#depth >= DEPTH_MAX) return;
    this.#depth += 1;
    for (const { key, node, conditions } of entriesThrough(holder, around.pipeline.source)) {
      const inside = { ...around, conditions: [...around.conditions, ...conditions] };
      const kind = kindOfList(key.value, node);
      if (kind === 'stages') this.addStages(node, inside);
      else if (kind === 'jobs') this.addJobs(node, inside);
      else if (kind === 'steps' && this.jobs.length < JOBS_MAX) {
        const steps = readLooseSteps(key, node, holder, inside, undefined);
        if (steps.steps.length > 0) this.jobs.push(steps);
      }
    }
    this.#depth -= 1;
  }
}
