import { type ExpressionNode, walkExpression } from '#pipeline/expression.ts';
import { memoize } from '#pipeline/memoize.ts';
import type { Job, Pipeline, Step, Variable } from '#pipeline/model.ts';
import type { Span } from '#pipeline/source.ts';
import type { Expression, Text } from '#pipeline/text.ts';

/** A place where an expression reads secrets. */
export interface SecretUse {
  readonly kind:
    | 'named'
    /** The whole context as a value. */
    | 'all'
    /** Which one is only known when the run is there. */
    | 'computed';
  /** As it is written; empty unless `named`. */
  readonly name: string;
  readonly node: ExpressionNode;
  readonly expression: Expression;
  /** In the file. */
  readonly span: Span;
}

function isSecrets(node: ExpressionNode): boolean {
  return node.kind === 'context' && node.name.toLowerCase() === 'secrets';
}

function classify(node: ExpressionNode): Pick<SecretUse, 'kind' | 'name'> | undefined {
  if (node.kind === 'property' && isSecrets(node.object)) return { kind: 'named', name: node.name };
  if (node.kind === 'index' && isSecrets(node.object)) return { kind: 'computed', name: '' };
  if (node.kind === 'wildcard' && isSecrets(node.object)) return { kind: 'all', name: '' };
  const handedOver = node.kind === 'call' && node.args.some(isSecrets);
  return handedOver ? { kind: 'all', name: '' } : undefined;
}

export function locateNode(expression: Expression, node: Span): Span {
  const { start } = expression.inner;
  return expression.text.span(start + node.start, start + node.end);
}

const NONE: readonly SecretUse[] = [];

function findIn(expression: Expression): readonly SecretUse[] {
  if (!expression.parsed.ok) return NONE;
  return walkExpression(expression.parsed.root).flatMap((node): SecretUse[] => {
    const found = classify(node);
    if (found === undefined || found.name.toUpperCase() === 'GITHUB_TOKEN') return [];
    return [{ ...found, node, expression, span: locateNode(expression, node) }];
  });
}

const findAll = memoize(({ expressions }: Text): readonly SecretUse[] => expressions.flatMap(findIn));

/** Every reading of a secret in a text; the job's own token is none. */
export function secretsIn(text: Text | undefined): readonly SecretUse[] {
  return text === undefined || text.isConstant || !/secrets/i.test(text.value) ? NONE : findAll(text);
}

function valuesOf(variables: readonly Variable[]): Text[] {
  return variables.flatMap(({ value }) => (value === undefined || value.isConstant ? [] : [value]));
}

/** Every text of a step in which a secret can stand. */
export function textsOfStep({ env, work }: Step): Text[] {
  if (work.kind === 'script') return [...valuesOf(env), work.text];
  return work.kind === 'action' ? [...valuesOf(env), ...valuesOf(work.inputs)] : valuesOf(env);
}

/** Texts of a job beside its steps. */
export function textsOfJob(job: Job): Text[] {
  const images = [...(job.container === undefined ? [] : [job.container]), ...job.services];
  return [
    ...valuesOf(job.env),
    ...valuesOf(job.outputs),
    ...images.flatMap(({ credentials }) => valuesOf(credentials)),
    ...valuesOf(job.call?.inputs ?? []),
    ...valuesOf(job.call?.secrets ?? []),
  ];
}

/** Secrets that a job's steps and own settings read; what the workflow sets for all jobs is not among them. */
export function secretsOfJob(job: Job): readonly SecretUse[] {
  return [...textsOfJob(job), ...job.steps.flatMap(textsOfStep)].flatMap(secretsIn);
}

interface SecretVariable {
  readonly name: string;
  readonly use: SecretUse;
}

const findVariables = memoize((variables: readonly Variable[]): readonly SecretVariable[] =>
  variables.flatMap(({ name, value }) => {
    const [use] = secretsIn(value);
    return use === undefined ? [] : [{ name, use }];
  }),
);

/** A variable that holds a secret where a step runs, the innermost first. */
export function findSecretVariable(
  { env, job }: Step,
  isWanted: (name: string) => boolean,
): SecretVariable | undefined {
  for (const variables of [env, job.env, job.pipeline.env]) {
    const found = findVariables(variables).find(({ name }) => isWanted(name));
    if (found !== undefined) return found;
  }
  return undefined;
}

export function isOnlyCalled({ triggers }: Pipeline): boolean {
  return triggers.length > 0 && triggers.every(({ event }) => event === 'workflow_call');
}
