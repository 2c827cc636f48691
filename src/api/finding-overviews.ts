import { z } from 'zod';
import { FindingSummary, findingFilter, FindingQuery, FindingSeverity } from './finding.ts';
import { integerParameter } from './parameters.ts';

export const FindingFacetQuery = z.strictObject(findingFilter);
export type FindingFacetQuery = z.infer<typeof FindingFacetQuery>;

const Facet = z.array(z.object({ value: z.string(), count: z.int().min(0) }));

/**
 * How many findings a filter would give: each facet counts with all filters but its own, so that it shows what else
 * could be chosen. The fifty most frequent of each.
 */
export const FindingFacets = z.object({
  total: z.int().min(0).describe('Findings that pass the whole filter.'),
  facets: z.object({
    repository: Facet,
    tool: Facet,
    severity: Facet,
    state: Facet,
    kind: Facet,
    area: Facet,
    rule: Facet,
    owner: Facet,
  }),
});
export type FindingFacets = z.infer<typeof FindingFacets>;

const Day = z.iso.date().describe('In UTC.');
const count = z.int().min(0);

export const FindingTrendQuery = z.strictObject({
  ...findingFilter,
  days: integerParameter(1, 365).default(30),
});
export type FindingTrendQuery = z.infer<typeof FindingTrendQuery>;

/**
 * Findings that were not settled at the end of each day, oldest first. Told from what is known of each finding now: one
 * that was settled and came back counts as open in between, too.
 */
export const FindingTrend = z.object({
  days: z.array(
    z.object({
      day: Day,
      open: z.record(FindingSeverity, count),
      opened: count.describe('First seen on that day.'),
      settled: count.describe('Mended or decided about on that day.'),
    }),
  ),
});
export type FindingTrend = z.infer<typeof FindingTrend>;

export const SameReason = z.enum(['same-advisory', 'same-secret', 'same-rule', 'same-weakness']);
export type SameReason = z.infer<typeof SameReason>;

/** A page of findings in which those that mean the same stand together, under the one that comes first. */
export const FindingClusterPage = z.object({
  clusters: z.array(
    z.object({
      first: FindingSummary,
      others: z.array(FindingSummary).describe('That pass the filter and mean the same; at most 100.'),
      reasons: z.array(SameReason),
    }),
  ),
  next: z.string().nullable(),
});
export type FindingClusterPage = z.infer<typeof FindingClusterPage>;
export const FindingClusterQuery = FindingQuery;

/** Findings that mean the same as one, whatever their state. */
export const SameFindings = z.object({ reasons: z.array(SameReason), findings: z.array(FindingSummary) });
export type SameFindings = z.infer<typeof SameFindings>;
