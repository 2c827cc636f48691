import type { Pipeline } from '../../model.ts';
import type { Repository } from '../../repository.ts';
import type { Taint } from '../../taint.ts';
import { type Actor, type Authority, isOutsider, moreOpen, type Trigger } from '../../trigger.ts';
import type { Shape } from '../untrusted-contexts.ts';

const CALLS_MAX = 12;

function authorityOf(triggers: readonly Pick<Trigger, 'authority'>[]): Authority {
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

/** What is written, by whatever way it comes in. */
export interface Origin {
  /** A path, or words for it. */
  readonly what: string;
  readonly shape: Shape;
  readonly lines: boolean;
}

/** A taint that begins here, as bad as the most open of the triggers makes it. */
export function originTaint(
  { what, shape, lines }: Origin,
  triggers: readonly Pick<Trigger, 'event' | 'firedBy' | 'authority'>[],
  certainty: Taint['certainty'] = 'certain',
): Taint {
  const writtenBy = triggers.reduce<Actor>((open, trigger) => moreOpen(open, trigger.firedBy), 'internal');
  // Who is more open decides: what members can do with it says nothing about outsiders.
  const strongest = isOutsider(writtenBy) ? triggers.filter(({ firedBy }) => isOutsider(firedBy)) : triggers;
  const events = [...new Set(triggers.map((trigger) => trigger.event))];
  const authority = authorityOf(strongest);
  return { origin: what, shape, events, writtenBy, authority, hops: [], lines, certainty };
}
