import type { RepositoryScope } from '#core/repository-scope.ts';
import type { RecordedEvent } from '../event.ts';

/**
 * `allowed`: permitted, and the back-end has not answered yet · `issued`: the credential exists · `failed`: permitted,
 * but the back-end made nothing · `denied`.
 */
export type IndexedOutcome = 'allowed' | 'issued' | 'failed' | 'denied';

/**
 * What many decisions have in common: a workload as policies see it, without what differs from run to run, what it
 * asked for, and the policies that decided. Fields that the token did not state are absent.
 */
export interface DecisionTraits {
  readonly principal: string;
  readonly resource?: string | undefined;
  /** Name of the identity provider in the configuration. */
  readonly provider?: string | undefined;
  readonly platform?: string | undefined;
  /** Full name (`acme/shop`), as the platform stated it. */
  readonly repository?: string | undefined;
  readonly org?: string | undefined;
  readonly ref?: string | undefined;
  readonly environment?: string | undefined;
  readonly trigger?: string | undefined;
  /** The top pipeline definition, without the ref behind it. */
  readonly workflow?: string | undefined;
  /** Determining policies. */
  readonly policies: readonly string[];
}

/** One decision, as lists show it. */
export interface IndexedDecision extends DecisionTraits {
  /** Of the event that made it. */
  readonly sequence: number;
  /** Of the last event that changed its outcome. */
  readonly changed: number;
  readonly id: string;
  readonly timeMs: number;
  readonly outcome: IndexedOutcome;
  /** Code of the denial. */
  readonly reason?: string | undefined;
  readonly run?: string | undefined;
  readonly commit?: string | undefined;
  /** The person who started the run, by login or id; goes when the event is erased. */
  readonly actor?: string | undefined;
  readonly policyVersion?: string | undefined;
  /** Grade of the pipeline's posture, where one was asked for; `unknown` where it could not be found out. */
  readonly posture?: string | undefined;
  readonly lease?: string | undefined;
}

/** All of it must hold. */
export interface DecisionFilter {
  readonly scope: RepositoryScope;
  readonly outcomes?: readonly IndexedOutcome[] | undefined;
  readonly resource?: string | undefined;
  readonly provider?: string | undefined;
  readonly repository?: string | undefined;
  readonly environment?: string | undefined;
  readonly trigger?: string | undefined;
  readonly workflow?: string | undefined;
  readonly principal?: string | undefined;
  /** A determining policy. */
  readonly policy?: string | undefined;
  readonly reason?: string | undefined;
  readonly actor?: string | undefined;
  readonly run?: string | undefined;
  /** Part of the repository, resource, principal, ref, environment, trigger, workflow or a policy, in any case. */
  readonly text?: string | undefined;
  /** Milliseconds since the epoch; from is included, to is not. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

export interface DecisionCount {
  /** Start of the hour or day (UTC), ms since the epoch. */
  readonly startMs: number;
  readonly outcome: IndexedOutcome;
  readonly count: number;
}

export const DECISION_COLUMNS = [
  'resource',
  'provider',
  'repository',
  'org',
  'environment',
  'trigger',
  'workflow',
  'ref',
  'principal',
  'policy',
  'reason',
] as const;
export type DecisionColumn = (typeof DECISION_COLUMNS)[number];

export type OutcomeCounts = Readonly<Record<IndexedOutcome, number>>;

export interface TopValue {
  readonly value: string;
  readonly count: number;
  readonly outcomes: OutcomeCounts;
}

/** Decisions about the same kind of request: for replay of a changed policy, and for suggestions. */
export interface DecisionShape extends DecisionTraits {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
  readonly outcomes: OutcomeCounts;
  /** The event that made the newest of them: all that it was decided from (`body.identity`, `body.posture`). */
  readonly latest: RecordedEvent;
}

export interface DecisionChanges {
  readonly decisions: readonly IndexedDecision[];
  /** All changes up to this one were looked at. */
  readonly through: number;
}

/** Search and figures over all decisions. At most about a second behind the record. */
export interface DecisionIndex {
  /** Newest first; `before` is the sequence of the last one of the page before. At most 1,000. */
  search(
    filter: DecisionFilter,
    page: { readonly before?: number | undefined; readonly limit: number },
  ): Promise<IndexedDecision[]>;
  /** What is new or has another outcome since, in the order of change. At most 1,000. */
  changes(filter: DecisionFilter, afterChange: number, limit: number): Promise<DecisionChanges>;
  find(id: string): Promise<IndexedDecision | undefined>;
  /** Of those that are known and stated one: id → repository. At most 1,000 ids. */
  repositoriesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** In the order of time; hours and days without any are left out. */
  counts(filter: DecisionFilter, by: 'hour' | 'day'): Promise<DecisionCount[]>;
  /** Values by how often they stand there, the most frequent first. */
  top(filter: DecisionFilter, column: DecisionColumn, limit: number): Promise<TopValue[]>;
  /** The most recently seen first. At most 1,000. */
  shapes(filter: DecisionFilter, limit: number): Promise<DecisionShape[]>;
  /** Sequence of the last event that was taken in. */
  position(): Promise<number>;
}

/** What one stretch of the record does to the index. */
export interface IndexChange {
  /** Where the stretch begins and ends: nothing is changed when the index is elsewhere by now. */
  readonly from: number;
  readonly to: number;
  readonly added: readonly AddedDecision[];
  /** By the id of the decision; what is not in the index is left out. */
  readonly ended: readonly {
    readonly id: string;
    readonly outcome: 'issued' | 'failed';
    readonly changed: number;
  }[];
  /** Sequences of events whose personal part is gone. */
  readonly erased: readonly number[];
}

export interface AddedDecision extends IndexedDecision {
  /** Digest of who asked for what, as policies see it; and the same with the policies that decided. */
  readonly workload: string;
  readonly shape: string;
}

/** What the projector needs of the store, beside what everybody reads. */
export interface DecisionIndexStore extends DecisionIndex {
  /**
   * In one transaction. False when the index is not at `from` any more, or another server is at work: one server holds
   * it for as long as it goes on changing it, and for a moment after.
   */
  apply(change: IndexChange, server: string, nowMs: number, heldUntilMs: number): Promise<boolean>;
}
