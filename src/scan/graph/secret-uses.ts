import { type ExpressionNode, walkExpression } from '#pipeline/expression.ts';
import type { Job, Variable } from '#pipeline/model.ts';
import type { Text } from '#pipeline/text.ts';

export interface SecretUse {
  /** Undefined when the whole context is handed over, or the name is computed. */
  readonly name: string | undefined;
  readonly text: Text;
}

function* valuesOf(variables: readonly Variable[]): Generator<Text> {
  for (const { value } of variables) if (value !== undefined) yield value;
}

/** Every text of a job in which an expression can stand. */
function* textsOf(job: Job): Generator<Text> {
  yield* valuesOf(job.pipeline.env);
  yield* valuesOf(job.env);
  yield* valuesOf(job.outputs);
  if (job.guard !== undefined) yield job.guard.text;
  if (job.call !== undefined) yield* valuesOf([...job.call.inputs, ...job.call.secrets]);
  for (const image of [...job.services, ...(job.container === undefined ? [] : [job.container])])
    yield* valuesOf(image.credentials);
  for (const { env, guard, work } of job.steps) {
    yield* valuesOf(env);
    if (guard !== undefined) yield guard.text;
    if (work.kind === 'script') yield work.text;
    if (work.kind === 'action') yield* valuesOf(work.inputs);
  }
}

function isSecrets(node: ExpressionNode): boolean {
  return node.kind === 'context' && node.name.toLowerCase() === 'secrets';
}

function* namesIn(root: ExpressionNode): Generator<string | undefined> {
  const named = new Set<ExpressionNode>();
  for (const node of walkExpression(root)) {
    if (node.kind === 'property' && isSecrets(node.object)) {
      named.add(node.object);
      yield node.name;
    } else if (node.kind === 'index' && isSecrets(node.object) && node.index.kind === 'literal') {
      named.add(node.object);
      yield String(node.index.value);
    } else if (isSecrets(node) && !named.has(node)) yield undefined;
  }
}

/** Secrets that a job reads, without the platform's own token. */
export function findSecretUses(job: Job): SecretUse[] {
  const uses: SecretUse[] = [];
  for (const text of textsOf(job)) {
    for (const { parsed } of text.expressions) {
      if (!parsed.ok) continue;
      for (const name of namesIn(parsed.root))
        if (name?.toUpperCase() !== 'GITHUB_TOKEN') uses.push({ name, text });
    }
  }
  return uses;
}
