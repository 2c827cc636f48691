import { describeSinks } from '#audit/outbox/sink-overview.ts';
import type { SinkDependencies } from '#server/dependencies.ts';
import { createSinkRunner, type SinkRunnerOptions } from './run-sinks.ts';
import type { Timers } from './timers.ts';

const SINK_SECONDS = 0.5;

export interface OpenedSinks {
  readonly sinks: SinkDependencies;
  work(timers: Timers): void;
  close(): Promise<void>;
}

/** The sinks of the configuration: those who ask how they are doing, and the work of sending. */
export function openSinks(options: SinkRunnerOptions): OpenedSinks {
  const { storage, manager, clock } = options;
  const runner = createSinkRunner(options);
  const configured = () =>
    (manager.configuration()?.sinks ?? []).map(({ name, kind }) => ({ name, type: kind.id }));
  const sources = { store: storage.sinks, log: storage.log, events: storage.events, configured, clock };
  return {
    sinks: { store: storage.sinks, list: () => describeSinks(sources) },
    work: (timers) => timers.every(SINK_SECONDS, 'sinks', () => runner.tick()),
    close: () => runner.close(),
  };
}
