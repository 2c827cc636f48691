import type { RepositoryScope } from '#core/repository-scope.ts';
import type { ReportedFinding } from '../reported-finding.ts';
import type { RiskArea } from '../risk-area.ts';
import type { Severity } from '../severity.ts';
import type { FindingFilter } from '../tracking/ports.ts';
import type { TrackedFinding } from '../tracking/tracked-finding.ts';

/** `due`: what has no day comes last · `newest`: by the first sighting. All others: the most first. */
export const findingOrders = ['severity', 'priority', 'due', 'newest'] as const;
export type FindingOrder = (typeof findingOrders)[number];

/** A place in a list: the value that it is sorted by, and among equal ones the id. */
export interface OrderCursor {
  readonly value: number;
  readonly id: string;
}

export interface FindingSearchPage {
  readonly order: FindingOrder;
  readonly after?: OrderCursor;
  /** At most 1,000. */
  readonly limit: number;
}

export interface FoundPage {
  readonly found: readonly TrackedFinding[];
  /** Where the next page begins; undefined when this is the last. */
  readonly next?: OrderCursor;
}

export const facetNames = [
  'repository',
  'tool',
  'severity',
  'state',
  'kind',
  'area',
  'rule',
  'owner',
] as const;
export type FacetName = (typeof facetNames)[number];

export interface FacetCount {
  readonly value: string;
  readonly count: number;
}

export interface FindingFacets {
  readonly total: number;
  /** The most frequent first, at most fifty of each. */
  readonly facets: Readonly<Record<FacetName, readonly FacetCount[]>>;
}

/** What the trend tells apart. */
export type TrendGroup = 'severity' | 'area';

/** Findings of a group that were first seen, or settled, in a day (days since the epoch in UTC). */
export interface TrendCount {
  readonly day: number;
  /** A severity or a risk area; undefined for what is in none. */
  readonly group: string | undefined;
  readonly opened: number;
  readonly settled: number;
}

/** Findings that nobody settled, by what they are. */
export interface Standing {
  readonly area: RiskArea | undefined;
  readonly severity: Severity;
  readonly count: number;
  readonly overdue: number;
  /** The one with the highest priority. */
  readonly first: { readonly id: string; readonly priority: number };
}

/** Whose reports come in. */
export interface Reporting {
  readonly tools: readonly {
    readonly tool: string;
    readonly repositories: number;
    readonly lastReportMs: number;
  }[];
  /** Repositories of which a tool other than ours has reported. */
  readonly testedRepositories: number;
}

/** What a finding is about, where others that mean the same are, too: a file, or a package. */
export interface FindingSubject {
  readonly repository: string;
  readonly subject: string;
}

/** How a finding stands among others; it changes with feeds, weights and rules. */
export interface FindingRank {
  /** 0–100. */
  readonly priority: number;
  readonly area?: RiskArea;
}

/** What is worked out of a finding and stored beside it, so that a store can search and sort by it. */
export interface SearchColumns extends FindingRank {
  /** In lower case, at most 1,000 characters. */
  readonly text: string;
  readonly subject?: string;
}

export type RankFinding = (finding: ReportedFinding, repository: string) => FindingRank;

export interface RankedFinding extends FindingRank {
  readonly id: string;
  readonly repository: string;
  readonly finding: ReportedFinding;
  /** False for one that was stored before there was a search. */
  readonly isSearchable: boolean;
}

/**
 * Lists, counts and trends over all repositories. `filter.scope` is honoured by each of them. They read in windows, so
 * that none holds the store up for long; `nowMs` decides which acceptances have ended.
 */
export interface FindingSearch {
  search(filter: FindingFilter, page: FindingSearchPage, nowMs: number): Promise<FoundPage>;
  /** Each facet is counted with all filters but its own. */
  facets(filter: FindingFilter, nowMs: number): Promise<FindingFacets>;
  /** By day and group; `sinceDay` and what was before it are one. `filter.states` does not count. */
  trend(filter: FindingFilter, group: TrendGroup, sinceDay: number, nowMs: number): Promise<TrendCount[]>;
  standing(filter: FindingFilter, nowMs: number): Promise<Standing[]>;
  reporting(scope: RepositoryScope): Promise<Reporting>;
  /** Those that pass the filter and are about one of the subjects, in the order; at most 1,000. */
  about(
    subjects: readonly FindingSubject[],
    filter: FindingFilter,
    order: FindingOrder,
    nowMs: number,
  ): Promise<TrackedFinding[]>;
  /** Of the next `limit` findings behind `after`, by id, those whose rank may have to be worked out again. */
  ranked(
    after: string | undefined,
    limit: number,
  ): Promise<{ readonly findings: readonly RankedFinding[]; readonly last?: string }>;
  /** Ranks that changed, at most 1,000; they are no event and no version. */
  rank(changes: readonly (SearchColumns & { readonly id: string })[]): Promise<void>;
}
