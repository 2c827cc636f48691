import type { Job, Pipeline, Runner } from '../model.ts';
import type { Problem } from '../problem.ts';
import type { SourceText } from '../source.ts';
import type { ImportUse } from '../surface.ts';
import type { Trigger } from '../trigger.ts';
import { asMapping, asSequence, isNull, pairsOf, scalarsOf } from '../yaml/access.ts';
import { memberOf, membersOf } from '../yaml/merge-keys.ts';
import type { MappingNode, YamlNode } from '../yaml/node.ts';
import { type Clause, readClauses } from './conditions.ts';
import { type Listed, listContainers, readImage, readSteps, readVariables, textOf } from './read-steps.ts';
import { pluginImports, readSurface } from './read-surface.ts';
import { readStarts } from './starts.ts';

/** `steps:`, and the name it had before version 1. */
function stepsOf(root: MappingNode): YamlNode | undefined {
  return memberOf(root, 'steps') ?? memberOf(root, 'pipeline');
}

function findProblems(root: MappingNode): Problem[] {
  const steps = stepsOf(root);
  if (steps === undefined || isNull(steps)) return [];
  if (asMapping(steps) !== undefined || asSequence(steps) !== undefined) return [];
  const message = '"steps" has to be a list or a mapping';
  return [{ kind: 'unexpected-shape', message, span: steps, partial: true }];
}

/** `labels:` say which agent takes the run; an own one beside Woodpecker's says nothing about who else uses it. */
function readRunner(root: MappingNode, source: SourceText): Runner | undefined {
  const node = memberOf(root, 'labels');
  if (node === undefined) return undefined;
  const labels = pairsOf(node).flatMap(([, value]) => textOf(value, source) ?? []);
  // There are no agents but those of the server's owner.
  return { node, labels, group: undefined, hosting: 'self-hosted' };
}

function readTriggers(root: MappingNode, clauses: readonly Clause[] | undefined): Trigger[] {
  const node = memberOf(root, 'when') ?? root;
  return readStarts(clauses, undefined).map(
    ({ what, actor, code, authority }): Trigger => ({
      event: what.startsWith('a pull request')
        ? 'pull_request'
        : (what.replace(/^an? /, '').split(' ')[0] ?? 'push'),
      node,
      firedBy: actor,
      runs: code,
      authority,
      activities: undefined,
      filters: {},
    }),
  );
}

function matrixOf(root: MappingNode, source: SourceText): Job['matrix'] {
  return [...membersOf(memberOf(root, 'matrix'))].flatMap(([name, { key, value }]) =>
    scalarsOf(value)
      .slice(0, 100)
      .map((item) => ({ name, key, value: textOf(item, source), node: item })),
  );
}

/** Reads one file: each step as a job, because it is a container of its own with secrets of its own. */
export function readWoodpeckerPipeline(source: SourceText, root: MappingNode): Pipeline {
  const jobs: Job[] = [];
  const imports: ImportUse[] = [];
  const clauses = readClauses(memberOf(root, 'when'));
  const pipeline: Pipeline = {
    platform: 'woodpecker',
    kind: 'workflow',
    file: source.file,
    source,
    node: root,
    name: undefined,
    triggers: readTriggers(root, clauses),
    inputs: [],
    outputs: [],
    permissions: undefined,
    env: [],
    jobs,
    runtime: undefined,
    problems: findProblems(root),
    surface: { imports, complete: true },
  };
  const services = listContainers(memberOf(root, 'services')).flatMap(
    ({ node }) => readImage(node, source) ?? [],
  );
  const runner = readRunner(root, source);
  const matrix = matrixOf(root, source);
  const read = (listed: Listed): Job => {
    const { name, key, node } = listed;
    const image = readImage(node, source);
    const steps: Job['steps'][number][] = [];
    const job: Job = {
      pipeline,
      id: name,
      key,
      node,
      name: undefined,
      needs: scalarsOf(memberOf(node, 'depends_on')),
      guard: undefined,
      runner,
      environment: undefined,
      permissions: undefined,
      env: readVariables(memberOf(node, 'environment'), source),
      container: image,
      services: jobs.length === 0 ? services : [],
      matrix,
      outputs: [],
      steps,
      call: undefined,
    };
    steps.push(...readSteps(job, listed, image, source));
    const isPlugin = steps.some(({ work }) => work.kind === 'action');
    const starts = readStarts(clauses, readClauses(memberOf(node, 'when')));
    const surface = readSurface({ node, name, source, steps, image, starts });
    // The image of a plugin is what the step does, and an import; not a box around something else.
    return Object.assign(job, isPlugin ? { surface, container: undefined } : { surface });
  };
  for (const listed of [...listContainers(memberOf(root, 'clone')), ...listContainers(stepsOf(root))]) {
    const job = read(listed);
    jobs.push(job);
    imports.push(...pluginImports(job.steps, source));
  }
  return pipeline;
}
