import type { LogStanding } from '#audit/log/log-standing.ts';
import type { SinkOverview } from '#audit/outbox/sink-overview.ts';
import type { Broker } from '#broker/broker.ts';
import type { Lease } from '#broker/ports.ts';
import type { ConsoleLink, Fact, IntegrityOverview, LiveAccess } from '#api/overview.ts';
import { counted } from './counted.ts';
import { momentOf, momentOrNull } from '../views.ts';
import { worstStanding } from './worst-standing.ts';

export interface RecordSources {
  readonly broker: Pick<Broker, 'configurationStatus' | 'leases'>;
  readonly logStanding: () => Promise<LogStanding>;
  readonly sinks: { list(): Promise<readonly SinkOverview[]> };
}

/** What only those see who see everything. */
export interface RecordFacts {
  readonly leases: readonly Lease[];
  readonly privileged: ReadonlySet<string>;
  readonly log: LogStanding;
  readonly sinks: readonly SinkOverview[];
}

export const LEASES_MAX = 1_000;
const RESOURCES_SHOWN = 20;
/** A sink that is behind for longer than this is no copy any more. */
const LATE_SECONDS = 900;
/** The sealer comes by every few seconds. */
const UNSEALED_MS = 300_000;
const RECORD: ConsoleLink = { page: 'record', query: {} };
const SINKS: ConsoleLink = { page: 'sinks', query: {} };

export async function readRecordFacts(
  { broker, logStanding, sinks }: RecordSources,
  nowMs: number,
): Promise<RecordFacts> {
  const [leases, log, copies] = await Promise.all([
    broker.leases({ states: ['active'], limit: LEASES_MAX }),
    logStanding(),
    sinks.list(),
  ]);
  const resources = broker.configurationStatus().resources;
  return {
    leases: leases.filter(({ expiresAtMs }) => expiresAtMs > nowMs),
    privileged: new Set(resources.filter(({ privileged }) => privileged).map(({ name }) => name)),
    log,
    sinks: copies.filter(({ state }) => state !== 'removed'),
  };
}

/** The privileged first, then the most used. */
export function liveAccessOf({ leases, privileged }: RecordFacts): LiveAccess {
  const resources = [...Map.groupBy(leases, ({ resource }) => resource)].map(([resource, of]) => ({
    resource,
    privileged: privileged.has(resource),
    leases: of.length,
    firstAt: momentOf(Math.min(...of.map(({ createdAtMs }) => createdAtMs))),
    endsAt: momentOf(Math.max(...of.map(({ expiresAtMs }) => expiresAtMs))),
  }));
  const sorted = resources.toSorted(
    (one, other) => Number(other.privileged) - Number(one.privileged) || other.leases - one.leases,
  );
  return {
    leases: leases.length,
    privileged: leases.filter(({ resource }) => privileged.has(resource)).length,
    truncated: leases.length >= LEASES_MAX,
    resources: sorted.slice(0, RESOURCES_SHOWN),
  };
}

function sinkFacts(sinks: readonly SinkOverview[]): Fact[] {
  if (sinks.length === 0) {
    return [{ text: 'No copy of the record goes anywhere', standing: 'attention', link: SINKS }];
  }
  const down = sinks.filter(({ state }) => state === 'down' || state === 'stopped');
  const late = sinks.filter(
    ({ state, oldestUnsentAgeSeconds }) =>
      state !== 'down' && state !== 'stopped' && oldestUnsentAgeSeconds > LATE_SECONDS,
  );
  const parked = sinks.reduce((sum, sink) => sum + sink.parked, 0);
  const facts: Fact[] = [];
  const names = (some: readonly SinkOverview[]) => some.map(({ name }) => name).join(', ');
  if (down.length > 0) facts.push({ text: `No copy reaches ${names(down)}`, standing: 'act', link: SINKS });
  if (late.length > 0)
    facts.push({ text: `Copies are late: ${names(late)}`, standing: 'attention', link: SINKS });
  if (parked > 0) {
    facts.push({
      text: `${counted(parked, 'event')} that a sink will not take`,
      standing: 'attention',
      link: SINKS,
    });
  }
  if (facts.length > 0) return facts;
  return [{ text: `Copies go to ${counted(sinks.length, 'sink')}`, standing: 'good', link: SINKS }];
}

function witnessFact({ witnesses, quorum, witnessedSize, size }: LogStanding): Fact {
  if (witnesses.length === 0) {
    return { text: 'No other server signs the checkpoints', standing: 'attention', link: RECORD };
  }
  if (witnessedSize === undefined || witnessedSize < size) {
    const text = `The newest checkpoint waits for ${counted(quorum, 'signature')} of others`;
    return { text, standing: witnessedSize === undefined ? 'attention' : 'good', link: RECORD };
  }
  const signed = witnesses.filter(({ cosigned }) => cosigned !== undefined).length;
  return {
    text: `${counted(signed, 'witness', 'witnesses')} signed it, too`,
    standing: 'good',
    link: RECORD,
  };
}

function logFacts(log: LogStanding, nowMs: number): Fact[] {
  const { size, signedAtMs, waitingSinceMs } = log;
  if (waitingSinceMs !== undefined && nowMs - waitingSinceMs > UNSEALED_MS) {
    return [{ text: 'Events are recorded that do not reach the log', standing: 'act', link: RECORD }];
  }
  if (signedAtMs === undefined) {
    return [{ text: 'The log has no signed checkpoint yet', standing: 'unknown', link: RECORD }];
  }
  const text = `${counted(size, 'entry', 'entries')} under a signed checkpoint`;
  return [{ text, standing: 'good', link: RECORD }, witnessFact(log)];
}

export function integrityOf({ log, sinks }: RecordFacts, nowMs: number): IntegrityOverview {
  const all = [...logFacts(log, nowMs), ...sinkFacts(sinks)];
  return {
    standing: worstStanding(all.map(({ standing }) => standing)),
    facts: all,
    entries: log.size,
    signedAt: momentOrNull(log.signedAtMs),
  };
}
