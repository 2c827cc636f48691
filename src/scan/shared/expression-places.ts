import { readCondition, readExpressions } from '#pipeline/github/expressions/read.ts';
import type { Job, Pipeline, Step } from '#pipeline/model.ts';
import type { SourceText } from '#pipeline/source.ts';
import { Text } from '#pipeline/text.ts';
import { keyText } from '#pipeline/yaml/access.ts';
import type { YamlNode } from '#pipeline/yaml/node.ts';

/** A value that the platform searches for expressions, and where it stands. */
export interface ExpressionPlace {
  /** Keys from the root with `*` for names and list items: `jobs.*.steps.*.run`. */
  readonly path: string;
  readonly text: Text;
  readonly job: Job | undefined;
  readonly step: Step | undefined;
}

const DEPTH_MAX = 24;
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
  readonly path: readonly string[];
  readonly job: Job | undefined;
  readonly step: Step | undefined;
}

/** Jobs and steps by the nodes they were read from. */
interface Index {
  readonly source: SourceText;
  readonly jobs: ReadonlyMap<YamlNode, Job>;
  readonly steps: ReadonlyMap<YamlNode, Step>;
}

function* visit(node: YamlNode, at: Position, index: Index): Generator<ExpressionPlace> {
  if (at.path.length > DEPTH_MAX) return;
  if (node.kind === 'scalar') {
    if (node.value === '') return;
    const path = at.path.join('.');
    const condition = CONDITION.test(path);
    if (!condition && !node.value.includes('${{')) return;
    const text = new Text(node, index.source, condition ? readCondition : readExpressions);
    yield { path, text, job: at.job, step: at.step };
  } else if (node.kind === 'sequence') {
    const path = [...at.path, '*'];
    for (const item of node.items) {
      const step = at.step ?? (at.job === undefined ? undefined : index.steps.get(item));
      yield* visit(item, { path, job: at.job, step }, index);
    }
  } else if (node.kind === 'mapping') {
    const named = NAMED.has(at.path.at(-1) ?? '');
    for (const entry of node.entries) {
      const key = keyText(entry);
      if (key === undefined) continue;
      const job = at.job ?? index.jobs.get(entry.value);
      yield* visit(entry.value, { path: [...at.path, named ? '*' : key], job, step: at.step }, index);
    }
  }
}

/** Every value with an expression, and every condition. What an alias stands for is seen where it is defined. */
export function* findExpressionPlaces(pipeline: Pipeline): Generator<ExpressionPlace> {
  const { jobs, source } = pipeline;
  const index: Index = {
    source,
    jobs: new Map(jobs.map((job) => [job.node, job])),
    steps: new Map(jobs.flatMap(({ steps }) => steps.map((step) => [step.node, step]))),
  };
  yield* visit(pipeline.node, { path: [], job: undefined, step: undefined }, index);
}
