import { type Actor, type Authority, type CodeRevision, isOutsider } from '../trigger.ts';

export interface EventMeaning {
  readonly firedBy: Actor;
  readonly runs: CodeRevision;
  readonly authority: Authority;
}

const ANYONE_ON_BASE: EventMeaning = { firedBy: 'anyone', runs: 'base', authority: 'full' };
const PULL_REQUEST: EventMeaning = {
  firedBy: 'contributor-with-approval',
  runs: 'merge',
  authority: 'read-only-for-forks',
};
const MEMBER: EventMeaning = { firedBy: 'member', runs: 'pushed', authority: 'full' };
const MEMBER_ON_BASE: EventMeaning = { firedBy: 'member', runs: 'base', authority: 'full' };
const INTERNAL: EventMeaning = { firedBy: 'internal', runs: 'base', authority: 'full' };

/**
 * What GitHub's “Events that trigger workflows” says of each event, for a public repository: the worst case.
 * An event that is not here is new; it counts as one that a member causes.
 */
const EVENTS: Readonly<Record<string, EventMeaning>> = {
  discussion: ANYONE_ON_BASE,
  discussion_comment: ANYONE_ON_BASE,
  fork: ANYONE_ON_BASE,
  gollum: ANYONE_ON_BASE,
  issue_comment: ANYONE_ON_BASE,
  issues: ANYONE_ON_BASE,
  pull_request_target: ANYONE_ON_BASE,
  watch: ANYONE_ON_BASE,
  // As open as the workflow that it follows; the repository context narrows it where that one is known.
  workflow_run: ANYONE_ON_BASE,
  pull_request: PULL_REQUEST,
  pull_request_review: PULL_REQUEST,
  pull_request_review_comment: PULL_REQUEST,
  create: MEMBER,
  delete: MEMBER_ON_BASE,
  merge_group: { firedBy: 'member', runs: 'merge', authority: 'full' },
  push: MEMBER,
  release: MEMBER,
  registry_package: MEMBER,
  repository_dispatch: MEMBER_ON_BASE,
  workflow_dispatch: MEMBER,
  schedule: { firedBy: 'schedule', runs: 'base', authority: 'full' },
  workflow_call: { firedBy: 'caller', runs: 'caller', authority: 'caller' },
  branch_protection_rule: INTERNAL,
  check_run: INTERNAL,
  check_suite: INTERNAL,
  deployment: MEMBER,
  deployment_status: INTERNAL,
  page_build: INTERNAL,
  status: INTERNAL,
};

/** Events by which an outsider starts a run that has the rights of the project. */
export const openEvents: readonly string[] = Object.entries(EVENTS)
  .filter(([, { firedBy, authority }]) => isOutsider(firedBy) && authority === 'full')
  .map(([event]) => event);

export function meaningOf(event: string): EventMeaning {
  return Object.hasOwn(EVENTS, event) ? (EVENTS[event] ?? MEMBER_ON_BASE) : MEMBER_ON_BASE;
}
