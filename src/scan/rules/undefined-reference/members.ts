import type { ExpressionNode } from '#pipeline/expression.ts';
import type { Job, Pipeline } from '#pipeline/model.ts';
import { asMapping, findValue } from '#pipeline/yaml/access.ts';
import type { ExpressionPlace } from '../../shared/expression-places.ts';
import { suggest } from '../../shared/nearest-word.ts';

const MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['steps', ['outputs', 'outcome', 'conclusion']],
  ['needs', ['outputs', 'result']],
]);

/** `steps.build.version` as its words; undefined when a part of it is computed. */
function wordsOf(node: ExpressionNode): string[] | undefined {
  if (node.kind === 'context') return [node.name];
  if (node.kind !== 'property') return undefined;
  const before = wordsOf(node.object);
  return before === undefined || before.length > 3 ? undefined : [...before, node.name];
}

/** Outputs of a job of this file; undefined when they stand elsewhere or are computed. */
function outputsOf(id: string, place: ExpressionPlace, pipeline: Pipeline): [Job, string[]] | undefined {
  if (place.job?.needs.some(({ value }) => value.toLowerCase() === id) !== true) return undefined;
  const job = pipeline.jobs.find((each) => each.id.toLowerCase() === id);
  if (job === undefined || job.call !== undefined) return undefined;
  const written = findValue(job.node, 'outputs');
  if (written !== undefined && asMapping(written) === undefined) return undefined;
  return [job, job.outputs.map(({ name }) => name)];
}

/** Why `steps.a.version` or `needs.a.outputs.b` is empty; undefined when it is not, or nobody can tell. */
export function findMissingMember(
  node: ExpressionNode,
  place: ExpressionPlace,
  pipeline: Pipeline,
): string | undefined {
  if (node.kind !== 'property') return undefined;
  const words = wordsOf(node);
  const [context = '', id = '', member = '', output] = words ?? [];
  const members = MEMBERS.get(context.toLowerCase());
  if (words === undefined || members === undefined || words.length < 3) return undefined;
  const name = words.join('.').slice(0, 60);
  if (words.length === 3) {
    if (members.includes(member.toLowerCase())) return undefined;
    const what = context.toLowerCase() === 'steps' ? 'a step' : 'a needed job';
    return `${name} is always empty: ${what} has ${members.join(', ')}`;
  }
  if (context.toLowerCase() !== 'needs' || member.toLowerCase() !== 'outputs' || output === undefined) {
    return undefined;
  }
  const [job, outputs] = outputsOf(id.toLowerCase(), place, pipeline) ?? [];
  if (job === undefined || outputs === undefined) return undefined;
  if (outputs.some((each) => each.toLowerCase() === output.toLowerCase())) return undefined;
  return `${name} is always empty: the job ${job.id} has no such output${suggest(output, outputs)}`;
}
