import type { BrokerStore } from '#broker/ports.ts';
import type { EventStore } from '#audit/ports.ts';
import type { VouchgateMetrics } from '#core/telemetry/metric-catalogue.ts';
import type { Tracer } from '#core/telemetry/tracer.ts';

interface Instruments {
  metrics: VouchgateMetrics;
  tracer: Tracer;
}

/** Claim, lease and record are one transaction, so replay defence and record are one span. */
export function measureBrokerStore(store: BrokerStore, { metrics, tracer }: Instruments): BrokerStore {
  const watch = async <T>(operation: 'commit' | 'transition', work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    try {
      return await work();
    } catch (error) {
      metrics.count('vouchgate_store_failures_total', { operation });
      throw error;
    } finally {
      const seconds = (performance.now() - startedAt) / 1_000;
      metrics.observe('vouchgate_store_write_duration_seconds', { operation }, seconds);
    }
  };
  return {
    commit: (intent) =>
      tracer.span(
        'replay_and_record',
        () => watch('commit', () => store.commit(intent)),
        ({ status }) => ({ 'vouchgate.status': status }),
      ),
    transition: (leaseId, from, change, events) =>
      tracer.span('lease_transition', async () => {
        const done = await watch('transition', () => store.transition(leaseId, from, change, events));
        const { state } = change;
        if (done && state !== undefined) metrics.count('vouchgate_lease_transitions_total', { state });
        return done;
      }),
    lease: (id) => store.lease(id),
    leases: (filter) => store.leases(filter),
    dueLeases: (nowMs, limit) => store.dueLeases(nowMs, limit),
    purge: (nowMs) => store.purge(nowMs),
  };
}

/** A denial is an event and nothing else; its write is a part of the trace, too. */
export function measureEventStore(events: EventStore, { tracer }: Instruments): EventStore {
  return {
    append: (appended) => tracer.span('record', () => events.append(appended)),
    list: (filter) => events.list(filter),
  };
}
