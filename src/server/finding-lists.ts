import type { FindingTrend } from '#api/finding-overviews.ts';
import type { FindingSeverity, FindingSummary } from '#api/finding.ts';
import { isId } from '#core/ids.ts';
import { isInScope } from '#core/repository-scope.ts';
import { riskAreaOf } from '#findings/risk-area.ts';
import { clusterPage, findSame, subjectsOf } from '#findings/search/cluster-findings.ts';
import type { TrendCount } from '#findings/search/ports.ts';
import { severities } from '#findings/severity.ts';
import type { TrackedFinding } from '#findings/tracking/tracked-finding.ts';
import type { ServerDependencies } from './dependencies.ts';
import { cursorText, findingFilterOf, findingPageOf, withoutPage } from './finding-query.ts';
import { findingSummary, unknownFinding } from './finding-views.ts';
import type { HandlersOf } from './handler.ts';

const DAY_MS = 86_400_000;
/** Each finding of a page brings along what may mean the same. */
const CLUSTERS_MAX = 50;
const OTHERS_MAX = 100;

type Dependencies = Pick<ServerDependencies, 'findings' | 'clock'>;

function noneOpen(): Record<FindingSeverity, number> {
  return { info: 0, low: 0, medium: 0, high: 0, critical: 0 };
}

/** What was there before the first day is in the counts of that day. */
export function trendDays(
  counts: readonly TrendCount[],
  firstDay: number,
  lastDay: number,
): FindingTrend['days'] {
  const open = noneOpen();
  const days: FindingTrend['days'] = [];
  const byDay = Map.groupBy(counts, ({ day }) => day);
  for (let day = firstDay - 1; day <= lastDay; day += 1) {
    let [opened, settled] = [0, 0];
    for (const count of byDay.get(day) ?? []) {
      const severity = severities.find((each) => each === count.group);
      if (severity !== undefined) open[severity] += count.opened - count.settled;
      opened += count.opened;
      settled += count.settled;
    }
    const text = new Date(day * DAY_MS).toISOString().slice(0, 10);
    if (day >= firstDay) days.push({ day: text, open: { ...open }, opened, settled });
  }
  return days;
}

/** Counts, trends and groups over all findings that the caller may see. */
export function createFindingListHandlers({
  findings: { store, priority, ruleClasses, ruleBook },
  clock,
}: Dependencies): HandlersOf<
  'countFindingFacets' | 'getFindingTrend' | 'listFindingClusters' | 'listSameFindings'
> {
  const summariser = async (nowMs: number) => {
    const { areas } = await ruleBook();
    return (tracked: TrackedFinding): FindingSummary =>
      findingSummary(
        tracked,
        priority.priorityOf(tracked.finding, tracked.scope.repository),
        riskAreaOf(tracked.finding, areas),
        nowMs,
      );
  };
  return {
    async countFindingFacets({ query, caller }) {
      const nowMs = clock.nowMs();
      const { total, facets } = await store.facets(findingFilterOf(query, caller.scope, nowMs), nowMs);
      const copied = Object.entries(facets).map(([name, values]) => [name, [...values]]);
      return { value: { total, facets: { ...facets, ...Object.fromEntries(copied) } } };
    },
    async getFindingTrend({ query: { days, ...query }, caller }) {
      const nowMs = clock.nowMs();
      const lastDay = Math.floor(nowMs / DAY_MS);
      const firstDay = lastDay - days + 1;
      const filter = findingFilterOf(query, caller.scope, nowMs);
      const counts = await store.trend(filter, 'severity', firstDay - 1, nowMs);
      return { value: { days: trendDays(counts, firstDay, lastDay) } };
    },
    async listFindingClusters({ query, caller }) {
      const nowMs = clock.nowMs();
      const filter = findingFilterOf(withoutPage(query), caller.scope, nowMs);
      const page = findingPageOf(query);
      const limit = Math.min(page.limit, CLUSTERS_MAX);
      const { found, next } = await store.search(filter, { ...page, limit }, nowMs);
      const alike = await store.about(subjectsOf(found), filter, page.order, nowMs);
      const summarise = await summariser(nowMs);
      const clusters = clusterPage(found, alike, await ruleClasses()).map(({ first, others, reasons }) => ({
        first: summarise(first),
        others: others.slice(0, OTHERS_MAX).map(summarise),
        reasons: [...reasons],
      }));
      return { value: { clusters, next: cursorText(page.order, next) } };
    },
    async listSameFindings({ params: { id }, caller }) {
      const nowMs = clock.nowMs();
      const tracked = isId('fnd', id) ? await store.finding(id, nowMs) : undefined;
      if (tracked === undefined || !isInScope(caller.scope, tracked.scope.repository)) throw unknownFinding();
      const alike = await store.about(subjectsOf([tracked]), { scope: caller.scope }, 'severity', nowMs);
      const { reasons, findings } = findSame(tracked, alike, await ruleClasses());
      const shown = findings.slice(0, OTHERS_MAX).map(await summariser(nowMs));
      return { value: { reasons: [...reasons], findings: shown } };
    },
  };
}
