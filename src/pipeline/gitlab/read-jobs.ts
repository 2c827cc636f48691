import type { Call, ImageUse, Step, Variable } from '../model.ts';
import type { Configuration } from './configuration.ts';
import { isJobName } from './configuration.ts';
import { textOf } from './inputs.ts';
import { type Member, type Merged, memberOf, membersOf, wordOf } from './merged.ts';
import type { GitlabJob, GitlabPipeline, Placed } from './model.ts';
import {
  joinVariables,
  readCaches,
  readEnvironment,
  readGuard,
  readIdentityTokens,
  readImage,
  readImages,
  readNeeds,
  readReports,
  readRules,
  readRunner,
  readVariables,
} from './read-parts.ts';
import { readArtifacts, readNeeded, readSecrets, readTrigger, readWordsPlaced } from './read-links.ts';
import { projectReference, readIncludes, toReference } from './references.ts';

const JOBS_MAX = 5000;
const STEPS_MAX = 5000;
/** Each job takes those of the file. */
const VARIABLES_MAX = 1000;

/** What a job takes from `default:` and from the top of the file when it has none of its own. */
class Inherited {
  readonly #configuration: Configuration;
  readonly #defaults: Merged | undefined;
  readonly #variables: readonly Variable[];

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
    this.#defaults = configuration.member('default')?.value;
    this.#variables = readVariables(configuration.member('variables')?.value).slice(0, VARIABLES_MAX);
  }

  #allows(job: Merged, key: string): boolean {
    const inherit = this.#configuration.get(memberOf(job, 'inherit'), 'default');
    if (inherit === undefined) return true;
    if (inherit.node.kind === 'scalar') return inherit.node.value !== 'false';
    return this.#configuration.items(inherit).some((each) => wordOf(each) === key);
  }

  get(job: Merged, key: string): Merged | undefined {
    const own = this.#configuration.get(job, key);
    if (own !== undefined || !this.#allows(job, key)) return own;
    const configuration = this.#configuration;
    return (
      configuration.get(this.#defaults, key) ??
      (isJobName(key) ? undefined : configuration.resolve(configuration.member(key)?.value))
    );
  }

  /** Variables of the file that `inherit:variables` lets through. */
  variables(job: Merged): Variable[] {
    const all = [...this.#variables];
    const inherit = this.#configuration.get(memberOf(job, 'inherit'), 'variables');
    if (inherit === undefined) return all;
    if (inherit.node.kind === 'scalar') return inherit.node.value === 'false' ? [] : all;
    const names = new Set(this.#configuration.items(inherit).map((each) => wordOf(each)));
    return all.filter(({ name }) => names.has(name));
  }
}

/** Everything that a job runs, in its order: what runs before the checkout, too, and scripts of `run:`. */
function readLines(merged: Merged, inherited: Inherited, configuration: Configuration): Merged[] {
  const hook = configuration.get(inherited.get(merged, 'hooks'), 'pre_get_sources_script');
  const steps = configuration.items(configuration.get(merged, 'run'));
  const lists = [
    hook,
    inherited.get(merged, 'before_script'),
    configuration.get(merged, 'script'),
    ...steps.map((step) => memberOf(step, 'script')),
    inherited.get(merged, 'after_script'),
  ];
  return lists.flatMap((list) => configuration.items(list));
}

/** Each line of the scripts is a step, so that a place is exact wherever the line came from. */
function readSteps(
  merged: Merged,
  node: GitlabJob['node'],
  job: GitlabJob,
  inherited: Inherited,
  configuration: Configuration,
): Step[] {
  const steps: Step[] = [];
  for (const line of readLines(merged, inherited, configuration)) {
    const text = textOf(line);
    if (text === undefined || text.value === '' || steps.length >= STEPS_MAX) continue;
    steps.push({
      job,
      index: steps.length,
      node,
      id: undefined,
      name: undefined,
      guard: undefined,
      env: [],
      work: { kind: 'script', text, shell: undefined, workingDirectory: undefined },
    });
  }
  return steps;
}

function readCall(value: Merged | undefined, configuration: Configuration): Call | undefined {
  if (value === undefined) return undefined;
  const shared = {
    inputs: readVariables(memberOf(value, 'inputs')),
    secrets: [],
    inheritsSecrets: undefined,
  };
  const project = textOf(value.members === undefined ? value : memberOf(value, 'project'));
  if (project !== undefined) {
    const branch = wordOf(memberOf(value, 'branch'));
    return { text: project, reference: projectReference(project.value, branch), ...shared };
  }
  const [include] = readIncludes(memberOf(value, 'include'), configuration);
  return include === undefined
    ? undefined
    : { text: include.text, reference: toReference(include), ...shared };
}

function readMatrix(value: Merged | undefined, configuration: Configuration): Variable[] {
  return configuration
    .items(memberOf(value, 'matrix'))
    .flatMap((row) =>
      membersOf(row).flatMap(([name, { key, value: values }]) =>
        configuration.items(values).map((each) => ({ name, key, value: textOf(each), node: each.node })),
      ),
    );
}

function findAllowFailure(merged: Merged): Placed | undefined {
  const member = merged.members?.get('allow_failure');
  if (member === undefined || wordOf(member.value) !== 'true') return undefined;
  return { source: member.source, span: { start: member.key.start, end: member.value.node.end } };
}

function readJob(
  id: string,
  member: Member,
  merged: Merged,
  pipeline: GitlabPipeline,
  inherited: Inherited,
  configuration: Configuration,
): GitlabJob | undefined {
  const { node } = member.value;
  if (node.kind !== 'mapping') return undefined;
  const get = (key: string): Merged | undefined => configuration.get(merged, key);
  const artifacts = inherited.get(merged, 'artifacts');
  const container = readImage(inherited.get(merged, 'image'));
  const services = readImages(inherited.get(merged, 'services'), configuration);
  const images: ImageUse[] = [...(container === undefined ? [] : [container]), ...services];
  const dependencies = get('dependencies');
  const trigger = get('trigger');
  const steps: Step[] = [];
  const job: GitlabJob = {
    pipeline,
    id,
    key: member.key,
    node,
    name: undefined,
    needs: readNeeds(get('needs'), configuration),
    guard: readGuard(merged, configuration),
    runner: readRunner(inherited.get(merged, 'tags'), configuration),
    environment: readEnvironment(get('environment')),
    permissions: undefined,
    env: joinVariables(readVariables(get('variables')), inherited.variables(merged)),
    container,
    services,
    matrix: readMatrix(get('parallel'), configuration),
    outputs: [],
    steps,
    call: readCall(trigger, configuration),
    hidden: id.startsWith('.'),
    place: { source: member.source, span: member.key },
    stage: wordOf(get('stage')) ?? 'test',
    rules: readRules(merged, configuration),
    when: wordOf(get('when')),
    allowFailure: findAllowFailure(merged),
    failureAllowed: { true: true, false: false }[wordOf(get('allow_failure')) ?? ''],
    dependencies: dependencies === undefined ? undefined : readNeeds(dependencies, configuration),
    identityTokens: readIdentityTokens(inherited.get(merged, 'id_tokens'), configuration),
    secrets: readSecrets(get('secrets'), configuration),
    caches: readCaches(inherited.get(merged, 'cache'), configuration),
    reports: readReports(artifacts, configuration),
    environmentAction: wordOf(memberOf(get('environment'), 'action')),
    images,
    trigger: readTrigger(trigger, configuration),
    needed: readNeeded(get('needs'), configuration),
    artifacts: readArtifacts(artifacts, configuration),
    extended: readWordsPlaced(memberOf(merged, 'extends'), configuration),
    stageWord: readWordsPlaced(get('stage'), configuration)[0],
    resourceGroup: textOf(get('resource_group')),
    interruptible: readWordsPlaced(inherited.get(merged, 'interruptible'), configuration)[0],
    deploymentTier: wordOf(memberOf(get('environment'), 'deployment_tier')),
  };
  steps.push(...readSteps(merged, node, job, inherited, configuration));
  return job;
}

export function readJobs(configuration: Configuration, pipeline: GitlabPipeline, jobs: GitlabJob[]): void {
  const inherited = new Inherited(configuration);
  for (const id of configuration.names) {
    if (!isJobName(id) || jobs.length >= JOBS_MAX) continue;
    const [member, merged] = [configuration.member(id), configuration.extended(id)];
    if (member === undefined || merged === undefined) continue;
    const job = readJob(id, member, merged, pipeline, inherited, configuration);
    if (job !== undefined) jobs.push(job);
  }
}
