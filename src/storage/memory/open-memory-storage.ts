import type { Storage } from '../storage.ts';
import { createMemoryBrokerStore } from './memory-broker-store.ts';
import { createMemoryConfigurationStore } from './memory-configuration-store.ts';
import { createMemoryEventStore } from './memory-event-store.ts';
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
  return {
    broker: createMemoryBrokerStore(events.appendNow),
    events: events.store,
    signingKeys: createMemorySigningKeyStore(),
    sealedSecrets: createMemorySealedSecretStore(),
    configurations: createMemoryConfigurationStore(),
    sessions: createMemorySessionStore(),
    check: async () => {},
    close: async () => {},
  };
}
