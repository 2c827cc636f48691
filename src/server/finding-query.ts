import type { FindingOrder, FindingQuery, PriorityBand } from '#api/finding.ts';
import type { FindingFacetQuery } from '#api/finding-overviews.ts';
import { isId } from '#core/ids.ts';
import type { RepositoryScope } from '#core/repository-scope.ts';
import type { FindingSearchPage, OrderCursor } from '#findings/search/ports.ts';
import { searchWords } from '#findings/search/search-text.ts';
import type { FindingFilter } from '#findings/tracking/ports.ts';
import { RequestProblem } from './request-problem.ts';

/** Both ends inclusive, as `computePriority` draws the lines. */
const BANDS: Readonly<Record<PriorityBand, readonly [number, number]>> = {
  now: [75, 100],
  soon: [45, 74],
  planned: [20, 44],
  later: [0, 19],
};

/** What the caller asks for, of what they may see. */
export function findingFilterOf(
  { q, state, severity, kind, area, band, overdue, ...names }: FindingFacetQuery,
  scope: RepositoryScope,
  nowMs: number,
): FindingFilter {
  return {
    scope,
    ...Object.fromEntries(Object.entries(names).filter(([, value]) => value !== undefined)),
    ...(q !== undefined && { words: searchWords(q) }),
    ...(state !== undefined && { states: state }),
    ...(severity !== undefined && { severities: severity }),
    ...(kind !== undefined && { kinds: kind }),
    ...(area !== undefined && { areas: area }),
    ...(band !== undefined && { priorities: band.map((each) => BANDS[each]) }),
    ...(overdue !== undefined && { overdueAtMs: nowMs }),
  };
}

/** `priority.77.fnd_…`: where the next page begins. */
function cursorOf(text: string, order: FindingOrder): OrderCursor {
  const [name, value = '', id = ''] = text.split('.', 3);
  if (name === order && /^\d{1,16}$/.test(value) && Number.isSafeInteger(Number(value)) && isId('fnd', id)) {
    return { value: Number(value), id };
  }
  throw new RequestProblem('request_invalid', '`after` is not the `next` of a page in this order.');
}

export function cursorText(order: FindingOrder, next: OrderCursor | undefined): string | null {
  return next === undefined ? null : `${order}.${next.value}.${next.id}`;
}

/** @throws RequestProblem `request_invalid` */
export function findingPageOf({ sort, after, limit }: FindingQuery): FindingSearchPage {
  return { order: sort, limit, ...(after !== undefined && { after: cursorOf(after, sort) }) };
}

/** What is left of a query when its page and order are taken from it. */
export function withoutPage({ sort: _sort, after: _after, limit: _limit, ...filter }: FindingQuery) {
  return filter;
}
