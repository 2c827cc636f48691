import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseSignedCheckpoint } from '#audit/log/checkpoint.ts';
import { parseSignedNote } from '#audit/log/signed-note.ts';
import type { SinkOverview } from '#audit/outbox/sink-overview.ts';
import type { RuntimeSource } from '#broker/runtime.ts';
import type { Clock } from '#core/clock.ts';
import type { Logger } from '#core/log.ts';
import { messageOf } from '#core/errors.ts';
import { unresolvedStates } from '#findings/tracking/tracked-finding.ts';
import type { VouchgateMetrics } from '#core/telemetry/metric-catalogue.ts';
import type { Storage } from '#storage/storage.ts';

export interface FigureSources {
  metrics: VouchgateMetrics;
  storage: Pick<Storage, 'countLiveLeases' | 'log' | 'events' | 'findings'>;
  runtimes: Pick<RuntimeSource, 'status'>;
  sinks: () => Promise<readonly SinkOverview[]>;
  version: string;
  clock: Clock;
  log: Logger;
}

/** How often the store is asked, however often somebody scrapes. */
const FRESH_MS = 5_000;
/** Counting findings reads them all. */
const FINDINGS_FRESH_MS = 60_000;
const UNRESOLVED: ReadonlySet<string> = new Set(unresolvedStates);
const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;

/** Seconds at which a witness signed: the first eight bytes of its cosignature (C2SP tlog-cosignature). */
const COSIGNATURE_BYTES = 72;

export function witnessedAtSeconds(checkpoint: string): number | undefined {
  const signatures = parseSignedNote(checkpoint)?.signatures ?? [];
  const times = signatures
    .filter(({ signature }) => signature.length === COSIGNATURE_BYTES)
    .map(({ signature }) => Number(signature.readBigUInt64BE(0)));
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Reads what is not counted as it happens, each time that somebody asks for figures. */
export function createFigureCollector(sources: FigureSources): { collect(): Promise<void>; close(): void } {
  const { clock, log } = sources;
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const attempts: readonly [string, number, () => Promise<void>][] = [
    ['leases', FRESH_MS, () => collectLeases(sources)],
    ['log', FRESH_MS, () => collectLog(sources)],
    ['sinks', FRESH_MS, () => collectSinks(sources)],
    ['findings', FINDINGS_FRESH_MS, () => collectFindings(sources)],
  ];
  const collectedAtMs = new Map<string, number>();
  return {
    async collect() {
      collectProcess(sources, delay);
      const nowMs = clock.nowMs();
      const due = attempts.filter(([name, freshMs]) => nowMs - (collectedAtMs.get(name) ?? 0) >= freshMs);
      for (const [name] of due) collectedAtMs.set(name, nowMs);
      // What cannot be read keeps its last value; the other figures are there all the same.
      const failed = (name: string) => (error: unknown) =>
        log.warn('metrics.not_collected', { figures: name, error: messageOf(error) });
      await Promise.all(due.map(([name, , collect]) => collect().catch(failed(name))));
    },
    close: () => {
      delay.disable();
    },
  };
}

function collectProcess(
  { metrics, runtimes, version }: FigureSources,
  delay: ReturnType<typeof monitorEventLoopDelay>,
): void {
  const { user, system } = process.cpuUsage();
  const memory = process.memoryUsage();
  const status = runtimes.status();
  metrics.set('vouchgate_build_info', { version }, 1);
  metrics.set('vouchgate_configuration_in_force', {}, status.inForce === undefined ? 0 : 1);
  metrics.set('vouchgate_configuration_refused', {}, status.refused === undefined ? 0 : 1);
  metrics.setTotal('process_cpu_seconds_total', {}, (user + system) / 1_000_000);
  metrics.set('process_resident_memory_bytes', {}, memory.rss);
  metrics.set('process_start_time_seconds', {}, Math.round(performance.timeOrigin / 1_000));
  metrics.set('nodejs_heap_used_bytes', {}, memory.heapUsed);
  // The histogram holds when its timer ran; how late that was is what is above its interval.
  const lateNanos = delay.count === 0 ? 0 : Math.max(0, delay.percentile(99) - 20_000_000);
  metrics.set('nodejs_eventloop_lag_p99_seconds', {}, lateNanos / 1_000_000_000);
  delay.reset();
}

async function collectLeases({ metrics, storage }: FigureSources): Promise<void> {
  for (const [state, count] of await storage.countLiveLeases())
    metrics.set('vouchgate_leases', { state }, count);
}

async function collectLog({ metrics, storage, clock }: FigureSources): Promise<void> {
  const [head, witnessed] = await Promise.all([storage.log.head(), storage.log.witnessed()]);
  const [oldest] = await storage.events.list({ afterSequence: head.lastSequence, limit: 1 });
  const nowMs = clock.nowMs();
  metrics.set('vouchgate_log_size_entries', {}, head.size);
  const behindMs = oldest === undefined ? 0 : Math.max(0, nowMs - oldest.timeMs);
  metrics.set('vouchgate_log_seconds_behind', {}, behindMs / 1_000);
  metrics.set(
    'vouchgate_log_witnessed_size_entries',
    {},
    parseSignedCheckpoint(witnessed ?? '')?.checkpoint.size ?? 0,
  );
  const atSeconds = witnessed === undefined ? undefined : witnessedAtSeconds(witnessed);
  metrics.reset('vouchgate_log_seconds_since_witnessed');
  if (atSeconds !== undefined)
    metrics.set('vouchgate_log_seconds_since_witnessed', {}, Math.max(0, nowMs / 1_000 - atSeconds));
}

async function collectSinks({ metrics, sinks }: FigureSources): Promise<void> {
  const overviews = await sinks();
  for (const name of [
    'vouchgate_sink_lag_seconds',
    'vouchgate_sink_events_behind',
    'vouchgate_sink_parked_events',
    'vouchgate_sink_up',
  ] as const)
    metrics.reset(name);
  for (const { name: sink, state, type, behind, oldestUnsentAgeSeconds, parked } of overviews) {
    if (type === undefined) continue;
    metrics.set('vouchgate_sink_lag_seconds', { sink }, oldestUnsentAgeSeconds);
    metrics.set('vouchgate_sink_events_behind', { sink }, behind);
    metrics.set('vouchgate_sink_parked_events', { sink }, parked);
    metrics.set('vouchgate_sink_up', { sink }, state === 'down' || state === 'stopped' ? 0 : 1);
  }
}

async function collectFindings({ metrics, storage, clock }: FigureSources): Promise<void> {
  const counts = await storage.findings.counts({}, clock.nowMs());
  const open = counts.filter(({ state }) => UNRESOLVED.has(state));
  for (const severity of SEVERITIES) {
    const total = open
      .filter((count) => count.severity === severity)
      .reduce((sum, { count }) => sum + count, 0);
    metrics.set('vouchgate_findings', { severity }, total);
  }
}
