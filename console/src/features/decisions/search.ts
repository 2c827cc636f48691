import type { DecisionColumn, DecisionOutcome } from '#api/decision.ts';
import { readChoice, readChoices, readFlag, readText } from '../../routing/search.ts';

export const OUTCOMES = [
  'issued',
  'allowed',
  'failed',
  'denied',
] as const satisfies readonly DecisionOutcome[];

/** What can be asked for by name; the words are those of the API. */
export const FACETS = [
  'resource',
  'repository',
  'provider',
  'environment',
  'trigger',
  'workflow',
  'policy',
  'reason',
  'principal',
  'actor',
  'run',
] as const;
export type Facet = (typeof FACETS)[number];

export const FACET_LABELS: Readonly<Record<Facet, string>> = {
  resource: 'Resource',
  repository: 'Repository',
  provider: 'Identity provider',
  environment: 'Environment',
  trigger: 'Trigger',
  workflow: 'Workflow',
  policy: 'Policy',
  reason: 'Reason',
  principal: 'Workload identity',
  actor: 'Started by',
  run: 'Run',
};

/** Facets whose values the server can list by how often they stand there. */
export function columnOf(facet: Facet): DecisionColumn | undefined {
  return facet === 'actor' || facet === 'run' ? undefined : facet;
}

export const RANGES = ['24h', '7d', '30d', 'all'] as const;
export type Range = (typeof RANGES)[number];
export const RANGE_LABELS: Readonly<Record<Range, string>> = {
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  all: 'All time',
};

/** The address of the page; nothing else holds a filter. */
export type DecisionSearch = {
  q?: string | undefined;
  outcome?: DecisionOutcome[] | undefined;
  range?: Range | undefined;
  /** A part of the histogram that was chosen; wins over `range`. */
  from?: string | undefined;
  to?: string | undefined;
  paused?: true | undefined;
} & { [Name in Facet]?: string | undefined };

function readMoment(value: unknown): string | undefined {
  const text = readText(value);
  const timeMs = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(timeMs) ? undefined : new Date(timeMs).toISOString();
}

export function readDecisionSearch(search: Record<string, unknown>): DecisionSearch {
  return {
    q: readText(search['q'])?.slice(0, 200),
    outcome: readChoices(search['outcome'], OUTCOMES),
    range: readChoice(search['range'], RANGES),
    from: readMoment(search['from']),
    to: readMoment(search['to']),
    paused: readFlag(search['paused']),
    ...Object.fromEntries(FACETS.map((facet) => [facet, readText(search[facet])?.slice(0, 600)])),
  };
}

const HOUR_MS = 3_600_000;
const RANGE_MS: Readonly<Record<Exclude<Range, 'all'>, number>> = {
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
};

export interface Span {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Whole hours, so that the same question has the same answer for a while. */
export function spanOf({ from, to, range = '7d' }: DecisionSearch, nowMs: number): Span {
  if (from !== undefined || to !== undefined) return { from, to };
  if (range === 'all') return { from: undefined, to: undefined };
  const startMs = Math.floor((nowMs - RANGE_MS[range]) / HOUR_MS) * HOUR_MS;
  return { from: new Date(startMs).toISOString(), to: undefined };
}

/** What the API is asked. */
export function queryOf(search: DecisionSearch, span: Span) {
  return {
    text: search.q,
    outcome: search.outcome,
    from: span.from,
    to: span.to,
    ...Object.fromEntries(FACETS.map((facet) => [facet, search[facet]])),
  } as const;
}

export function activeFacets(search: DecisionSearch): readonly { facet: Facet; value: string }[] {
  return FACETS.flatMap((facet) => {
    const value = search[facet];
    return value === undefined ? [] : [{ facet, value }];
  });
}
