import type { AreaOverview, AttackPathOverview, Coverage, Overview, Standing } from '#api/overview.ts';
import { counted } from './counted.ts';
import type { RepositoryAttack } from '#inventory/ports.ts';
import { momentOf } from '../views.ts';
import { judgeAreas } from './judge-areas.ts';
import { type OverviewFacts, TREND_DAYS } from './overview-facts.ts';
import { integrityOf, liveAccessOf } from './record-facts.ts';
import { worstStanding } from './worst-standing.ts';

const DAY_MS = 86_400_000;
const REACHES_SHOWN = 3;
/** More names than these are no answer any more. */
const NAMED_MAX = 3;

const AREA_NAMES: Readonly<Record<AreaOverview['area'], string>> = {
  misconfiguration: 'misconfiguration',
  secrets: 'secrets',
  'code-injection': 'code injection',
  'security-testing': 'security testing',
  'third-parties': 'third parties',
  privilege: 'privilege',
  monitoring: 'monitoring',
  poisoning: 'poisoning',
};

function coverageOf({ resources, totals, usesByDay, storedUsesByDay, nowMs }: OverviewFacts): Coverage {
  const lastDay = Math.floor(nowMs / DAY_MS);
  const storedWays = resources.filter(({ stored }) => stored).length;
  const secretlessWays = resources.length - storedWays;
  const all = resources.length + totals.staticCredentials;
  const trend = Array.from({ length: TREND_DAYS }, (_, index) => {
    const startMs = (lastDay - TREND_DAYS + 1 + index) * DAY_MS;
    const sumOf = (counts: OverviewFacts['usesByDay']) =>
      counts.reduce((sum, each) => (each.startMs === startMs ? sum + each.count : sum), 0);
    const stored = sumOf(storedUsesByDay);
    return {
      day: new Date(startMs).toISOString().slice(0, 10),
      secretless: Math.max(0, sumOf(usesByDay) - stored),
      stored,
    };
  });
  return {
    share: all === 0 ? null : secretlessWays / all,
    ways: { secretless: secretlessWays, stored: storedWays, inDefinitions: totals.staticCredentials },
    uses: {
      secretless: trend.reduce((sum, day) => sum + day.secretless, 0),
      stored: trend.reduce((sum, day) => sum + day.stored, 0),
    },
    trend,
  };
}

/** As a short chain: who starts it, what runs then, what that reaches. */
function attackView({
  id,
  repository,
  severity,
  pipeline,
  title,
  startedBy,
  reaches,
}: RepositoryAttack): AttackPathOverview {
  const more = reaches.length - REACHES_SHOWN;
  const reached = [...reaches.slice(0, REACHES_SHOWN), ...(more > 0 ? [`${more} more`] : [])];
  return {
    severity,
    repository,
    pipeline,
    sentence: title,
    steps: [
      { kind: 'who', text: startedBy },
      { kind: 'what', text: pipeline },
      ...reached.map((text) => ({ kind: 'reaches' as const, text })),
    ],
    link: { page: 'attack-path', query: { repository, id } },
  };
}

function nameAreas(areas: readonly AreaOverview[]): string {
  if (areas.length > NAMED_MAX) return `${areas.length} of the eight areas`;
  const names = areas.map(({ area }) => AREA_NAMES[area]);
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

function answerOf(facts: OverviewFacts, areas: readonly AreaOverview[]): string {
  const { attacks, totals } = facts;
  const standing = (wanted: Standing) => areas.filter((each) => each.standing === wanted);
  const [first] = attacks;
  if (first !== undefined) {
    const ways = counted(Math.max(totals.attackPaths, attacks.length), 'way');
    return `An outsider has ${ways} into what you have; the first begins when ${first.startedBy}.`;
  }
  const [act, attention, unknown] = [standing('act'), standing('attention'), standing('unknown')];
  if (act.length > 0) {
    return `No way in from outside is known, but something is to be done now about ${nameAreas(act)}.`;
  }
  if (attention.length > 0) {
    return `Nothing is urgent; ${nameAreas(attention)} ${attention.length === 1 ? 'deserves' : 'deserve'} a look.`;
  }
  if (unknown.length > 0) return `Nothing bad is known; nobody has looked at ${nameAreas(unknown)}.`;
  return 'Nothing that was looked at would help an attacker today.';
}

/** Of the worst areas: the way of an attack, then the finding with the highest priority, then whatever comes first. */
function firstAction(areas: readonly AreaOverview[], { urgent }: OverviewFacts): Overview['next'] {
  const worst = worstStanding(areas.map(({ standing }) => standing));
  const candidates = areas.filter(({ standing, next }) => standing === worst && next !== null);
  const order = [...urgent.keys()];
  const rank = ({ area, next }: AreaOverview) => {
    if (next?.link.page === 'attack-path') return -1;
    return next?.link.page === 'finding' ? order.indexOf(area) : order.length;
  };
  return candidates.toSorted((one, other) => rank(one) - rank(other))[0]?.next ?? null;
}

export function buildOverview(facts: OverviewFacts): Overview {
  const isNew = !facts.hasDecisions && facts.totals.repositories === 0 && facts.reporting.tools.length === 0;
  const areas = judgeAreas(facts);
  return {
    at: momentOf(facts.nowMs),
    isNew,
    standing: isNew ? 'unknown' : worstStanding(areas.map(({ standing }) => standing)),
    answer: isNew ? 'Nothing is known yet: no pipeline has come by.' : answerOf(facts, areas),
    next: isNew
      ? { text: 'Set up the first job', link: { page: 'first-run', query: {} } }
      : firstAction(areas, facts),
    areas,
    coverage: coverageOf(facts),
    attackPaths: facts.attacks.map(attackView),
    liveAccess: facts.record === undefined ? null : liveAccessOf(facts.record),
    integrity: facts.record === undefined ? null : integrityOf(facts.record, facts.nowMs),
  };
}
