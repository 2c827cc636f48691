import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createDelivery, type Delivery } from '#audit/outbox/delivery.ts';
import { TILE_WIDTH } from '#audit/log/tile.ts';
import type { SinkCursor, SinkStart } from '#audit/outbox/ports.ts';
import { readLog } from '#audit/outbox/read-log.ts';
import type { AuditEventType } from '#audit/event.ts';
import type { SinkContext } from '#audit/sinks/sink.ts';
import type { Configuration } from '#broker/configuration/configuration.ts';
import type { ConfiguredSink } from '#broker/configuration/sinks-section.ts';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import { messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import type { Storage } from '#storage/storage.ts';

/** How long a server that works on a sink is waited for when it has gone silent. */
const HOLD_MS = 15_000;
const HOLD_AGAIN_MS = 5_000;
/** For a batch that is under way when the server stops. */
const FINISH_MS = 5_000;

export interface SinkRunnerOptions {
  readonly storage: Storage;
  readonly manager: { configuration(): Configuration | undefined };
  /** Name of the log. */
  readonly origin: string;
  readonly openFetch: (allowPrivateHosts: readonly string[]) => {
    fetch: BoundedFetch;
    close(): Promise<void>;
  };
  readonly resolveSecret: SinkContext['resolveSecret'];
  readonly record: (type: AuditEventType, body: Record<string, unknown>) => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface SinkRunner {
  /** Looks at the configuration and at who holds which sink, and sets to work; for a timer. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

/** A sink that this server knows of; it works on it only while it holds it. */
interface RunningSink {
  /** Changes whenever anything about it changes. */
  readonly version: string;
  readonly delivery: Delivery;
  readonly network: { close(): Promise<void> };
  /** Ends the work after the batch that is under way. */
  readonly stop: AbortController;
  /** Ends that, too. */
  readonly cut: AbortController;
  heldUntilMs: number;
  holdsAgainMs: number;
  working: Promise<void> | undefined;
}

function versionOf({ kind, common, settings }: ConfiguredSink, allowPrivateHosts: readonly string[]): string {
  return JSON.stringify([kind.id, common, settings, allowPrivateHosts]);
}

/**
 * Keeps each sink of the configuration going, each at its own pace: one that is slow or down holds up neither another
 * one nor a job, as all of them read the same record from where they are.
 */
export function createSinkRunner(options: SinkRunnerOptions): SinkRunner {
  const { storage, manager, clock, log } = options;
  const server = randomUUID();
  const running = new Map<string, RunningSink>();
  const leaving = new Set<Promise<void>>();

  const start = async (sink: ConfiguredSink, allowPrivateHosts: readonly string[]): Promise<void> => {
    const head = await storage.log.head();
    const kept = await readKeptStart(storage.log);
    const now = { index: head.size, sequence: head.lastSequence };
    await storage.sinks.open(sink.name, sink.common.start === 'now' ? now : kept, kept);
    const network = options.openFetch(allowPrivateHosts);
    running.set(sink.name, {
      version: versionOf(sink, allowPrivateHosts),
      delivery: deliveryOf(options, server, sink, { fetch: network.fetch, allowPrivateHosts }),
      network,
      stop: new AbortController(),
      cut: new AbortController(),
      heldUntilMs: 0,
      holdsAgainMs: 0,
      working: undefined,
    });
  };

  const stop = async (name: string, sink: RunningSink): Promise<void> => {
    running.delete(name);
    sink.stop.abort();
    // What the receiver has by then need not be sent again.
    const late = setTimeout(() => sink.cut.abort(), FINISH_MS);
    await sink.working;
    clearTimeout(late);
    await sink.delivery.close();
    await sink.network.close();
  };

  const leave = (name: string, sink: RunningSink): void => {
    const left: Promise<void> = stop(name, sink)
      .catch((error: unknown) => log.warn('sink.close_failed', { sink: name, error: messageOf(error) }))
      .finally(() => leaving.delete(left));
    leaving.add(left);
  };

  const follow = async (): Promise<void> => {
    const configuration = manager.configuration();
    if (configuration === undefined) return;
    const { sinks, allowPrivateHosts } = configuration;
    const wanted = new Map(sinks.map((sink) => [sink.name, sink]));
    for (const [name, sink] of running) {
      const now = wanted.get(name);
      if (now === undefined || versionOf(now, allowPrivateHosts) !== sink.version) leave(name, sink);
    }
    for (const sink of sinks) if (!running.has(sink.name)) await start(sink, allowPrivateHosts);
  };

  const holds = async (name: string, sink: RunningSink): Promise<boolean> => {
    const nowMs = clock.nowMs();
    if (nowMs >= sink.holdsAgainMs) {
      sink.holdsAgainMs = nowMs + HOLD_AGAIN_MS;
      const held = await storage.sinks.hold(name, server, nowMs, nowMs + HOLD_MS);
      sink.heldUntilMs = held ? nowMs + HOLD_MS : 0;
    }
    return nowMs < sink.heldUntilMs;
  };

  const work = async (name: string, sink: RunningSink): Promise<void> => {
    const { signal } = sink.cut;
    const stopped = sink.stop.signal;
    try {
      while (!stopped.aborted && clock.nowMs() < sink.heldUntilMs && (await sink.delivery.step(signal)));
    } catch (error) {
      log.warn('background.failed', { work: `sink ${name}`, error: messageOf(error) });
    } finally {
      sink.working = undefined;
    }
  };

  return {
    async tick() {
      await follow();
      for (const [name, sink] of running) {
        if ((await holds(name, sink)) && sink.working === undefined) sink.working = work(name, sink);
      }
    },
    async close() {
      for (const [name, sink] of running) leave(name, sink);
      await Promise.all(leaving);
    },
  };
}

/** Where the log begins that is still kept. */
async function readKeptStart(log: Storage['log']): Promise<SinkStart> {
  const { minimumIndex } = await log.retained();
  const bundle = minimumIndex === 0 ? undefined : await log.bundle(minimumIndex / TILE_WIDTH);
  return { index: minimumIndex, sequence: (bundle?.sequences[0] ?? 1) - 1 };
}

function deliveryOf(
  options: SinkRunnerOptions,
  server: string,
  { name, kind, common, settings }: ConfiguredSink,
  network: Pick<SinkContext, 'fetch' | 'allowPrivateHosts'>,
): Delivery {
  const { storage, origin, clock, log, resolveSecret, record } = options;
  const context: SinkContext = {
    clock,
    log,
    ...network,
    resolveSecret,
    sleep: async (ms, signal) => {
      await delay(ms, undefined, { signal });
    },
  };
  return createDelivery({
    name,
    server,
    origin,
    schema: common.schema ?? kind.schemaDefault,
    limits: { ...kind.limits, delaySeconds: common.delay ?? kind.limits.delaySeconds },
    openSink: () => kind.open(settings, context),
    store: storage.sinks,
    head: () => storage.log.head(),
    readLog: (range) => readLog({ log: storage.log, events: storage.events }, range),
    clock,
    log,
    onCircuit: async (cursor) => {
      const { type, body } = circuitEvent(cursor);
      await record(type, { name, kind: kind.id, ...body });
    },
  });
}

/** That a sink stopped taking events is itself recorded: whoever breaks it on purpose leaves a trace. */
function circuitEvent({ health, nextIndex }: SinkCursor): {
  type: AuditEventType;
  body: Record<string, unknown>;
} {
  if (health.circuit === 'closed') return { type: 'sink.up', body: { nextIndex } };
  const { code } = health.lastError ?? { code: 'unknown' };
  return { type: 'sink.down', body: { nextIndex, code, failures: health.failures } };
}
