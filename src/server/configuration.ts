import type { ServerDependencies } from './dependencies.ts';
import type { HandlersOf } from './handler.ts';
import { momentOf } from './views.ts';

export function createConfigurationHandlers({
  broker,
}: Pick<ServerDependencies, 'broker'>): HandlersOf<'getConfiguration'> {
  return {
    getConfiguration() {
      const { inForce, refused, resources, identityProviders, policies } = broker.configurationStatus();
      return {
        value: {
          inForce:
            inForce === undefined
              ? null
              : { id: inForce.id, digest: inForce.digest, appliedAt: momentOf(inForce.appliedAtMs) },
          refused:
            refused === undefined ? null : { at: momentOf(refused.atMs), problems: [...refused.problems] },
          resources: [...resources],
          identityProviders: [...identityProviders],
          policies: [...policies],
        },
      };
    },
  };
}
