import type {
  SealedSecretStore,
  SigningKeyStore,
  StoredSealedSecret,
  StoredSigningKey,
} from '#credentials/ports.ts';
import { integer } from '../sql-value.ts';

export function createMemorySigningKeyStore(): SigningKeyStore {
  const keys: StoredSigningKey[] = [];
  return {
    list: async () => structuredClone(keys).sort((one, other) => one.activeFromMs - other.activeFromMs),
    add: async (key) => {
      integer(key.activeFromMs, 'activeFromMs');
      const taken = keys.some(
        ({ id, algorithm, activeFromMs }) =>
          id === key.id || (algorithm === key.algorithm && activeFromMs === key.activeFromMs),
      );
      if (!taken) keys.push({ ...key });
      return !taken;
    },
    retire: async (id, retiredAtMs) => {
      const key = keys.find((candidate) => candidate.id === id);
      if (key !== undefined) key.retiredAtMs = integer(retiredAtMs, 'retiredAtMs');
    },
  };
}

export function createMemorySealedSecretStore(): SealedSecretStore {
  const secrets = new Map<string, StoredSealedSecret>();
  return {
    get: async (name) => structuredClone(secrets.get(name)),
    put: async (secret) => {
      integer(secret.updatedAtMs, 'updatedAtMs');
      secrets.set(secret.name, { ...secret });
    },
    list: async () =>
      [...secrets.values()]
        .sort((one, other) => (one.name < other.name ? -1 : 1))
        .map(({ name, updatedAtMs, rotateByMs }) => ({ name, updatedAtMs, rotateByMs })),
  };
}
