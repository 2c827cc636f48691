import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createDecisionProjector } from '#audit/decision-index/project-decisions.ts';
import { parseSignedCheckpoint } from '#audit/log/checkpoint.ts';
import { readLogStanding } from '#audit/log/log-standing.ts';
import type { ConfigurationManager } from '#broker/configuration/configuration-manager.ts';
import type { Clock } from '#core/clock.ts';
import type { ConsoleDependencies } from '#server/console-dependencies.ts';
import type { Storage } from '#storage/storage.ts';
import { witnessesOf } from '../cosign-log.ts';
import type { Timers } from '../timers.ts';

/** A page shows a decision at most about a second after it was made. */
const INDEX_SECONDS = 0.25;
/** Half of the time at most, so that exchanges go first: the busier the server, the longer a stretch takes. */
const REST_SHARE = 1;
const REST_MS_MAX = 1_000;

export interface OpenedDecisions {
  readonly dependencies: Pick<
    ConsoleDependencies,
    'decisions' | 'configurations' | 'logStanding' | 'witnessedCheckpoint'
  >;
  work(timers: Timers): void;
}

/** The index of decisions, and the work that keeps it up to the record. */
export function openDecisions(options: {
  storage: Storage;
  manager: Pick<ConfigurationManager, 'configuration'>;
  clock: Clock;
}): OpenedDecisions {
  const { storage, manager, clock } = options;
  const { decisions, configurations, events, log } = storage;
  const project = createDecisionProjector({
    index: decisions,
    events,
    clock,
    server: randomUUID(),
    rest: (tookMs) => delay(Math.min(REST_MS_MAX, tookMs * REST_SHARE)),
  });
  return {
    dependencies: {
      decisions,
      configurations,
      witnessedCheckpoint: async () => parseSignedCheckpoint((await log.witnessed()) ?? ''),
      logStanding: () => {
        const configuration = manager.configuration();
        const witnesses = witnessesOf(configuration);
        return readLogStanding({ store: log, events, witnesses, quorum: configuration?.log.quorum ?? 1 });
      },
    },
    work: (timers) => timers.every(INDEX_SECONDS, 'decision-index', project),
  };
}
