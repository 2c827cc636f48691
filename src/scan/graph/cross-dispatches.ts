import { pathOf, walkExpression } from '#pipeline/expression.ts';
import { codeTextsOf } from '#pipeline/github/code-inputs.ts';
import type { TaintAnalysis } from '#pipeline/github/taint/taint-analysis.ts';
import type { Job, Pipeline, Step } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { Span } from '#pipeline/source.ts';
import type { Taint } from '#pipeline/taint.ts';
import { type Expression, locateExpression, type Text } from '#pipeline/text.ts';
import { isOutsider } from '#pipeline/trigger.ts';
import { inputOf } from '../shared/foreign-code.ts';
import type { Crossing } from './crossing.ts';
import { type Cause, causeOf } from './entries.ts';
import { type Outsiders, sitesOf } from './sites.ts';

/** A step that starts another workflow of this repository. */
interface Dispatch {
  readonly target: Pipeline;
  readonly span: Span;
}

const COMMANDS =
  /\bgh\s+workflow\s+run\s[^\n]{0,300}|\/actions\/workflows\/[^\s/]{1,200}\/dispatches|\/dispatches\b/;
const SCRIPT_CHARS_MAX = 20_000;

function hasEvent({ triggers }: Pipeline, event: string): boolean {
  return triggers.some((trigger) => trigger.event === event);
}

