/** What an event takes under `on:`; GitHub's page “Events that trigger workflows” (state: 2026-11). */
export interface EventForm {
  /** Undefined where GitHub skips keys that it does not know. */
  readonly keys: readonly string[] | undefined;
  /** Undefined when names are free, or the event has none. */
  readonly activities: readonly string[] | undefined;
}

const BRANCHES = ['branches', 'branches-ignore'];
const PATHS = ['paths', 'paths-ignore'];
const PULL_REQUEST = [
  'assigned',
  'unassigned',
  'labeled',
  'unlabeled',
  'opened',
  'edited',
  'closed',
  'reopened',
  'synchronize',
  'converted_to_draft',
  'locked',
  'unlocked',
  'enqueued',
  'dequeued',
  'milestoned',
  'demilestoned',
  'ready_for_review',
  'review_requested',
  'review_request_removed',
  'auto_merge_enabled',
  'auto_merge_disabled',
  'stacked',
];

const plain = (): EventForm => ({ keys: [], activities: undefined });
const typed = (...activities: readonly string[]): EventForm => ({ keys: ['types'], activities });
const filtered = (keys: readonly string[] | undefined, activities?: readonly string[]): EventForm => ({
  keys,
  activities,
});

export const EVENTS: ReadonlyMap<string, EventForm> = new Map([
  ['branch_protection_rule', typed('created', 'edited', 'deleted')],
  ['check_run', typed('created', 'rerequested', 'completed', 'requested_action')],
  ['check_suite', typed('completed', 'requested', 'rerequested')],
  ['create', plain()],
  ['delete', plain()],
  ['deployment', plain()],
  ['deployment_status', plain()],
  [
    'discussion',
    typed(
      'created',
      'edited',
      'deleted',
      'transferred',
      'pinned',
      'unpinned',
      'labeled',
      'unlabeled',
      'locked',
      'unlocked',
      'category_changed',
      'answered',
      'unanswered',
      'closed',
      'reopened',
    ),
  ],
  ['discussion_comment', typed('created', 'edited', 'deleted')],
  ['fork', plain()],
  ['gollum', plain()],
  // Newer ones whose details are still moving are known by name only.
  ['image_version', filtered(['names', 'versions', 'types'])],
  ['issue_comment', typed('created', 'edited', 'deleted')],
  [
    'issues',
    typed(
      'opened',
      'edited',
      'deleted',
      'transferred',
      'pinned',
      'unpinned',
      'closed',
      'reopened',
      'assigned',
      'unassigned',
      'labeled',
      'unlabeled',
      'locked',
      'unlocked',
      'milestoned',
      'demilestoned',
      'typed',
      'untyped',
      'field_added',
      'field_removed',
    ),
  ],
  ['label', typed('created', 'edited', 'deleted')],
  ['merge_group', filtered(['types', ...BRANCHES], ['checks_requested', 'destroyed'])],
  ['milestone', typed('created', 'closed', 'opened', 'edited', 'deleted')],
  ['page_build', plain()],
  ['project', typed('created', 'closed', 'reopened', 'edited', 'deleted')],
  ['project_card', typed('created', 'moved', 'converted', 'edited', 'deleted')],
  ['project_column', typed('created', 'updated', 'moved', 'deleted')],
  ['public', plain()],
  ['pull_request', filtered(['types', ...BRANCHES, ...PATHS], PULL_REQUEST)],
  ['pull_request_comment', typed('created', 'edited', 'deleted')],
  ['pull_request_review', filtered(['types', ...BRANCHES], ['submitted', 'edited', 'dismissed'])],
  ['pull_request_review_comment', filtered(['types', ...BRANCHES], ['created', 'edited', 'deleted'])],
  ['pull_request_target', filtered(['types', ...BRANCHES, ...PATHS], PULL_REQUEST)],
  ['push', filtered([...BRANCHES, 'tags', 'tags-ignore', ...PATHS])],
  ['registry_package', typed('published', 'updated')],
  ['release', typed('published', 'unpublished', 'created', 'edited', 'deleted', 'prereleased', 'released')],
  ['repository_dispatch', filtered(['types'])],
  ['schedule', plain()],
  ['status', plain()],
  ['watch', typed('started')],
  ['workflow_call', filtered(['inputs', 'outputs', 'secrets'])],
  ['workflow_dispatch', filtered(undefined)],
  ['workflow_run', filtered(['types', 'workflows', ...BRANCHES], ['completed', 'requested', 'in_progress'])],
]);
