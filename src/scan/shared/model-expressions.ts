import type { Guard, ImageUse, Job, Pipeline, Step, Variable } from '#pipeline/model.ts';
import type { Expression, Text } from '#pipeline/text.ts';

type Part = Text | undefined;

const valuesOf = (variables: readonly Variable[]): Part[] =>
  variables.flatMap(({ value }) => (value === undefined || value.isConstant ? [] : [value]));
const guardText = (guard: Guard | undefined): Part => guard?.text;
const imageTexts = (image: ImageUse | undefined): Part[] =>
  image === undefined ? [] : [image.text, ...valuesOf(image.credentials)];

function expressionsIn(parts: readonly Part[]): readonly Expression[] {
  const found: Expression[] = [];
  for (const text of parts) if (text !== undefined && !text.isConstant) found.push(...text.expressions);
  return found;
}

/** Every expression of a step that the model knows: condition, variables, script or inputs. */
export function expressionsOfStep(step: Step): readonly Expression[] {
  const { work } = step;
  const own: Part[] = [guardText(step.guard), step.name, ...valuesOf(step.env)];
  if (work.kind === 'script') own.push(work.text, work.shell, work.workingDirectory);
  if (work.kind === 'action') own.push(...valuesOf(work.inputs));
  return expressionsIn(own);
}

/** Every expression of a job outside of its steps. */
export function expressionsOfJob(job: Job): readonly Expression[] {
  return expressionsIn([
    guardText(job.guard),
    job.name,
    ...valuesOf(job.env),
    ...valuesOf(job.matrix),
    ...valuesOf(job.outputs),
    ...(job.runner?.labels ?? []),
    job.runner?.group,
    job.environment?.name,
    ...imageTexts(job.container),
    ...job.services.flatMap(imageTexts),
    ...valuesOf(job.call?.inputs ?? []),
    ...valuesOf(job.call?.secrets ?? []),
  ]);
}

/** Every expression of a pipeline outside of its jobs. */
export function expressionsOfPipeline(pipeline: Pipeline): readonly Expression[] {
  return expressionsIn([pipeline.name, ...valuesOf(pipeline.env), ...valuesOf(pipeline.outputs)]);
}
