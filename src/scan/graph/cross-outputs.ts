import { codeTextsOf } from '#pipeline/github/code-inputs.ts';
import type { Job, Step } from '#pipeline/model.ts';
import { type Expression, expressionText, locateExpression } from '#pipeline/text.ts';
import type { Crossing, Foothold } from './crossing.ts';

interface Sink {
  readonly step: Step;
  readonly expression: Expression;
  readonly what: string;
}

const CHARS_MAX = 300;

/** The first output of the job that becomes code in a step of another. */
function findSink(to: Job, from: Job): Sink | undefined {
  for (const step of to.steps) {
    for (const code of codeTextsOf(step)) {
      const expression = code.text.expressions.find((each) =>
        expressionText(each).slice(0, CHARS_MAX).includes(`needs.${from.id}.outputs.`),
      );
      if (expression !== undefined) return { step, expression, what: code.what };
    }
  }
  return undefined;
}

/** Outputs of a job in which outsiders run code, put into a script of another job of the run. */
export function crossOutputs(from: Foothold, later: readonly Job[]): Crossing[] {
  const { job } = from;
  if (job === undefined || job.outputs.length === 0) return [];
  return later.flatMap((to): Crossing[] => {
    const sink = findSink(to, job);
    if (sink === undefined) return [];
    const { source } = to.pipeline;
    const span = locateExpression(sink.expression);
    const [output] = job.outputs;
    return [
      {
        kind: 'output',
        from,
        to,
        source,
        span,
        hops: [
          { label: `the job ${job.id} hands out what they say`, source, span: output?.node ?? job.key },
          { label: `becomes code in ${sink.what} of the job ${to.id}`, source, span },
        ],
        complexity: from.complexity,
        certain: from.certain,
        message: `an output of ${job.id}, in which outsiders run code, becomes code in the job ${to.id}`,
      },
    ];
  });
}
