import type { Storage } from '../storage.ts';
import { createMemoryActivityStore } from './memory-activity-store.ts';
import { createMemoryBrokerStore } from './memory-broker-store.ts';
import { createMemoryConfigurationStore } from './memory-configuration-store.ts';
import { createMemoryEventStore } from './memory-event-store.ts';
import { createMemoryFindingStore } from './memory-finding-store.ts';
import { createMemorySinkStore } from './memory-sink-store.ts';
import { createMemoryLogStore, createMemoryWitnessStore } from './memory-log-store.ts';
import {
  createMemorySealedSecretStore,
  createMemorySessionStore,
  createMemorySigningKeyStore,
} from './memory-tables.ts';

/**
 * The same promises without a disk, for fast tests of other rooms and as the model that the real stores are
 * compared with. It refuses what they refuse. Not offered to users: it forgets which tokens were used.
 */
export function openMemoryStorage(): Storage {
  const events = createMemoryEventStore();
  const activity = createMemoryActivityStore(events.findNow);
  const broker = createMemoryBrokerStore(events.appendNow);
  return {
    broker,
    events: events.store,
    log: createMemoryLogStore((event) => {
      events.replaceNow(event);
      activity.forgetActors(event.sequence);
    }),
    witness: createMemoryWitnessStore(),
    signingKeys: createMemorySigningKeyStore(),
    sealedSecrets: createMemorySealedSecretStore(),
    configurations: createMemoryConfigurationStore(),
    sinks: createMemorySinkStore(),
    activity: activity.store,
    countLiveLeases: async () => {
      const states = ['pending', 'active', 'revoking'] as const;
      const live = await broker.leases({ states, limit: 1_000 });
      return new Map(states.map((state) => [state, live.filter((lease) => lease.state === state).length]));
    },
    sessions: createMemorySessionStore(),
    findings: createMemoryFindingStore(events.appendNow),
    check: async () => {},
    close: async () => {},
  };
}