/** A workflow that the words name by its file, or else by its name. */
function findNamed(words: string, repository: Repository, event: string): Pipeline | undefined {
  return repository.pipelines.find((pipeline) => {
    const base = pipeline.file.replace(/^.*\//, '');
    const name = pipeline.name?.value;
    if (!hasEvent(pipeline, event)) return false;
    return words.includes(base) || (name !== undefined && name.length > 3 && words.includes(name));
  });
}

function ofScript(text: Text, repository: Repository): Dispatch | undefined {
  const value = text.value.slice(0, SCRIPT_CHARS_MAX);
  // Most scripts start nothing: a plain search is faster than the pattern.
  if (!value.includes('dispatches') && !value.includes('workflow')) return undefined;
  const match = COMMANDS.exec(value);
  if (match === null) return undefined;
  const span = text.span(match.index, match.index + match[0].length);
  const named = findNamed(match[0], repository, 'workflow_dispatch');
  if (named !== undefined) return { target: named, span };
  if (!match[0].startsWith('/dispatches')) return undefined;
  const [only, ...others] = repository.pipelines.filter((each) => hasEvent(each, 'repository_dispatch'));
  return only === undefined || others.length > 0 ? undefined : { target: only, span };
}

function dispatchOf({ work }: Step, repository: Repository): Dispatch | undefined {
  if (work.kind === 'script') return ofScript(work.text, repository);
  if (work.kind !== 'action') return undefined;
  const span = work.text.node;
  switch (work.reference.repository) {
    case 'benc-uk/workflow-dispatch': {
      const target = findNamed(inputOf(work, 'workflow') ?? '', repository, 'workflow_dispatch');
      return target === undefined ? undefined : { target, span };
    }
    case 'peter-evans/repository-dispatch': {
      const type = inputOf(work, 'event-type') ?? '';
      const target = repository.pipelines.find(({ triggers }) =>
        triggers.some((each) => each.event === 'repository_dispatch' && takes(each.activities, type)),
      );
      return target === undefined ? undefined : { target, span };
    }
    default:
      return undefined;
  }
}

const takes = (activities: readonly string[] | undefined, type: string) =>
  activities === undefined || activities.includes(type);

interface Sink {
  readonly job: Job;
  readonly expression: Expression;
  readonly what: string;
  readonly name: string;
}

const INPUT = /^(?:github\.event\.)?inputs\.([\w-]+)$|^github\.event\.client_payload\.([\w.-]+)$/;

function nameIn(expression: Expression): string | undefined {
  if (!expression.parsed.ok) return undefined;
  for (const node of walkExpression(expression.parsed.root)) {
    const match = INPUT.exec(pathOf(node) ?? '');
    if (match !== null) return match[1] ?? match[2];
  }
  return undefined;
}

/** Inputs of a workflow that become code in it. */
function findSinks({ jobs }: Pipeline): Sink[] {
  return jobs.flatMap((job) =>
    job.steps.flatMap((step) =>
      codeTextsOf(step).flatMap(({ text, what }) =>
        text.expressions.flatMap((expression): Sink[] => {
          const name = nameIn(expression);
          return name === undefined ? [] : [{ job, expression, what, name }];
        }),
      ),
    ),
  );
}

/** Each start is compared with each of them. */
const SINKS_MAX = 100;

const known = new WeakMap<Pipeline, readonly Sink[]>();

function sinksOf(pipeline: Pipeline): readonly Sink[] {
  const sinks = known.get(pipeline) ?? findSinks(pipeline).slice(0, SINKS_MAX);
  known.set(pipeline, sinks);
  return sinks;
}

function* textsOf({ env, work }: Step): Generator<Text> {
  for (const { value } of env) if (value !== undefined) yield value;
  if (work.kind === 'script') yield work.text;
  if (work.kind === 'action') for (const { value } of work.inputs) if (value !== undefined) yield value;
}

/** Something in the step that an outsider wrote. */
function findTaint(step: Step, taint: TaintAnalysis): Taint | undefined {
  for (const text of textsOf(step)) {
    for (const expression of text.expressions) {
      const found = taint
        .taintsOf(expression, { pipeline: step.job.pipeline, job: step.job, step })
        .find(({ writtenBy, authority }) => isOutsider(writtenBy) && authority === 'full');
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function cross(step: Step, dispatch: Dispatch, taint: Taint, cause: Cause): Crossing | undefined {
  const { source, file } = step.job.pipeline;
  const words = source.slice(step.node);
  const sink = sinksOf(dispatch.target).find(({ name }) => words.includes(name.replace(/^.*\./, '')));
  if (sink === undefined) return undefined;
  const span = locateExpression(sink.expression);
  const name = sink.name.slice(0, 60);
  return {
    kind: 'dispatch',
    from: {
      root: step.job.pipeline,
      job: step.job,
      event: '',
      complexity: cause.complexity,
      certain: true,
      way: cause.hops,
    },
    to: sink.job,
    source,
    span: dispatch.span,
    hops: [
      { label: `starts ${dispatch.target.file} with what they wrote`, source, span: dispatch.span },
      {
        label: `the input ${name} becomes code in ${sink.what} of ${sink.job.id}`,
        source: dispatch.target.source,
        span,
      },
    ],
    complexity: cause.complexity,
    certain: taint.certainty === 'certain',
    message: `${file.replace(/^.*\//, '')} starts ${dispatch.target.file.replace(/^.*\//, '')} with text of outsiders in \`${name}\`, which becomes code there`,
  };
}

/** Text of outsiders that one workflow hands to another when it starts it. */
export function crossDispatches(
  repository: Repository,
  outsiders: Outsiders,
  taint: TaintAnalysis,
): Crossing[] {
  const steps = repository.pipelines
    .filter(({ platform, kind }) => platform === 'github' && kind === 'workflow')
    .flatMap(({ jobs }) => jobs.flatMap((job) => job.steps));
  return steps.flatMap((step): Crossing[] => {
    const dispatch = dispatchOf(step, repository);
    if (dispatch === undefined || sinksOf(dispatch.target).length === 0) return [];
    for (const site of sitesOf(step.job, repository)) {
      const [open] = outsiders.privilegedTriggers(site, step);
      const found = open === undefined ? undefined : findTaint(step, taint);
      if (open === undefined || found === undefined) continue;
      const crossing = cross(step, dispatch, found, causeOf(open, site.root, repository));
      return crossing === undefined ? [] : [crossing];
    }
    return [];
  });
}
