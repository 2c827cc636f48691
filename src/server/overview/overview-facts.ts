import type { DecisionCount, DecisionIndex, TopValue } from '#audit/decision-index/ports.ts';
import type { Broker } from '#broker/broker.ts';
import type { RepositoryScope } from '#core/repository-scope.ts';
import type { RiskArea } from '#findings/risk-area.ts';
import type { FindingSearch, Reporting, Standing, TrendCount } from '#findings/search/ports.ts';
import type { FindingStore } from '#findings/tracking/ports.ts';
import type { TrackedFinding } from '#findings/tracking/tracked-finding.ts';
import type { InventoryStore, InventoryTotals, RepositoryAttack } from '#inventory/ports.ts';
import { type RecordFacts, readRecordFacts, type RecordSources } from './record-facts.ts';

export const TREND_DAYS = 30;
const DAY_MS = 86_400_000;
const ATTACKS_SHOWN = 5;
const RESOURCES_MAX = 200;
/** Stored ones whose uses are counted day by day; each is a question of its own. */
const STORED_MAX = 10;

export interface OverviewSources extends RecordSources {
  readonly findings: FindingSearch & Pick<FindingStore, 'finding'>;
  readonly inventory: Pick<InventoryStore, 'totals' | 'attackPaths'>;
  readonly decisions: Pick<DecisionIndex, 'counts' | 'top'>;
  readonly broker: Pick<Broker, 'configurationStatus' | 'leases'>;
}

export interface UsedResource {
  readonly name: string;
  readonly uses: number;
  /** It hands on a stored value. */
  readonly stored: boolean;
}

/** Everything that an overview is made of, read once. */
export interface OverviewFacts {
  readonly nowMs: number;
  readonly standing: readonly Standing[];
  readonly trend: readonly TrendCount[];
  /** What to do first in each area; the first entry is what to do first of all. */
  readonly urgent: ReadonlyMap<RiskArea, TrackedFinding>;
  readonly reporting: Reporting;
  readonly totals: InventoryTotals;
  readonly attacks: readonly RepositoryAttack[];
  readonly resources: readonly UsedResource[];
  readonly usesByDay: readonly DecisionCount[];
  readonly storedUsesByDay: readonly DecisionCount[];
  readonly hasDecisions: boolean;
  /** Undefined for those who do not see everything. */
  readonly record: RecordFacts | undefined;
}

/** The finding that comes first in each area, the area that comes first of all at the front. */
async function readUrgent({ findings }: OverviewSources, standing: readonly Standing[], nowMs: number) {
  const urgent = new Map<RiskArea, TrackedFinding>();
  const sorted = standing.toSorted((one, other) => other.first.priority - one.first.priority);
  for (const { area, first } of sorted) {
    if (area === undefined || urgent.has(area)) continue;
    const tracked = await findings.finding(first.id, nowMs);
    if (tracked !== undefined) urgent.set(area, tracked);
  }
  return urgent;
}

async function readUses({ decisions, broker }: OverviewSources, scope: RepositoryScope, nowMs: number) {
  const fromMs = (Math.floor(nowMs / DAY_MS) - TREND_DAYS + 1) * DAY_MS;
  const issued = { scope, outcomes: ['issued'], fromMs } as const;
  const [used, usesByDay, [first]] = await Promise.all([
    decisions.top(issued, 'resource', RESOURCES_MAX),
    decisions.counts(issued, 'day'),
    decisions.top({ scope }, 'resource', 1),
  ]);
  const kinds = new Map(broker.configurationStatus().resources.map((each) => [each.name, each]));
  const resources = used.map(({ value, count }: TopValue) => ({
    name: value,
    uses: count,
    stored: kinds.get(value)?.storedSecret ?? false,
  }));
  const stored = resources.filter((each) => each.stored).slice(0, STORED_MAX);
  const storedUsesByDay = (
    await Promise.all(stored.map(({ name }) => decisions.counts({ ...issued, resource: name }, 'day')))
  ).flat();
  return { resources, usesByDay, storedUsesByDay, hasDecisions: first !== undefined };
}

/** @throws StoreError */
export async function readOverviewFacts(
  sources: OverviewSources,
  scope: RepositoryScope,
  nowMs: number,
): Promise<OverviewFacts> {
  const { findings, inventory } = sources;
  const sinceDay = Math.floor(nowMs / DAY_MS) - TREND_DAYS;
  const [standing, trend, reporting, totals, attacks, uses, record] = await Promise.all([
    findings.standing({ scope }, nowMs),
    findings.trend({ scope }, 'area', sinceDay, nowMs),
    findings.reporting(scope),
    inventory.totals(scope),
    inventory.attackPaths({ scope }, { limit: ATTACKS_SHOWN }),
    readUses(sources, scope, nowMs),
    scope.kind === 'all' ? readRecordFacts(sources, nowMs) : undefined,
  ]);
  const urgent = await readUrgent(sources, standing, nowMs);
  return {
    nowMs,
    standing,
    trend,
    urgent,
    reporting,
    totals,
    attacks: attacks.rows,
    ...uses,
    record,
  };
}
