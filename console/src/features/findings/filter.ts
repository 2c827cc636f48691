import type { FindingKind, FindingOrder, FindingSeverity, FindingState, PriorityBand } from '#api/finding.ts';
import type { RiskArea } from '#api/risk-area.ts';
import { readChoice, readChoices, readFlag, readText } from '../../routing/search.ts';
import { areaKeys, bandWords, keysOf, kindWords, orderWords, severityWords, stateWords } from './words.ts';

/** Which findings, as the address says it. */
export interface FindingSearch {
  q?: string | undefined;
  repository?: string | undefined;
  tool?: string | undefined;
  target?: string | undefined;
  rule?: string | undefined;
  file?: string | undefined;
  owner?: string | undefined;
  assignee?: string | undefined;
  state?: FindingState[] | undefined;
  severity?: FindingSeverity[] | undefined;
  kind?: FindingKind[] | undefined;
  area?: RiskArea[] | undefined;
  band?: PriorityBand[] | undefined;
  overdue?: true | undefined;
  sort?: FindingOrder | undefined;
  /** One entry for those that mean the same. */
  together?: true | undefined;
  /** Name of the saved filter that this is. */
  saved?: string | undefined;
}

export const UNRESOLVED: readonly FindingState[] = ['new', 'open', 'reopened'];

export function readFindingSearch(search: Record<string, unknown>): FindingSearch {
  const text = (name: string) => readText(search[name]);
  return {
    q: text('q'),
    repository: text('repository'),
    tool: text('tool'),
    target: text('target'),
    rule: text('rule'),
    file: text('file'),
    owner: text('owner'),
    assignee: text('assignee'),
    state: readChoices(search['state'], keysOf(stateWords)),
    severity: readChoices(search['severity'], keysOf(severityWords)),
    kind: readChoices(search['kind'], keysOf(kindWords)),
    area: readChoices(search['area'], areaKeys),
    band: readChoices(search['band'], keysOf(bandWords)),
    overdue: readFlag(search['overdue']),
    sort: readChoice(search['sort'], keysOf(orderWords)),
    together: readFlag(search['together']),
    saved: text('saved')?.slice(0, 60),
  };
}

/** What the API is asked: without a choice of states, what nobody has settled. */
export function filterQuery({ sort: _sort, together: _together, saved: _saved, ...filter }: FindingSearch) {
  return { ...filter, state: filter.state ?? UNRESOLVED };
}

export function orderOf({ sort }: FindingSearch): FindingOrder {
  return sort ?? 'priority';
}

/** How many filters stand, for the button that opens them on a phone. */
export function countFilters({
  sort: _sort,
  together: _together,
  saved: _saved,
  q: _q,
  ...filter
}: FindingSearch) {
  return Object.values(filter).filter((value) => value !== undefined).length;
}

export function isFiltered(search: FindingSearch): boolean {
  return search.q !== undefined || countFilters(search) > 0;
}

/** With the value, or without it when it was there. */
export function toggled<Value>(values: readonly Value[] | undefined, value: Value): Value[] | undefined {
  const rest = (values ?? []).filter((each) => each !== value);
  const next = rest.length === (values ?? []).length ? [...rest, value] : rest;
  return next.length === 0 ? undefined : next;
}
