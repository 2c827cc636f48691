import { randomUUID } from 'node:crypto';
import type { ConfigurationManager } from '#broker/configuration/configuration-manager.ts';
import type { SinkOverview } from '#audit/outbox/sink-overview.ts';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import type { SecretReference } from '#core/config/secret-reference.ts';
import type { Logger } from '#core/log.ts';
import type { Secret } from '#core/secret.ts';
import type { MetricsDependencies } from '#server/metrics.ts';
import type { Storage } from '#storage/storage.ts';
import { type OpenedInputs, openInputs } from '../open-inputs.ts';
import type { Timers } from '../timers.ts';
import { createTelemetry, type Telemetry } from './create-telemetry.ts';
import { openMetrics } from './open-metrics.ts';

const EXPORT_SECONDS = 5;

/** Told of each durable transaction of the store, from when somebody listens. */
export interface StoreCommits {
  listener?: (calls: number) => void;
}

export interface OpenTelemetryOptions {
  storage: Storage;
  manager: ConfigurationManager;
  openFetch: (allowPrivateHosts: readonly string[]) => { fetch: BoundedFetch; close(): Promise<void> };
  resolveSecret: (reference: SecretReference) => Promise<Secret>;
  storeCommits: StoreCommits | undefined;
  version: string;
  clock: Clock;
  log: Logger;
}

export interface OpenedTelemetry extends Telemetry {
  inputs: OpenedInputs;
  /** What the HTTP server shows of it. */
  exposed(sinks: () => Promise<readonly SinkOverview[]>): {
    inputs: OpenedInputs['inputs'];
    timeline: OpenedInputs['timeline'];
    metrics: MetricsDependencies;
  };
  work(timers: Timers): void;
  close(): Promise<void>;
}

/** Figures, traces and inputs of a server, by the configuration that is in force when it starts. */
export async function openTelemetry(options: OpenTelemetryOptions): Promise<OpenedTelemetry> {
  const { storage, manager, resolveSecret, version, clock, log } = options;
  const configuration = () => manager.configuration();
  const network = options.openFetch(configuration()?.allowPrivateHosts ?? []);
  const { fetch } = network;
  const section = configuration()?.telemetry;
  const telemetry = await createTelemetry({ section, fetch, resolveSecret, version, clock, log });
  const { metrics, exporter } = telemetry;
  if (options.storeCommits !== undefined) {
    options.storeCommits.listener = (calls) => {
      metrics.count('vouchgate_store_commits_total', {});
      metrics.observe('vouchgate_store_batch_calls', {}, calls);
    };
  }
  const server = randomUUID();
  const inputs = openInputs({ storage, configuration, fetch, resolveSecret, metrics, server, clock, log });
  const polled = () =>
    (configuration()?.inputs.sources ?? []).flatMap(({ name, kind }) => (kind.mode === 'poll' ? [name] : []));
  const closers: (() => void)[] = [];
  return {
    ...telemetry,
    inputs,
    exposed: (sinks) => {
      const shown = openMetrics({
        metrics,
        storage,
        runtimes: manager,
        sinks,
        polled,
        section: () => configuration()?.telemetry,
        resolveSecret,
        version,
        clock,
        log,
      });
      closers.push(() => shown.close());
      return { inputs: inputs.inputs, timeline: inputs.timeline, metrics: shown };
    },
    work: (timers) => {
      inputs.work(timers);
      if (exporter !== undefined) timers.every(EXPORT_SECONDS, 'traces', () => exporter.flush());
    },
    close: async () => {
      for (const close of closers) close();
      await inputs.close();
      // What the last exchanges left is sent, as far as the collector answers.
      await exporter?.flush();
      await network.close();
    },
  };
}
