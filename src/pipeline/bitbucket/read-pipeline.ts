import type { ImageUse, Job, Pipeline, Step, Variable } from '../model.ts';
import type { Problem } from '../problem.ts';
import type { SourceText } from '../source.ts';
import type { Trigger } from '../trigger.ts';
import { asMapping, asScalar, asSequence, isNull, itemsOf } from '../yaml/access.ts';
import { memberOf } from '../yaml/merge-keys.ts';
import type { MappingNode, YamlNode } from '../yaml/node.ts';
import { readImports } from './imports.ts';
import { type ListedStep, listSteps, typedVariables } from './list-steps.ts';
import { pipeImport, pipeReference } from './pipes.ts';
import { readSurface } from './read-surface.ts';
import { readSections, type Section } from './sections.ts';
import { readImage, readRunner, readVariables, serviceNames, textOf } from './step-parts.ts';

const JOBS_MAX = 5_000;
const LINES_MAX = 20_000;

/** Lines of a script; an alias may stand for several of them. */
function linesOf(node: YamlNode | undefined, depth = 0): YamlNode[] {
  if (depth > 5) return [];
  return itemsOf(node).flatMap((item) =>
    asSequence(item) === undefined ? [item] : linesOf(item, depth + 1),
  );
}

function readWork(line: YamlNode, source: SourceText): Step['work'] | undefined {
  const text = textOf(line, source);
  if (text !== undefined) {
    return text.value === ''
      ? undefined
      : { kind: 'script', text, shell: undefined, workingDirectory: undefined };
  }
  const [pipe, inputsNode] = [asScalar(memberOf(line, 'pipe')), memberOf(line, 'variables')];
  if (pipe === undefined) return undefined;
  const inputs: Variable[] = readVariables(inputsNode, source);
  const named = textOf(pipe, source);
  if (named === undefined) return undefined;
  return {
    kind: 'action',
    text: named,
    key: pipe,
    reference: pipeReference(pipe),
    inputs,
    inputsNode,
  };
}

class Reader {
  readonly #source: SourceText;
  readonly #root: MappingNode;
  readonly #pipeline: Pipeline;
  #lines = 0;

  constructor(pipeline: Pipeline) {
    this.#source = pipeline.source;
    this.#root = pipeline.node;
    this.#pipeline = pipeline;
  }

  #readServices({ members }: ListedStep): ImageUse[] {
    const defined = memberOf(memberOf(this.#root, 'definitions'), 'services');
    return serviceNames(members.get('services')?.value).flatMap(
      (name) => readImage(memberOf(memberOf(defined, name), 'image'), this.#source) ?? [],
    );
  }

  #readSteps(listed: ListedStep, job: Job): Step[] {
    const steps: Step[] = [];
    const lists = ['script', 'after-script'].map((name) => listed.members.get(name)?.value);
    for (const line of lists.flatMap((list) => linesOf(list))) {
      this.#lines += 1;
      const work = this.#lines > LINES_MAX ? undefined : readWork(line, this.#source);
      if (work === undefined) continue;
      const shared = { job, index: steps.length, node: asMapping(line) ?? listed.node };
      steps.push({ ...shared, id: undefined, name: undefined, guard: undefined, env: [], work });
    }
    return steps;
  }

  /** A step of Bitbucket runs in a container of its own: it is what other platforms call a job. */
  readJob(section: Section, listed: ListedStep, index: number, typed: readonly string[]): Job {
    const [source, root] = [this.#source, this.#root];
    const { members, key, node } = listed;
    const name = textOf(members.get('name')?.value, source);
    const container = readImage(members.get('image')?.value ?? memberOf(root, 'image'), source);
    const services = this.#readServices(listed);
    const runner = readRunner(members.get('runs-on')?.value, source);
    const images = [...(container === undefined ? [] : [container]), ...services];
    const environment = members.get('deployment') ?? listed.stage?.get('deployment');
    const deployment = textOf(environment?.value, source);
    const steps: Step[] = [];
    const job: Job = {
      pipeline: this.#pipeline,
      id: name?.value ?? `step ${index + 1} of ${section.selector}`,
      key,
      node,
      name,
      needs: [],
      guard: undefined,
      runner,
      environment: deployment === undefined ? undefined : { node: deployment.node, name: deployment },
      permissions: undefined,
      env: [],
      container,
      services,
      matrix: [],
      outputs: [],
      steps,
      call: undefined,
    };
    steps.push(...this.#readSteps(listed, job));
    const surface = readSurface({ root, source, section, listed, steps, images, runner, typed });
    return Object.assign(job, { surface });
  }
}

/** Bitbucket refuses a file without pipelines, unless others take theirs from it. */
function findProblems(root: MappingNode): Problem[] {
  const pipelines = memberOf(root, 'pipelines');
  if (pipelines === undefined || isNull(pipelines) || asMapping(pipelines) !== undefined) return [];
  const message = '"pipelines" has to be a mapping';
  return [{ kind: 'unexpected-shape', message, span: pipelines, partial: true }];
}

function readTriggers(sections: readonly Section[]): Trigger[] {
  return sections.flatMap(({ key, starts }) =>
    starts.map(({ actor, code, authority }): Trigger => {
      const event = code === 'merge' ? 'pull_request' : 'push';
      return { event, node: key, firedBy: actor, runs: code, authority, activities: undefined, filters: {} };
    }),
  );
}

/** Reads one file: every step of every pipeline in it as a job, and what it exposes. */
export function readBitbucketPipeline(
  source: SourceText,
  root: MappingNode,
  kind: Pipeline['kind'],
): Pipeline {
  const sections = readSections(root);
  const imported = readImports(root, sections, source);
  const imports = [...imported];
  const jobs: Job[] = [];
  const pipeline: Pipeline = {
    platform: 'bitbucket',
    kind,
    file: source.file,
    source,
    node: root,
    name: undefined,
    triggers: readTriggers(sections),
    inputs: [],
    outputs: [],
    permissions: undefined,
    env: [],
    jobs,
    runtime: undefined,
    problems: findProblems(root),
    surface: { imports, complete: imported.every(({ pin }) => pin === 'local') },
  };
  const reader = new Reader(pipeline);
  for (const section of sections) {
    const typed = section.isManual ? typedVariables(section.value) : [];
    for (const [index, listed] of listSteps(section.value).entries()) {
      if (jobs.length < JOBS_MAX) jobs.push(reader.readJob(section, listed, index, typed));
    }
  }
  const pipes = new Set(
    jobs.flatMap(({ steps }) => steps.flatMap(({ work }) => (work.kind === 'action' ? [work.key] : []))),
  );
  imports.push(...[...pipes].map((pipe) => pipeImport(pipe, source)));
  return pipeline;
}
