import { hostname } from 'node:os';
import { createLogPruning, type Hold } from '#audit/log/prune-log.ts';
import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Logger } from '#core/log.ts';
import type { Storage } from '#storage/storage.ts';

export interface PruningSettings {
  /** Undefined: for ever. */
  readonly retentionSeconds: number | undefined;
  /** Names of the sinks that have to have what is removed. */
  readonly sinks: readonly string[];
}

export interface ServerPruningOptions {
  readonly storage: Pick<Storage, 'log' | 'sinks'>;
  /** Undefined while there is no configuration: nothing is removed then. */
  readonly settings: () => PruningSettings | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A sink needs what it has not got yet, and what it would not take until somebody has looked at that. */
async function holdOf({ sinks }: ServerPruningOptions['storage'], name: string): Promise<Hold> {
  const [cursor, [parked]] = await Promise.all([sinks.find(name), sinks.parked(name, { limit: 1 })]);
  const nextIndex = cursor?.nextIndex ?? 0;
  return { who: `sink ${name}`, fromIndex: Math.min(nextIndex, parked?.index ?? nextIndex) };
}

/** Removes from the log what the configuration says is too old; the work for a timer. */
export function createServerPruning(options: ServerPruningOptions): () => Promise<void> {
  const { storage, settings, clock, log } = options;
  const prune = createLogPruning({
    store: storage.log,
    clock,
    log,
    retentionMs: () => {
      const seconds = settings()?.retentionSeconds;
      return seconds === undefined ? undefined : seconds * 1_000;
    },
    holds: () => Promise.all((settings()?.sinks ?? []).map((name) => holdOf(storage, name))),
    announce: (facts) => ({
      id: newId('evt', clock),
      timeMs: clock.nowMs(),
      type: 'log.pruned',
      actor: { kind: 'server', id: hostname() },
      body: { ...facts },
    }),
  });
  return async () => {
    if (settings() !== undefined) await prune();
  };
}
