import type { Assumption, Knowledge } from '../guard.ts';

/** What `author_association` says of somebody without rights; people who had a change merged are no members. */
const OUTSIDERS = ['NONE', 'CONTRIBUTOR', 'FIRST_TIMER', 'FIRST_TIME_CONTRIBUTOR', 'MANNEQUIN'];

/** Accounts that are nobody of the project: their names are never the ones that a condition spells out. */
const ACTORS = new Set([
  'github.event.sender.login',
  'github.event.issue.user.login',
  'github.event.comment.user.login',
  'github.event.pull_request.user.login',
  'github.event.workflow_run.actor.login',
  'github.event.workflow_run.triggering_actor.login',
]);
const FORKS = new Set([
  'github.event.pull_request.head.repo.full_name',
  'github.event.pull_request.head.repo.owner.login',
  'github.event.pull_request.head.user.login',
  'github.event.workflow_run.head_repository.full_name',
  'github.event.workflow_run.head_repository.owner.login',
]);
const OWN_PEOPLE = new Set(['github.repository_owner', 'github.event.repository.owner.login']);
const OWN_REPOSITORY = new Set([
  'github.repository',
  'github.event.repository.full_name',
  'github.event.pull_request.base.repo.full_name',
]);

/** Actor names of machines can be borrowed: a pull request whose last commit is a bot's own, for one. */
function isBotName(path: string): boolean {
  return path === 'github.actor' || path === 'github.triggering_actor';
}

/** What is known when somebody without rights makes `event` happen, from a fork where there is one. */
export function outsiderAssumption(event: string): Assumption {
  return (path): Knowledge | undefined => {
    if (path === 'github.event_name') return { oneOf: [event] };
    if (path.endsWith('.author_association')) return { oneOf: OUTSIDERS };
    if (path === 'github.event.pull_request.head.repo.fork') return { oneOf: [true] };
    // `github.actor == 'dependabot[bot]'` is no fact about who wrote the change: unknown, never false.
    if (isBotName(path)) return { foreign: 'actor', mayBeBot: true };
    if (ACTORS.has(path)) return { foreign: 'actor' };
    if (FORKS.has(path)) return { foreign: 'fork' };
    if (OWN_PEOPLE.has(path) || OWN_REPOSITORY.has(path)) return { own: path };
    if (path === 'github.event.issue.pull_request')
      return event === 'issue_comment' ? undefined : { oneOf: [''] };
    if (path.startsWith('github.event.pull_request') && !event.startsWith('pull_request'))
      return { oneOf: [''] };
    return undefined;
  };
}
