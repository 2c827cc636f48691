import { issuerOf } from '#identity/configured-provider.ts';
import type { ConfigurationStatus } from '../broker.ts';
import type { Configuration } from './configuration.ts';

export function statusOf(
  configuration: Configuration | undefined,
  inForce: ConfigurationStatus['inForce'],
  refused: ConfigurationStatus['refused'],
): ConfigurationStatus {
  return {
    inForce,
    refused,
    resources: [...(configuration?.resources.values() ?? [])].map((resource) => {
      const kind = configuration?.credentialProviders.get(resource.credentialProvider)?.kind;
      return {
        name: resource.name,
        credentialType: kind?.id ?? '',
        credentialProvider: resource.credentialProvider,
        privileged: resource.privileged,
        storedSecret: kind?.stored ?? false,
      };
    }),
    identityProviders: (configuration?.identityProviders ?? []).map((provider) => ({
      name: provider.name,
      platform: provider.kind.id,
      issuer: issuerOf(provider) ?? '',
    })),
    policies: (configuration?.policies ?? []).map(({ id, file, effect }) => ({ id, file, effect })),
    posture: postureOf(configuration),
    inputs: (configuration?.inputs.sources ?? []).map(({ name, kind }) => ({
      name,
      type: kind.id,
      mode: kind.mode,
    })),
    telemetry: {
      metrics: configuration?.telemetry.metrics !== undefined,
      traces: configuration?.telemetry.traces !== undefined,
    },
  };
}

function postureOf(configuration: Configuration | undefined): ConfigurationStatus['posture'] {
  const { section, policy } = configuration?.posture ?? {};
  if (section === undefined) return undefined;
  const sources = Object.entries(section.sources);
  return {
    sources: sources.map(([identityProvider, { type }]) => ({ identityProvider, type })),
    gatePolicy: policy !== undefined,
  };
}
