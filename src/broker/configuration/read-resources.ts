import { formatDuration } from '#core/config/duration.ts';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { validateYaml } from '#core/config/validate.ts';
import type { YamlSource } from '#core/config/yaml-source.ts';
import { nearestWord } from '#core/nearest.ts';
import type { RuntimeResource } from '../runtime.ts';
import type { ConfiguredCredentialProvider } from './configuration.ts';
import type { ConfigurationFile, ResourceEntry } from './configuration-file.ts';

export interface Resources {
  resources: Map<string, RuntimeResource>;
  problems: ConfigurationProblem[];
}

type Providers = ReadonlyMap<string, ConfiguredCredentialProvider>;

export function readResources(source: YamlSource, file: ConfigurationFile, providers: Providers): Resources {
  const resources = new Map<string, RuntimeResource>();
  const problems: ConfigurationProblem[] = [];
  for (const [name, entry] of Object.entries(file.resources)) {
    const at = (key: string, message: string, remedy: string): void => {
      problems.push({
        file: source.file,
        ...source.locate(['resources', name, key]),
        message: `\`resources.${name}.${key}\`: ${message}`,
        remedy,
      });
    };
    const provider = findProvider(entry, file, providers, at);
    if (provider === undefined) continue;
    const parameters = validateYaml(
      provider.kind.parameters,
      source,
      ['resources', name, 'parameters'],
      entry.parameters,
    );
    if (!parameters.ok) {
      problems.push(...parameters.problems);
      continue;
    }
    resources.set(name, resourceOf(name, entry, provider, parameters.value, at));
  }
  refuseSharedUris(source, resources, problems);
  return { resources, problems };
}

type Report = (key: string, message: string, remedy: string) => void;

function findProvider(
  entry: ResourceEntry,
  file: ConfigurationFile,
  providers: Providers,
  report: Report,
): ConfiguredCredentialProvider | undefined {
  const provider = providers.get(entry.credentialProvider);
  // One that stands in the file but is invalid was reported at its own line already.
  if (provider !== undefined || Object.hasOwn(file.credentialProviders, entry.credentialProvider))
    return provider;
  const nearest = nearestWord(entry.credentialProvider, Object.keys(file.credentialProviders));
  report(
    'credentialProvider',
    `there is no credential provider \`${entry.credentialProvider}\`.`,
    nearest === undefined ? 'Add it under `credentialProviders`.' : `Did you mean \`${nearest}\`?`,
  );
  return undefined;
}

function resourceOf(
  name: string,
  entry: ResourceEntry,
  provider: ConfiguredCredentialProvider,
  parameters: object,
  report: Report,
): RuntimeResource {
  const limits = provider.kind.ttlSeconds;
  const ttlSeconds = entry.ttl ?? Math.min(limits.default, entry.ttlMax ?? limits.default);
  const ttlSecondsMax = entry.ttlMax ?? ttlSeconds;
  const range = `${provider.kind.title} gives from ${formatDuration(limits.min)} to ${formatDuration(limits.max)}`;
  if (ttlSeconds < limits.min || ttlSeconds > limits.max)
    report('ttl', `is out of range: ${range}.`, 'Choose a lifetime in that range.');
  if (ttlSecondsMax < ttlSeconds) report('ttlMax', 'is shorter than `ttl`.', 'Make it at least as long.');
  return {
    name,
    uri: entry.uri,
    privileged: entry.privileged,
    tags: entry.tags,
    ttlSeconds,
    ttlSecondsMax,
    proofRequired: entry.proof === 'required',
    credentialProvider: entry.credentialProvider,
    parameters,
    environment: entry.environment,
  };
}

function refuseSharedUris(
  source: YamlSource,
  resources: ReadonlyMap<string, RuntimeResource>,
  problems: ConfigurationProblem[],
): void {
  const seen = new Map<string, string>();
  for (const { name, uri } of resources.values()) {
    if (uri === undefined) continue;
    const first = seen.get(uri);
    if (first !== undefined) {
      problems.push({
        file: source.file,
        ...source.locate(['resources', name, 'uri']),
        message: `\`resources.${name}.uri\` is the URI of \`${first}\` already.`,
        remedy: 'Give each resource a URI of its own, or none.',
      });
    }
    seen.set(uri, name);
  }
}
