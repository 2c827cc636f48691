import type { z } from 'zod';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { keysOf, validateYaml } from '#core/config/validate.ts';
import type { YamlSource } from '#core/config/yaml-source.ts';
import { nearestWord } from '#core/nearest.ts';
import type { CredentialProviderKind } from '#credentials/provider.ts';
import { credentialProviderKinds } from '#credentials/providers.generated.ts';
import {
  type ConfiguredIdentityProvider,
  IdentityConfigurationError,
  resolveIdentityProviders,
} from '#identity/configured-provider.ts';
import { IdentityProviderCommon } from '#identity/identity-provider-common.ts';
import type { IdentityProviderKind } from '#identity/provider.ts';
import { identityProviderKinds } from '#identity/providers.generated.ts';
import type { ConfiguredCredentialProvider } from './configuration.ts';
import type { ConfigurationFile } from './configuration-file.ts';

export interface Providers {
  identityProviders: ConfiguredIdentityProvider[];
  credentialProviders: Map<string, ConfiguredCredentialProvider>;
  problems: ConfigurationProblem[];
}

type Section = 'identityProviders' | 'credentialProviders';

export function readProviders(source: YamlSource, file: ConfigurationFile): Providers {
  const providers: Providers = { identityProviders: [], credentialProviders: new Map(), problems: [] };
  for (const [name, { type, ...entry }] of Object.entries(file.identityProviders)) {
    const kind = findKind<IdentityProviderKind>(
      source,
      'identityProviders',
      name,
      type,
      identityProviderKinds,
      providers.problems,
    );
    if (kind !== undefined) readIdentityProvider(source, name, kind, entry, providers);
  }
  for (const [name, { type, ...settings }] of Object.entries(file.credentialProviders)) {
    const kind = findKind<CredentialProviderKind>(
      source,
      'credentialProviders',
      name,
      type,
      credentialProviderKinds,
      providers.problems,
    );
    if (kind === undefined) continue;
    const checked = validateYaml(kind.settings, source, ['credentialProviders', name], settings);
    if (checked.ok) providers.credentialProviders.set(name, { name, kind, settings: checked.value });
    else providers.problems.push(...checked.problems);
  }
  checkTogether(source, providers);
  return providers;
}

function findKind<Kind>(
  source: YamlSource,
  section: Section,
  name: string,
  type: string,
  kinds: Readonly<Record<string, Kind>>,
  problems: ConfigurationProblem[],
): Kind | undefined {
  if (Object.hasOwn(kinds, type)) return kinds[type];
  const known = Object.keys(kinds);
  const nearest = nearestWord(type, known);
  problems.push({
    file: source.file,
    ...source.locate([section, name, 'type']),
    message: `\`${section}.${name}.type\`: there is no kind \`${type}\`.`,
    remedy: nearest === undefined ? `Use one of: ${known.join(', ')}.` : `Did you mean \`${nearest}\`?`,
  });
  return undefined;
}

/** An identity provider's entry holds what every kind has, and what its own kind has, side by side. */
function readIdentityProvider(
  source: YamlSource,
  name: string,
  kind: IdentityProviderKind,
  entry: Readonly<Record<string, unknown>>,
  providers: Providers,
): void {
  const path = ['identityProviders', name];
  const commonKeys = keysOf(IdentityProviderCommon);
  const isCommon = ([key]: [string, unknown]) => commonKeys.includes(key);
  const pairs = Object.entries(entry);
  const known = ['type', ...commonKeys, ...keysOf(kind.settings)];
  const common = validateYaml<z.infer<typeof IdentityProviderCommon>>(
    IdentityProviderCommon,
    source,
    path,
    Object.fromEntries(pairs.filter(isCommon)),
    known,
  );
  const settings = validateYaml(
    kind.settings,
    source,
    path,
    Object.fromEntries(pairs.filter((pair) => !isCommon(pair))),
    known,
  );
  if (common.ok && settings.ok) {
    const provider = { name, kind, common: common.value, settings: settings.value };
    providers.identityProviders.push(provider);
  }
  if (!common.ok) providers.problems.push(...common.problems);
  if (!settings.ok) providers.problems.push(...settings.problems);
}

/** What no schema can say of one entry alone: a missing issuer, one issuer twice, a pinned key that is none. */
function checkTogether(source: YamlSource, providers: Providers): void {
  try {
    resolveIdentityProviders(providers.identityProviders, 'unused');
  } catch (error) {
    if (!(error instanceof IdentityConfigurationError)) throw error;
    providers.problems.push({
      file: source.file,
      ...source.locate(error.location?.split('.') ?? []),
      message: error.message,
      remedy: error.remedy ?? '',
    });
  }
}
