import type { Platform } from './model.ts';

/** A day on which a platform began to behave differently, so that the same file means something else. */
export interface PlatformChange {
  readonly platform: Platform;
  /** `YYYY-MM-DD`, UTC. */
  readonly date: string;
  readonly what: string;
}

/** Each verdict that depends on one of these asks with the date of the scan, never with today's. */
const CHANGES = {
  'default-token-read-only': {
    platform: 'github',
    date: '2023-02-02',
    what: 'New organisations and personal accounts start with a token that can only read contents and packages.',
  },
  'target-event-from-default-branch': {
    platform: 'github',
    date: '2025-12-08',
    what: 'pull_request_target takes its workflow from the default branch, whatever the base of the request is.',
  },
  'checkout-credentials-outside-workspace': {
    platform: 'github',
    date: '2025-11-20',
    what: 'actions/checkout v6 keeps its token in a file outside of the workspace.',
  },
  'checkout-refuses-fork-code': {
    platform: 'github',
    date: '2026-06-18',
    what: 'actions/checkout v7 refuses code of a fork under pull_request_target and workflow_run.',
  },
  'checkout-refusal-in-older-majors': {
    platform: 'github',
    date: '2026-07-16',
    what: 'The refusal reached the moving tags v4, v5 and v6 of actions/checkout; commits pinned before lack it.',
  },
  'immutable-subject': {
    platform: 'github',
    date: '2026-06-18',
    what: 'Subjects of identity tokens of new and renamed repositories carry ids.',
  },
  'read-only-cache-for-untrusted': {
    platform: 'github',
    date: '2026-06-26',
    what: 'Runs that outsiders cause on the default branch can read its cache and not write it.',
  },
  'self-repository-uses': {
    platform: 'github',
    date: '2026-07-30',
    what: '`uses: $/path` takes an action from the commit of the workflow.',
  },
  'target-event-needs-policy': {
    platform: 'github',
    date: '2026-11-02',
    what: 'The default policy of public repositories blocks pull_request_target unless it is allowed.',
  },
} as const satisfies Readonly<Record<string, PlatformChange>>;

export type PlatformChangeId = keyof typeof CHANGES;

/** Whether the change holds for a scan that judges by the rules of this moment (ms since the epoch). */
export function isInForce(id: PlatformChangeId, asOfMs: number): boolean {
  return Date.parse(CHANGES[id].date) <= asOfMs;
}
