import { meaningOf } from '../events.ts';
import type { InputDefinition, Pipeline } from '../../model.ts';
import type { Repository } from '../../repository.ts';
import type { Taint } from '../../taint.ts';
import { type Origin, originTaint } from './trigger-reach.ts';

/** An action at the top of its repository is there for others to use. */
function isPublished({ kind, file }: Pipeline): boolean {
  return kind === 'action' && /^action\.ya?ml$/.test(file);
}

/** A value of the event where nobody in this repository calls the pipeline: whoever does brings an event of their own. */
export function taintsOfUnknownCaller(
  origin: Origin,
  events: readonly string[],
  pipeline: Pipeline,
  repository: Repository,
): Taint[] {
  const open = pipeline.kind === 'action' || pipeline.triggers.some(({ event }) => event === 'workflow_call');
  if (!open || repository.callersOf(pipeline).length > 0) return [];
  if (isPublished(pipeline)) {
    const bringing = events.map((event) => ({ event, ...meaningOf(event) }));
    return [originTaint(origin, bringing, 'likely')];
  }
  return [{ ...originTaint(origin, [], 'possible'), writtenBy: 'caller', authority: 'caller' }];
}

/** What callers that are not in this repository, or the person who starts a run, put into an input. */
export function taintsOfInput(
  { type, givenBy, name }: InputDefinition,
  pipeline: Pipeline,
  repository: Repository,
): Taint[] {
  if (type !== 'string') return [];
  if (givenBy === 'caller' && repository.callersOf(pipeline).length > 0) return [];
  const common = { origin: `inputs.${name}`, shape: 'text', hops: [], lines: true } as const;
  if (givenBy === 'member') {
    const events = ['workflow_dispatch'];
    return [{ ...common, events, writtenBy: 'member', authority: 'full', certainty: 'certain' }];
  }
  const events = ['workflow_call'];
  return [{ ...common, events, writtenBy: 'caller', authority: 'caller', certainty: 'possible' }];
}
