import type { ReportedFinding } from '../reported-finding.ts';

/**
 * Where a finding stands. `new`: first seen in the latest report of its scope · `open`: seen before and still there ·
 * `reopened`: came back after it was fixed, or its acceptance ended · `fixed`: no longer in the latest report ·
 * `waived`: somebody accepted it until a day · `false-positive`: somebody says that it is none.
 */
export const findingStates = ['new', 'open', 'reopened', 'fixed', 'waived', 'false-positive'] as const;
export type FindingState = (typeof findingStates)[number];

/** States of what is there and nobody decided to live with: these are what a gate counts. */
export const unresolvedStates = ['new', 'open', 'reopened'] as const satisfies readonly FindingState[];

/**
 * What one report can speak about: a report closes findings of its own scope and no others, so that the report of a
 * feature branch, or of another tool, never closes what stands on the main branch.
 */
export interface FindingScope {
  /** `owner/name` or any other label, at most 200 characters. */
  readonly repository: string;
  /** Id of the tool family. */
  readonly tool: string;
  /** `branch=main`, `image=shop`, `part=code`, joined by `;`; empty when nothing was said. See `scope.ts`. */
  readonly target: string;
}

/** A decision to live with a finding: whose it is, why, and until when. */
export interface Acceptance {
  readonly owner: string;
  readonly reason: string;
  readonly untilMs: number;
  readonly by: string;
  readonly atMs: number;
}

export interface FalsePositive {
  readonly reason: string;
  readonly by: string;
  readonly atMs: number;
}

/** A time in which the clock of the service level stands still; without an end it still does. */
export interface Pause {
  readonly fromMs: number;
  readonly toMs?: number;
}

/** What people decided about a finding. */
export interface Triage {
  readonly acceptance?: Acceptance;
  readonly falsePositive?: FalsePositive;
  readonly assignee?: string;
  /** What the tool itself decided, where the configuration lets that count. */
  readonly byTool?: 'accepted' | 'false-positive';
  readonly pauses?: readonly Pause[];
}

/** A finding with its life so far. */
export interface TrackedFinding {
  /** `fnd_…`; the same as long as we are sure that it is the same finding. */
  readonly id: string;
  readonly scope: FindingScope;
  readonly state: FindingState;
  readonly firstSeenMs: number;
  /** Time of the last report that had it. */
  readonly lastSeenMs: number;
  readonly fixedAtMs?: number;
  /** When its clock began: the first sighting, in whichever scope of the repository that was. */
  readonly clockStartedAtMs: number;
  /** When it has to be mended at the latest; absent when its severity has no limit, or while it is resolved. */
  readonly dueAtMs?: number;
  readonly triage: Triage;
  /** Who mends it, by the repository's CODEOWNERS. */
  readonly owner?: string;
  /** The report that it was last seen in. */
  readonly reportId: string;
  /** As it was reported last. */
  readonly finding: ReportedFinding;
}

export const historyKinds = [
  'fixed',
  'reopened',
  'moved',
  'changed',
  'accepted',
  'acceptance-ended',
  'false-positive',
  'restored',
  'assigned',
  'comment',
] as const;
export type HistoryKind = (typeof historyKinds)[number];

/** One change in the life of a finding; its first sighting is `firstSeenMs` and needs no entry. */
export interface HistoryEntry {
  readonly atMs: number;
  /** A person's subject, or `vouchgate` for what a report or the calendar did. */
  readonly by: string;
  readonly kind: HistoryKind;
  /** Why, or what changed, in words. */
  readonly note: string;
  /** The report that showed it. */
  readonly reportId?: string;
}
