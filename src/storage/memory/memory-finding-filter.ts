import { isInScope } from '#core/repository-scope.ts';
import type { ReportedFinding } from '#findings/reported-finding.ts';
import type { FacetName } from '#findings/search/ports.ts';
import type { FindingFilter, FindingWrite, KnownRecord } from '#findings/tracking/ports.ts';

/** A finding with how it stands now. */
export type SearchedFinding = KnownRecord &
  Pick<FindingWrite, 'scope' | 'search'> & { finding: ReportedFinding };

export const FACETS = [
  'repository',
  'tool',
  'severity',
  'state',
  'kind',
  'area',
  'rule',
  'owner',
] as const satisfies readonly FacetName[];

function is(wanted: string | undefined, value: string | undefined): boolean {
  return wanted === undefined || wanted === value;
}

function isOneOf<T>(wanted: readonly T[] | undefined, value: T): boolean {
  return wanted === undefined || wanted.includes(value);
}

function passesFacet(each: SearchedFinding, filter: FindingFilter, facet: FacetName): boolean {
  const { scope, finding } = each;
  if (facet === 'repository') return is(filter.repository, scope.repository);
  if (facet === 'tool') return is(filter.tool, scope.tool);
  if (facet === 'severity') return isOneOf(filter.severities, each.severity);
  if (facet === 'state') return isOneOf(filter.states, each.state);
  if (facet === 'kind') return isOneOf(filter.kinds, finding.kind);
  if (facet === 'rule') return is(filter.rule, finding.ruleId);
  if (facet === 'owner') return is(filter.owner, each.owner);
  return filter.areas === undefined || filter.areas.some((area) => area === each.search?.area);
}

function passesRest({ scope, anchor, triage, dueAtMs, search }: SearchedFinding, filter: FindingFilter) {
  const { overdueAtMs, words = [], priorities } = filter;
  const { text = '', priority = 0 } = search ?? {};
  return (
    isInScope(filter.scope ?? { kind: 'all' }, scope.repository) &&
    is(filter.target, scope.target) &&
    is(filter.file, anchor.file) &&
    is(filter.assignee, triage.assignee) &&
    (overdueAtMs === undefined || (dueAtMs !== undefined && dueAtMs <= overdueAtMs)) &&
    words.every((word) => text.includes(word)) &&
    (priorities === undefined || priorities.some(([least, most]) => priority >= least && priority <= most))
  );
}

/** `except`: the facet whose filter does not count. */
export function passesFilter(each: SearchedFinding, filter: FindingFilter, except?: FacetName): boolean {
  const facets = FACETS.every((name) => name === except || passesFacet(each, filter, name));
  return facets && passesRest(each, filter);
}
