import type { ConfigurationStore, StoredConfiguration } from '#broker/configuration-store.ts';
import { countCharacters, integer } from '../sql-value.ts';
import { clampLimit } from '../window.ts';
import { refuseTaken } from './refuse-taken.ts';

export function createMemoryConfigurationStore(): ConfigurationStore {
  const saved = new Map<string, StoredConfiguration>();
  const newestFirst = (): StoredConfiguration[] =>
    [...saved.values()].sort(
      (one, other) => other.appliedAtMs - one.appliedAtMs || (one.id < other.id ? 1 : -1),
    );
  return {
    saveConfiguration: async (configuration) => {
      integer(configuration.appliedAtMs, 'appliedAtMs');
      countCharacters([JSON.stringify(configuration.files)]);
      refuseTaken(saved, configuration.id);
      saved.set(configuration.id, structuredClone(configuration));
    },
    latestConfiguration: async () => structuredClone(newestFirst()[0]),
    configurationByPolicyVersion: async (policyVersion) =>
      structuredClone(newestFirst().find((each) => each.policyVersion === policyVersion)),
    configurations: async (limit) =>
      newestFirst()
        .slice(0, clampLimit(limit))
        .map(({ id, digest, appliedAtMs }) => ({ id, digest, appliedAtMs })),
  };
}
