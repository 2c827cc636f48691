import type { AreaOverview, ConsoleLink, Fact } from '#api/overview.ts';
import { counted } from './counted.ts';
import { type RiskArea, riskAreas } from '#findings/risk-area.ts';
import type { TrendCount } from '#findings/search/ports.ts';
import { type Severity, severities } from '#findings/severity.ts';
import { unresolvedStates } from '#findings/tracking/tracked-finding.ts';
import { type OverviewFacts, TREND_DAYS } from './overview-facts.ts';
import { integrityOf } from './record-facts.ts';
import { worstStanding } from './worst-standing.ts';

const DAY_MS = 86_400_000;
/** A tool that was silent for longer than this does not say how things stand. */
const SILENT_MS = 30 * DAY_MS;
const TITLE_CHARS_MAX = 120;

type Action = AreaOverview['next'];

function findingsLink(area: RiskArea, more: Record<string, string> = {}): ConsoleLink {
  return { page: 'findings', query: { area, state: unresolvedStates.join(','), ...more } };
}

/** Somebody, or a tool, has looked at pipelines of what the reader may see. */
function wasLookedAt({ totals, reporting }: OverviewFacts): boolean {
  return totals.repositories > 0 || reporting.tools.length > 0;
}

function countsOf({ standing }: OverviewFacts, area: RiskArea) {
  const counts: Record<Severity, number> = { info: 0, low: 0, medium: 0, high: 0, critical: 0 };
  let overdue = 0;
  for (const each of standing) {
    if (each.area !== area) continue;
    counts[each.severity] += each.count;
    overdue += each.overdue;
  }
  const total = severities.reduce((sum, severity) => sum + counts[severity], 0);
  return { ...counts, overdue, total };
}

/** Critical, or past its day: act. High or medium: attention. All below is what one lives with. */
function findingsFact(facts: OverviewFacts, area: RiskArea): Fact {
  const { critical, high, medium, overdue, total } = countsOf(facts, area);
  if (total === 0) {
    if (wasLookedAt(facts)) return { text: 'No open findings', standing: 'good', link: null };
    return { text: 'Nothing was looked at yet', standing: 'unknown', link: { page: 'first-run', query: {} } };
  }
  const open = counted(total, 'open finding');
  if (critical > 0 || overdue > 0) {
    const parts = [
      ...(critical > 0 ? [`${critical} critical`] : []),
      ...(overdue > 0 ? [`${overdue} past ${overdue === 1 ? 'its' : 'their'} day`] : []),
    ];
    const link =
      critical > 0 ? findingsLink(area, { severity: 'critical' }) : findingsLink(area, { overdue: 'true' });
    return { text: `${open}, ${parts.join(', ')}`, standing: 'act', link };
  }
  const standing = high > 0 || medium > 0 ? 'attention' : 'good';
  const text = high > 0 ? `${open}, ${high} of high severity` : medium > 0 ? open : `${open}, none above low`;
  return { text, standing, link: findingsLink(area) };
}

function secretFacts({ totals, resources }: OverviewFacts): Fact[] {
  const facts: Fact[] = [];
  const { staticCredentials, replaceableCredentials } = totals;
  if (staticCredentials > 0) {
    const ready =
      replaceableCredentials > 0 ? `, ${replaceableCredentials} with a patch that replaces them` : '';
    const text = `${counted(staticCredentials, 'stored credential')} in pipelines${ready}`;
    facts.push({ text, standing: 'attention', link: { page: 'static-credentials', query: {} } });
  }
  const stored = resources.filter((each) => each.stored);
  const [first] = stored;
  if (first !== undefined) {
    const link: ConsoleLink = { page: 'decisions', query: { resource: first.name } };
    const text = `${counted(stored.length, 'resource')} in use ${stored.length === 1 ? 'hands' : 'hand'} on a stored secret`;
    facts.push({ text, standing: 'attention', link });
  }
  return facts;
}

function testingFacts({ reporting, totals, nowMs }: OverviewFacts): Fact[] {
  const others = reporting.tools.filter(({ tool }) => tool !== 'vouchgate');
  if (others.length === 0) {
    const text = 'No security test has reported yet';
    return [{ text, standing: 'unknown', link: { page: 'report-import', query: {} } }];
  }
  const facts: Fact[] = [];
  const silent = others.filter(({ lastReportMs }) => nowMs - lastReportMs > SILENT_MS);
  if (silent.length > 0) {
    const names = silent.slice(0, 3).map(({ tool }) => tool);
    const more = silent.length > names.length ? ` and ${silent.length - names.length} more` : '';
    const text = `Silent for more than 30 days: ${names.join(', ')}${more}`;
    facts.push({ text, standing: 'attention', link: { page: 'report-import', query: {} } });
  }
  const { testedRepositories: tested } = reporting;
  const untested = totals.repositories - tested;
  if (untested > 0) {
    const text = `No test reports from ${untested} of ${counted(totals.repositories, 'repository', 'repositories')}`;
    facts.push({ text, standing: 'attention', link: { page: 'report-import', query: {} } });
  }
  const text = `${counted(others.length, 'tool')} ${others.length === 1 ? 'reports' : 'report'} from ${counted(tested, 'repository', 'repositories')}`;
  return [...facts, { text, standing: 'good', link: null }];
}

