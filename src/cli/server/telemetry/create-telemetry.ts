import type { EventStore } from '#audit/ports.ts';
import type { Broker } from '#broker/broker.ts';
import type { TelemetrySection } from '#broker/configuration/telemetry-section.ts';
import type { BrokerStore } from '#broker/ports.ts';
import type { RuntimeSource } from '#broker/runtime.ts';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import type { SecretReference } from '#core/config/secret-reference.ts';
import type { Logger } from '#core/log.ts';
import type { Secret } from '#core/secret.ts';
import { metricCatalogue, type VouchgateMetrics } from '#core/telemetry/metric-catalogue.ts';
import { createMetrics } from '#core/telemetry/metric-registry.ts';
import { createSpanExporter, type SpanExporter } from '#core/telemetry/span-exporter.ts';
import { createTracer, type Tracer } from '#core/telemetry/tracer.ts';
import { measureBroker } from './measure-broker.ts';
import { measureRuntimes } from './measure-runtimes.ts';
import { measureBrokerStore, measureEventStore } from './measure-store.ts';

export interface Telemetry {
  metrics: VouchgateMetrics;
  /** What the broker is made of, with instruments where figures or traces are wanted, and untouched where not. */
  around<Parts extends { runtimes: RuntimeSource; store: BrokerStore; events: EventStore }>(
    parts: Parts,
  ): Parts;
  aroundBroker(broker: Broker): Broker;
  /** Adds the trace to calls that go to hosts which are told of it. */
  propagate(fetch: BoundedFetch): BoundedFetch;
  /** Undefined where nothing is traced. */
  exporter: SpanExporter | undefined;
}

export interface TelemetryOptions {
  section: TelemetrySection | undefined;
  fetch: BoundedFetch;
  resolveSecret: (reference: SecretReference) => Promise<Secret>;
  version: string;
  clock: Clock;
  log: Logger;
}

/** Traces nothing: `span` is one look at the storage of the current call. */
function untraced(): Tracer {
  return createTracer({ sampleRatio: 0, onEnd: () => {} });
}

function isToldOf(hosts: ReadonlySet<string>, address: string): boolean {
  const url = URL.parse(address);
  return url !== null && (hosts.has(url.hostname) || hosts.has(url.host));
}

function createPropagation(tracer: Tracer, hosts: ReadonlySet<string>): Telemetry['propagate'] {
  return (fetch) => (url, request) => {
    const traceparent = isToldOf(hosts, url) ? tracer.traceparent() : undefined;
    if (traceparent === undefined) return fetch(url, request);
    return fetch(url, { ...request, headers: { ...request.headers, traceparent } });
  };
}

async function createExporter(
  traces: NonNullable<TelemetrySection['traces']>,
  options: TelemetryOptions,
  metrics: VouchgateMetrics,
): Promise<SpanExporter> {
  const { fetch, resolveSecret, version, clock, log } = options;
  const headers: Record<string, Secret> = {};
  for (const [name, reference] of Object.entries(traces.headers))
    headers[name] = await resolveSecret(reference);
  return createSpanExporter({
    endpoint: traces.endpoint,
    headers,
    fetch,
    service: { name: 'vouchgate', version },
    clock,
    log,
    onOutcome: (outcome, spans) => metrics.count('vouchgate_trace_spans_total', { outcome }, spans),
  });
}

/**
 * Figures and traces by wrapping the ports of the broker: it knows of neither, and where both are off there is
 * nothing around it. What the section says when the server starts counts until it stops.
 */
export async function createTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { section } = options;
  const metrics = createMetrics(metricCatalogue);
  const traces = section?.traces;
  const exporter = traces && (await createExporter(traces, options, metrics));
  const tracer =
    traces === undefined || exporter === undefined
      ? untraced()
      : createTracer({ sampleRatio: traces.sampleRatio, onEnd: (span) => exporter.add(span) });
  const isOn = section?.metrics !== undefined || traces !== undefined;
  const instruments = { metrics, tracer };
  return {
    metrics,
    exporter,
    around: (parts) =>
      isOn
        ? {
            ...parts,
            runtimes: measureRuntimes(parts.runtimes, instruments),
            store: measureBrokerStore(parts.store, instruments),
            events: measureEventStore(parts.events, instruments),
          }
        : parts,
    aroundBroker: (broker) => (isOn ? measureBroker(broker, metrics, tracer) : broker),
    propagate: createPropagation(tracer, new Set(traces?.propagateTo)),
  };
}
