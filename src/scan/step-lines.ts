import { memoize } from '#pipeline/memoize.ts';
import type { ReadFile } from '#pipeline/read-file.ts';

/** The lines of one step, from 1. */
export interface StepLines {
  readonly first: number;
  readonly last: number;
}

/** Every step of a file; an alias is where its anchor is. */
export const stepLinesOf = memoize(({ definitions, source }: ReadFile): readonly StepLines[] =>
  definitions.flatMap((definition) => {
    if (definition.kind !== 'pipeline') return [];
    return definition.pipeline.jobs.flatMap(({ steps }) =>
      steps.map(({ node }) => ({
        first: source.position(node.start).line,
        // A block ends where the next line begins.
        last: source.position(Math.max(node.start, node.end - 1)).line,
      })),
    );
  }),
);

export function isInStep(line: number, { first, last }: StepLines): boolean {
  return line >= first && line <= last;
}

/** Whether two lines stand in one step. */
export function isSameStep(steps: readonly StepLines[], left: number, right: number): boolean {
  return steps.some((step) => isInStep(left, step) && isInStep(right, step));
}