function privilegeFacts({ totals, record }: OverviewFacts): Fact[] {
  const facts: Fact[] = [];
  const { openPipelines, attackedPipelines } = totals;
  if (attackedPipelines > 0) {
    const text = `An attack leads through ${counted(attackedPipelines, 'pipeline')}`;
    facts.push({ text, standing: 'act', link: { page: 'pipelines', query: { attacked: 'true' } } });
  }
  if (openPipelines > 0) {
    const text = `Outsiders can start ${counted(openPipelines, 'pipeline')}`;
    facts.push({ text, standing: 'good', link: { page: 'pipelines', query: { outsiders: 'true' } } });
  }
  const live = record?.leases.filter(({ resource }) => record.privileged.has(resource)).length ?? 0;
  if (live > 0) {
    const text = `${counted(live, 'privileged lease')} ${live === 1 ? 'is' : 'are'} live`;
    facts.push({ text, standing: 'good', link: { page: 'leases', query: { state: 'active' } } });
  }
  return facts;
}

function poisoningFacts({ totals }: OverviewFacts): Fact[] {
  if (totals.attackPaths === 0) return [];
  const text = `${counted(totals.attackPaths, 'way')} from an outsider to something of yours`;
  return [{ text, standing: 'act', link: { page: 'pipelines', query: { attacked: 'true' } } }];
}

/** Findings about what a log says too much of are few; whether anybody would notice is what counts. */
function monitoringFacts(facts: OverviewFacts): Fact[] {
  const findings = countsOf(facts, 'monitoring').total > 0 ? [findingsFact(facts, 'monitoring')] : [];
  if (facts.record === undefined) {
    const text = 'The record is seen by those who see all repositories';
    return [...findings, { text, standing: 'unknown', link: null }];
  }
  return [...integrityOf(facts.record, facts.nowMs).facts, ...findings];
}

function factsOf(facts: OverviewFacts, area: RiskArea): Fact[] {
  if (area === 'monitoring') return monitoringFacts(facts);
  const found = findingsFact(facts, area);
  if (area === 'security-testing') {
    const testing = testingFacts(facts);
    // No open finding is no good news from tests that nobody ran.
    return found.link === null || found.standing === 'unknown' ? testing : [found, ...testing];
  }
  if (area === 'secrets') return [found, ...secretFacts(facts)];
  if (area === 'privilege') return [found, ...privilegeFacts(facts)];
  return area === 'poisoning' ? [...poisoningFacts(facts), found] : [found];
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > TITLE_CHARS_MAX ? `${line.slice(0, TITLE_CHARS_MAX - 1).toWellFormed()}…` : line;
}

/** The way of an attack before the single finding; what is worst before what is merely open. */
export function nextActionOf(facts: OverviewFacts, area: RiskArea, list: readonly Fact[]): Action {
  const [attack] = facts.attacks;
  if (area === 'poisoning' && attack !== undefined) {
    const { id, repository } = attack;
    return {
      text: `Close the way into ${shorten(repository)}`,
      link: { page: 'attack-path', query: { repository, id } },
    };
  }
  const worst = worstStanding(list.map(({ standing }) => standing));
  const urgent = facts.urgent.get(area);
  const isAboutFindings = list.some(({ standing, link }) => standing === worst && link?.page === 'findings');
  if (urgent !== undefined && worst !== 'good' && isAboutFindings) {
    const text = `Mend it in ${urgent.scope.repository}: ${shorten(urgent.finding.title)}`;
    return { text, link: { page: 'finding', query: { id: urgent.id } } };
  }
  const bad = list.find(({ standing, link }) => standing === worst && standing !== 'good' && link !== null);
  return bad?.link === undefined || bad.link === null ? null : { text: actionText(bad.link), link: bad.link };
}

function actionText({ page }: ConsoleLink): string {
  if (page === 'static-credentials') return 'Replace stored credentials by short-lived ones';
  if (page === 'report-import') return 'Bring in a report';
  if (page === 'pipelines') return 'Look at the pipelines that an attack leads through';
  if (page === 'sinks') return 'Send copies of the record to another place';
  if (page === 'record') return 'Have another server sign the checkpoints';
  if (page === 'decisions') return 'See who still gets a stored secret';
  return page === 'first-run' ? 'Have the first repository looked at' : 'Look at what is open';
}

/** The counts are of what was settled and opened in each day; the first one has all that was before. */
function trendOf(counts: readonly TrendCount[], nowMs: number): AreaOverview['trend'] {
  const lastDay = Math.floor(nowMs / DAY_MS);
  const byDay = Map.groupBy(counts, ({ day }) => day);
  const days: AreaOverview['trend'] = [];
  let open = 0;
  for (let day = lastDay - TREND_DAYS; day <= lastDay; day += 1) {
    for (const { opened, settled } of byDay.get(day) ?? []) open += opened - settled;
    if (day > lastDay - TREND_DAYS) {
      days.push({ day: new Date(day * DAY_MS).toISOString().slice(0, 10), open: Math.max(0, open) });
    }
  }
  return days;
}

/** The eight areas, in their order. `docs/guides/console.md` says what each is judged by. */
export function judgeAreas(facts: OverviewFacts): AreaOverview[] {
  const trends = Map.groupBy(facts.trend, ({ group }) => group);
  return riskAreas.map((area) => {
    const list = factsOf(facts, area);
    return {
      area,
      standing: worstStanding(list.map(({ standing }) => standing)),
      facts: list,
      trend: trendOf(trends.get(area) ?? [], facts.nowMs),
      next: nextActionOf(facts, area, list),
    };
  });
}
