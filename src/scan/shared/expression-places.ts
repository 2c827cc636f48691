import { readCondition, readExpressions } from '#pipeline/github/expressions/read.ts';
import { memoize } from '#pipeline/memoize.ts';
import type { Job, Pipeline, Step } from '#pipeline/model.ts';
import { Text } from '#pipeline/text.ts';
import { keyText } from '#pipeline/yaml/access.ts';
import type { ScalarNode, YamlNode } from '#pipeline/yaml/node.ts';
import { contextsAt } from './context-availability.ts';

/** A value that the platform searches for expressions, and where it stands. */
export interface ExpressionPlace {
  /** Keys from the root with `*` for names and list items: `jobs.*.steps.*.run`. */
  readonly path: string;
  /** What the platform fills there; undefined for places that are not known, or not evaluated. */
  readonly contexts: readonly string[] | undefined;
  readonly text: Text;
  readonly job: Job | undefined;
  readonly step: Step | undefined;
}

const DEPTH_MAX = 24;
/** No key that means something is longer, and a path repeats it for everything below. */
const KEY_CHARACTERS_MAX = 200;
const CONDITION = /(?:^jobs|\.?steps|\.parallel)\.\*\.if$/;
/** Mappings whose keys are names that people chose. */
const NAMED = new Set([
  'jobs',
  'env',
  'with',
  'outputs',
  'inputs',
  'secrets',
  'services',
  'matrix',
  'permissions',
]);

interface Position {
  readonly path: string;
  /** The last of the path. */
  readonly key: string;
  readonly depth: number;
  readonly job: Job | undefined;
  readonly step: Step | undefined;
}

/** Jobs and steps by the nodes they were read from, and what was found so far. */
interface Search {
  readonly pipeline: Pipeline;
  readonly jobs: ReadonlyMap<YamlNode, Job>;
  readonly steps: ReadonlyMap<YamlNode, Step>;
  readonly places: ExpressionPlace[];
  /** By path: most repeat. */
  readonly contexts: Map<string, ExpressionPlace['contexts']>;
}

function findContexts(
  path: string,
  kind: 'workflow' | 'action',
  known: Search['contexts'],
): ExpressionPlace['contexts'] {
  if (known.has(path)) return known.get(path);
  const contexts = contextsAt(path, kind);
  known.set(path, contexts);
  return contexts;
}

function addPlace(node: ScalarNode, { path, job, step }: Position, search: Search): void {
  const { kind, source } = search.pipeline;
  const condition = path.endsWith('if') && CONDITION.test(path);
  if (node.value === '' || (!condition && !node.value.includes('${{'))) return;
  const text = new Text(node, source, condition ? readCondition : readExpressions);
  const contexts = kind === 'template' ? undefined : findContexts(path, kind, search.contexts);
  search.places.push({ path, contexts, text, job, step });
}

/** Most values, and a place would be worked out for nothing. */
function isPlainText(node: YamlNode, key: string): boolean {
  return node.kind === 'scalar' && key !== 'if' && !node.value.includes('${{');
}

function visit(node: YamlNode, at: Position, search: Search): void {
  if (at.depth > DEPTH_MAX) return;
  const depth = at.depth + 1;
  const prefix = at.path === '' ? '' : `${at.path}.`;
  if (node.kind === 'scalar') addPlace(node, at, search);
  else if (node.kind === 'sequence') {
    for (const item of node.items) {
      if (isPlainText(item, '*')) continue;
      const step = at.step ?? (at.job === undefined ? undefined : search.steps.get(item));
      visit(item, { path: `${prefix}*`, key: '*', depth, job: at.job, step }, search);
    }
  } else if (node.kind === 'mapping') {
    const named = NAMED.has(at.key);
    for (const entry of node.entries) {
      const written = keyText(entry);
      if (written === undefined || isPlainText(entry.value, written)) continue;
      const key = named ? '*' : written.slice(0, KEY_CHARACTERS_MAX);
      const job = at.job ?? search.jobs.get(entry.value);
      visit(entry.value, { path: prefix + key, key, depth, job, step: at.step }, search);
    }
  }
}

/** Every value with an expression, and every condition. What an alias stands for is seen where it is defined. */
export const findExpressionPlaces = memoize((pipeline: Pipeline): readonly ExpressionPlace[] => {
  const { jobs, node } = pipeline;
  const search: Search = {
    pipeline,
    jobs: new Map(jobs.map((job) => [job.node, job])),
    steps: new Map(jobs.flatMap(({ steps }) => steps.map((step) => [step.node, step]))),
    places: [],
    contexts: new Map(),
  };
  visit(node, { path: '', key: '', depth: 0, job: undefined, step: undefined }, search);
  return search.places;
});
