import { outsiderAssumption } from '#pipeline/github/outsider.ts';
import type { Assumption, Knowledge } from '#pipeline/guard.ts';

/** Who can make an event happen, from the farthest to the nearest. */
export const actors = ['outsider', 'first-time', 'contributor', 'triager', 'member', 'bot'] as const;
export type ActorKind = (typeof actors)[number];

/** What `author_association` says of them: one merged change makes a contributor, rights only a collaborator. */
const ASSOCIATIONS: Readonly<Record<ActorKind, readonly string[]>> = {
  outsider: ['NONE', 'MANNEQUIN'],
  'first-time': ['FIRST_TIMER', 'FIRST_TIME_CONTRIBUTOR'],
  contributor: ['CONTRIBUTOR'],
  triager: ['COLLABORATOR'],
  member: ['MEMBER', 'OWNER', 'COLLABORATOR'],
  bot: ['NONE', 'CONTRIBUTOR'],
};
const BOT = 'dependabot[bot]';

/** Known of the event alone, whoever causes it. */
function isOfEvent(path: string): boolean {
  return path === 'github.event_name' || path === 'github.event.issue.pull_request';
}

function knownOfBot(path: string): Knowledge | undefined {
  if (path.endsWith('.login') || path === 'github.actor' || path === 'github.triggering_actor')
    return { oneOf: [BOT] };
  if (path.endsWith('.repo.fork')) return { oneOf: [false] };
  return path.endsWith('.user.type') || path.endsWith('.sender.type') ? { oneOf: ['Bot'] } : undefined;
}

/** Whether somebody has no rights in the project at all. */
export function isWithoutRights(actor: ActorKind): boolean {
  return actor === 'outsider' || actor === 'first-time' || actor === 'contributor';
}

/** What conditions can know when one of them makes `event` happen. */
export function assumeActor(actor: ActorKind, event: string): Assumption {
  const outsider = outsiderAssumption(event);
  return (path) => {
    // Comes with activities of people with triage rights alone.
    if (path.startsWith('github.event.label.') && !isWithoutRights(actor)) return undefined;
    const known = outsider(path);
    // Empty whoever it is: the event has no such member.
    if (isOfEvent(path) || (known !== undefined && 'oneOf' in known && known.oneOf[0] === '')) return known;
    if (path.endsWith('.author_association')) return { oneOf: ASSOCIATIONS[actor] };
    if (isWithoutRights(actor)) return known;
    if (known !== undefined && 'own' in known) return known;
    return actor === 'bot' ? knownOfBot(path) : undefined;
  };
}
