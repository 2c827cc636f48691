import type { OpenReceiver, InputDependencies } from '#server/inputs.ts';
import type { TimelineDependencies } from '#server/timeline.ts';
import { createTakeIn } from '#audit/inputs/take-in.ts';
import { createEventIndexer, OWN_RECORD } from '#audit/timeline/index-events.ts';
import type { Configuration } from '#broker/configuration/configuration.ts';
import { countRecords, createInputPolling, type InputPollingOptions } from './poll-inputs.ts';
import type { Timers } from './timers.ts';

const LOOK_SECONDS = 2;
const INDEX_SECONDS = 1;
const PURGE_SECONDS = 3_600;
const HOLD_MS = 10_000;

export interface OpenedInputs {
  readonly inputs: InputDependencies;
  readonly timeline: TimelineDependencies;
  work(timers: Timers): void;
  close(): Promise<void>;
}

/** Receivers are opened once for each version of the configuration. */
function createReceivers(options: InputPollingOptions): () => readonly OpenReceiver[] {
  let opened:
    | { configuration: Pick<Configuration, 'inputs'>; receivers: readonly OpenReceiver[] }
    | undefined;
  return () => {
    const configuration = options.configuration();
    if (configuration === undefined) return [];
    if (opened?.configuration === configuration) return opened.receivers;
    const { clock, resolveSecret, fetch } = options;
    const receivers = configuration.inputs.sources.flatMap(({ name, kind, settings }) =>
      kind.mode === 'receive'
        ? [{ name, kind: kind.id, receiver: kind.open(settings, { clock, fetch, resolveSecret }) }]
        : [],
    );
    opened = { configuration, receivers };
    return receivers;
  };
}

/** The inputs of the configuration: where others deliver, where we ask, and what makes both findable by identity. */
export function openInputs(options: Omit<InputPollingOptions, 'takeIn'>): OpenedInputs {
  const { storage, clock, metrics, server } = options;
  const { activity: store, events } = storage;
  const takeIn = createTakeIn({ store, events, clock });
  const polling = createInputPolling({ ...options, takeIn });
  const retentionMs = () => (options.configuration()?.inputs.retentionSeconds ?? 0) * 1_000;
  const sinceMs = () => clock.nowMs() - retentionMs();
  const indexEvents = createEventIndexer({ store, events, clock, sinceMs });
  const isOn = () => options.configuration()?.inputs.timeline === true;
  const index = async () => {
    // Holding is a durable write: where nothing happens, nothing is written.
    if (!isOn() || !(await hasNews(options))) return;
    const nowMs = clock.nowMs();
    if (await store.hold(OWN_RECORD, server, nowMs, nowMs + HOLD_MS)) await indexEvents();
  };
  const purge = async () => {
    if (options.configuration() !== undefined) await store.purge(sinceMs());
  };
  return {
    inputs: {
      receivers: createReceivers({ ...options, takeIn }),
      takeIn,
      onDelivery: (input, outcome) => {
        if (outcome === 'failed') metrics.count('vouchgate_input_failures_total', { input });
        else countRecords(options, input, outcome);
      },
    },
    timeline: { store, isOn },
    work: (timers) => {
      timers.every(LOOK_SECONDS, 'inputs', () => polling.tick());
      timers.every(INDEX_SECONDS, 'timeline', index);
      timers.every(PURGE_SECONDS, 'activity', purge);
    },
    close: () => polling.close(),
  };
}

async function hasNews({ storage }: Pick<InputPollingOptions, 'storage'>): Promise<boolean> {
  const cursor = await storage.activity.cursor(OWN_RECORD);
  const afterSequence = Number(cursor?.position ?? 0);
  return (await storage.events.list({ afterSequence, limit: 1 })).length > 0;
}
