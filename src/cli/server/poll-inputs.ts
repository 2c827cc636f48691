import type { InputKind, Poller } from '#audit/inputs/input.ts';
import { InputError } from '#audit/inputs/input-error.ts';
import type { TakeIn } from '#audit/inputs/take-in.ts';
import type { Configuration } from '#broker/configuration/configuration.ts';
import type { ConfiguredInput } from '#broker/configuration/inputs-section.ts';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import type { SecretReference } from '#core/config/secret-reference.ts';
import { AppError, messageOf } from '#core/errors.ts';
import type { Logger } from '#core/log.ts';
import type { Secret } from '#core/secret.ts';
import type { VouchgateMetrics } from '#core/telemetry/metric-catalogue.ts';
import type { Storage } from '#storage/storage.ts';

export interface InputPollingOptions {
  storage: Pick<Storage, 'activity' | 'events'>;
  configuration: () => Pick<Configuration, 'inputs'> | undefined;
  fetch: BoundedFetch;
  resolveSecret: (reference: SecretReference) => Promise<Secret>;
  takeIn: TakeIn;
  metrics: VouchgateMetrics;
  /** Name of this server among several. */
  server: string;
  clock: Clock;
  log: Logger;
}

/** Longer than one page can take: who is silent this long is not there any more. */
const HOLD_MS = 60_000;
/** Pages in one go, so that each look ends. */
const PAGES_MAX = 50;
const WAIT_SECONDS = 60;
const WAIT_SECONDS_MAX = 900;

type PollKind = Extract<InputKind, { mode: 'poll' }>;

/** One input that is asked, as this server knows it. */
interface Asked {
  configured: ConfiguredInput;
  poller: Poller;
  everySeconds: number;
  nextAtMs: number;
  failures: number;
  running: Promise<void> | undefined;
}

/**
 * Asks each input when its time has come, one server at a time, all inputs side by side. What came is stored before
 * the position moves: a crash in between reads it again, and it is known by its id.
 */
export function createInputPolling(options: InputPollingOptions): {
  tick(): Promise<void>;
  close(): Promise<void>;
} {
  const { clock, metrics } = options;
  const stop = new AbortController();
  let asked = new Map<string, Asked>();
  let current: Pick<Configuration, 'inputs'> | undefined;

  const follow = (configuration: Pick<Configuration, 'inputs'> | undefined): void => {
    if (configuration === current) return;
    current = configuration;
    const sources = configuration?.inputs.sources ?? [];
    asked = new Map(sources.flatMap((source) => entryOf(options, source, asked.get(source.name))));
  };

  const look = async (entry: Asked): Promise<void> => {
    const { name } = entry.configured;
    try {
      const waitSeconds = await readToEnd(options, entry, stop.signal);
      entry.failures = 0;
      entry.nextAtMs = clock.nowMs() + (waitSeconds ?? entry.everySeconds) * 1_000;
    } catch (error) {
      entry.failures += 1;
      entry.nextAtMs = clock.nowMs() + waitAfter(error, entry.failures) * 1_000;
      if (stop.signal.aborted) return;
      metrics.count('vouchgate_input_failures_total', { input: name });
      const { code = 'unexpected', remedy } = error instanceof AppError ? error : {};
      options.log.warn('input.failed', { input: name, code, error: messageOf(error), remedy });
    }
  };

  return {
    async tick() {
      follow(options.configuration());
      const nowMs = clock.nowMs();
      for (const entry of asked.values()) {
        if (entry.running !== undefined || entry.nextAtMs > nowMs) continue;
        // Not waited for: a source that is slow keeps no other one.
        entry.running = look(entry).finally(() => {
          entry.running = undefined;
        });
      }
    },
    async close() {
      stop.abort();
      await Promise.all([...asked.values()].flatMap(({ running }) => running ?? []));
    },
  };
}

/** What is configured as before goes on as before. */
function entryOf(
  { clock, fetch, resolveSecret }: InputPollingOptions,
  configured: ConfiguredInput,
  before: Asked | undefined,
): [string, Asked][] {
  const { name, kind, settings } = configured;
  if (kind.mode !== 'poll') return [];
  const same = before?.configured.kind === kind && sameSettings(before.configured.settings, settings);
  if (before !== undefined && same) return [[name, before]];
  const poll: PollKind = kind;
  const poller = poll.open(settings, { clock, fetch, resolveSecret });
  const { everySeconds } = poll;
  return [[name, { configured, poller, everySeconds, nextAtMs: 0, failures: 0, running: undefined }]];
}

function sameSettings(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Resolves to how long the source asks to be left alone. */
async function readToEnd(
  options: InputPollingOptions,
  { configured: { name }, poller }: Asked,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { storage, clock, server, takeIn, metrics } = options;
  const store = storage.activity;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const nowMs = clock.nowMs();
    if (!(await store.hold(name, server, nowMs, nowMs + HOLD_MS))) return undefined;
    const cursor = await store.cursor(name);
    const poll = await poller.poll(cursor?.position, signal);
    const { stored, repeated, refused } = await takeIn(name, poll.records);
    countRecords({ metrics }, name, { stored, repeated, refused: refused + poll.refused });
    const readAtMs = poll.more ? (cursor?.readAtMs ?? 0) : clock.nowMs();
    await store.moveCursor(name, { position: poll.position, readAtMs });
    if (poll.waitSeconds !== undefined) return poll.waitSeconds;
    if (!poll.more) return undefined;
    signal.throwIfAborted();
  }
  return 0;
}

/** What the source asks for, else longer each time. */
function waitAfter(error: unknown, failures: number): number {
  const asked = error instanceof InputError ? error.waitSeconds : undefined;
  return asked ?? Math.min(WAIT_SECONDS * 2 ** Math.min(failures - 1, 10), WAIT_SECONDS_MAX);
}

export function countRecords(
  { metrics }: Pick<InputPollingOptions, 'metrics'>,
  input: string,
  counts: { stored: number; repeated: number; refused: number },
): void {
  for (const outcome of ['stored', 'repeated', 'refused'] as const)
    metrics.count('vouchgate_input_records_total', { input, outcome }, counts[outcome]);
}
