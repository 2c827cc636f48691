import type { Pipeline } from '../../model.ts';
import type { Repository } from '../../repository.ts';
import type { Taint } from '../../taint.ts';
import { type Actor, type Authority, isOutsider, moreOpen, type Trigger } from '../../trigger.ts';
import type { Shape } from '../untrusted-contexts.ts';

const CALLS_MAX = 12;

function authorityOf(triggers: readonly Trigger[]): Authority {
  if (triggers.some((trigger) => trigger.authority === 'full')) return 'full';
  return triggers.some((trigger) => trigger.authority === 'caller') ? 'caller' : 'read-only-for-forks';
}

/** The pipeline's own triggers, and those of everything in the repository that calls it. */
export function triggersOf(
  repository: Repository,
  pipeline: Pipeline,
  seen = new Set<Pipeline>(),
): readonly Trigger[] {
  if (seen.has(pipeline) || seen.size > CALLS_MAX) return [];
  seen.add(pipeline);
  const callers = new Set(repository.callersOf(pipeline).map(({ job }) => job.pipeline));
  return [...pipeline.triggers, ...[...callers].flatMap((caller) => triggersOf(repository, caller, seen))];
}

/** A taint that begins here, as bad as the most open of the triggers makes it. */
export function originTaint(
  origin: string,
  shape: Shape,
  triggers: readonly Trigger[],
  certainty: Taint['certainty'] = 'certain',
): Taint {
  const writtenBy = triggers.reduce<Actor>((open, trigger) => moreOpen(open, trigger.firedBy), 'internal');
  // Who is more open decides: what members can do with it says nothing about outsiders.
  const strongest = isOutsider(writtenBy) ? triggers.filter(({ firedBy }) => isOutsider(firedBy)) : triggers;
  const events = [...new Set(triggers.map((trigger) => trigger.event))];
  return { origin, shape, events, writtenBy, authority: authorityOf(strongest), hops: [], certainty };
}
