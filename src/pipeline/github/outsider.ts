import type { Assumption, Knowledge } from '../guard.ts';
import type { Trigger } from '../trigger.ts';

/** What `author_association` says of somebody without rights; people who had a change merged are no members. */
const OUTSIDERS = ['NONE', 'CONTRIBUTOR', 'FIRST_TIMER', 'FIRST_TIME_CONTRIBUTOR', 'MANNEQUIN'];

/** Accounts that are nobody of the project: their names are never the ones that a condition spells out. */
const ACTORS = new Set([
  'github.event.sender.login',
  'github.event.issue.user.login',
  'github.event.comment.user.login',
  'github.event.pull_request.user.login',
  'github.event.pull_request.user.id',
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

/** Triage rights or more: putting a label on, assigning, locking. */
const MEMBER_ACTIVITIES = new Set([
  'labeled',
  'unlabeled',
  'assigned',
  'unassigned',
  'milestoned',
  'demilestoned',
  'locked',
  'unlocked',
  'pinned',
  'unpinned',
  'transferred',
  'deleted',
  'enqueued',
  'dequeued',
]);
/** What the author of a pull request, an issue or a comment does with it. */
const OUTSIDER_ACTIVITIES = [
  'opened',
  'edited',
  'closed',
  'reopened',
  'synchronize',
  'ready_for_review',
  'converted_to_draft',
  'review_requested',
  'created',
  'submitted',
  'dismissed',
  'completed',
  'requested',
  'in_progress',
  'answered',
  'started',
];

/** Events that leave a run of theirs behind when somebody without rights causes them; `push` is none of them. */
const FOREIGN_EVENTS = [
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
  'issue_comment',
  'issues',
  'fork',
  'watch',
];

/** What does not depend on the event. */
const CONSTANT: Readonly<Record<string, Knowledge>> = {
  'github.event.pull_request.head.repo.fork': { oneOf: [true] },
  'github.event.workflow_run.head_repository.fork': { oneOf: [true] },
  // Only a member merges, and has looked at it before.
  'github.event.pull_request.merged': { oneOf: [false] },
  'github.event.workflow_run.event': { oneOf: FOREIGN_EVENTS },
};

/** Actor names of machines can be borrowed: a pull request whose last commit is a bot's own, for one. */
function isBotName(path: string): boolean {
  return path === 'github.actor' || path === 'github.triggering_actor';
}

/** Members of the payload that the event does not have are empty. */
function isAbsent(path: string, event: string): boolean {
  if (path === 'github.event.issue.pull_request') return event !== 'issue_comment';
  if (path.startsWith('github.event.workflow_run.')) return event !== 'workflow_run';
  if (path.startsWith('github.event.pull_request')) return !event.startsWith('pull_request');
  // Comes with `labeled` alone; an issue form puts labels on for its author.
  return path.startsWith('github.event.label.') && event !== 'issues';
}

/** Runs that stand on the merge of a pull request, under a ref that no branch has. */
const ON_MERGE = new Set(['pull_request', 'pull_request_review', 'pull_request_review_comment']);

const MERGE_REF: Readonly<Record<string, Knowledge>> = {
  'github.ref': { oneOf: ['refs/pull/1/merge'] },
  'github.ref_name': { oneOf: ['1/merge'] },
  'github.ref_type': { oneOf: ['branch'] },
};

/** What is known when somebody without rights makes `event` happen, from a fork where there is one. */
export function outsiderAssumption(event: string): Assumption {
  return (path): Knowledge | undefined => {
    if (path === 'github.event_name') return { oneOf: [event] };
    if (path === 'github.event.action') return { oneOf: OUTSIDER_ACTIVITIES };
    if (isAbsent(path, event)) return { oneOf: [''] };
    if (path.endsWith('.author_association')) return { oneOf: OUTSIDERS };
    if (Object.hasOwn(CONSTANT, path)) return CONSTANT[path];
    if (ON_MERGE.has(event) && Object.hasOwn(MERGE_REF, path)) return MERGE_REF[path];
    // `github.actor == 'dependabot[bot]'` is no fact about who wrote the change: unknown, never false.
    if (isBotName(path)) return { foreign: 'actor', mayBeBot: true };
    if (ACTORS.has(path)) return { foreign: 'actor' };
    if (FORKS.has(path)) return { foreign: 'fork' };
    if (OWN_PEOPLE.has(path) || OWN_REPOSITORY.has(path)) return { own: path };
    return undefined;
  };
}

/** Whether somebody with rights has to do something before the event is there: put a label on, for one. */
export function hasMemberActivitiesOnly({ activities, event }: Trigger): boolean {
  // Everybody deletes comments of their own.
  const isOwn = (activity: string) => activity === 'deleted' && event.endsWith('_comment');
  return (
    activities !== undefined &&
    activities.length > 0 &&
    activities.every((activity) => MEMBER_ACTIVITIES.has(activity) && !isOwn(activity))
  );
}
