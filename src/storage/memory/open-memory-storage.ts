import { eventToRow } from '../event-row.ts';
import type { Storage } from '../storage.ts';
import { createMemoryActivityStore } from './memory-activity-store.ts';
import { createMemoryBrokerStore } from './memory-broker-store.ts';
import { createMemoryFreezeStore, createMemoryProposalStore } from './memory-change-stores.ts';
import { createMemoryDecisionIndex } from './memory-decision-index.ts';
import { createMemoryConfigurationStore } from './memory-configuration-store.ts';
import { createMemoryEventStore } from './memory-event-store.ts';
import { createMemoryFindingStore } from './memory-finding-store.ts';
import { createMemoryPersonStores } from './memory-session-store.ts';
import { createMemorySinkStore } from './memory-sink-store.ts';
import { createMemoryLogStore, createMemoryWitnessStore } from './memory-log-store.ts';
import { createMemorySealedSecretStore, createMemorySigningKeyStore } from './memory-tables.ts';
import { createMemoryInventoryStore } from './memory-inventory-store.ts';

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
    log: createMemoryLogStore({
      replace: (event) => {
        events.replaceNow(event);
        activity.forgetActors(event.sequence);
      },
      append: (event) => events.appendNow([eventToRow(event)]),
      removeUpTo: events.removeNow,
    }),
    witness: createMemoryWitnessStore(),
    signingKeys: createMemorySigningKeyStore(),
    sealedSecrets: createMemorySealedSecretStore(),
    configurations: createMemoryConfigurationStore(),
    proposals: createMemoryProposalStore(),
    freezes: createMemoryFreezeStore(),
    sinks: createMemorySinkStore(),
    activity: activity.store,
    decisions: createMemoryDecisionIndex(events.findNow),
    countLiveLeases: async () => {
      const states = ['pending', 'active', 'revoking'] as const;
      const live = await broker.leases({ states, limit: 1_000 });
      return new Map(states.map((state) => [state, live.filter((lease) => lease.state === state).length]));
    },
    ...createMemoryPersonStores(),
    inventory: createMemoryInventoryStore(),
    findings: createMemoryFindingStore(events.appendNow),
    check: async () => {},
    close: async () => {},
  };
}
