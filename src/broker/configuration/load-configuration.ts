import { hash } from 'node:crypto';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { validateYaml } from '#core/config/validate.ts';
import { parseYamlSource, type YamlSource } from '#core/config/yaml-source.ts';
import { immutableAttributesOf } from '#identity/configured-provider.ts';
import { compilePolicies } from '#policy/compile-policies.ts';
import type { ConfigurationFiles, ConfigurationLoad } from './configuration.ts';
import { ConfigurationFile } from './configuration-file.ts';
import { readProviders } from './read-providers.ts';
import { readResources } from './read-resources.ts';

export const CONFIGURATION_FILE = 'vouchgate.yaml';

/** SHA-256 over the files in the order of their paths: names a version of the configuration. */
export function digestOf(files: ConfigurationFiles): string {
  return hash(
    'sha256',
    JSON.stringify(Object.entries(files).sort(([left], [right]) => (left < right ? -1 : 1))),
  );
}

/**
 * Reads a whole configuration and checks everything that can be checked without touching the network.
 * Either all of it is valid, or every problem is named with its file, line and remedy.
 */
export async function loadConfiguration(files: ConfigurationFiles): Promise<ConfigurationLoad> {
  const text = files[CONFIGURATION_FILE];
  if (text === undefined) {
    return {
      ok: false,
      problems: [
        {
          file: CONFIGURATION_FILE,
          line: 1,
          column: 1,
          message: 'The file is missing.',
          remedy: 'Create it; docs/guides/getting-started.md has one to start from.',
        },
      ],
    };
  }
  const parsed = parseYamlSource(CONFIGURATION_FILE, text);
  if (!parsed.ok) return parsed;
  const file = validateYaml(ConfigurationFile, parsed.source, [], parsed.source.value);
  if (!file.ok) return file;
  return assemble(files, parsed.source, file.value);
}

async function assemble(
  files: ConfigurationFiles,
  source: YamlSource,
  file: ConfigurationFile,
): Promise<ConfigurationLoad> {
  const providers = readProviders(source, file);
  const resources = readResources(source, file, providers.credentialProviders);
  const policies = await compilePolicies(
    cedarFiles(files, file.policies),
    [...resources.resources.values()],
    {
      identityProviders: providers.identityProviders.map((provider) => ({
        name: provider.name,
        platform: provider.kind.id,
        immutableAttributes: immutableAttributesOf(provider),
      })),
    },
  );
  const problems: ConfigurationProblem[] = [...providers.problems, ...resources.problems];
  if (!policies.ok || problems.length > 0) {
    return { ok: false, problems: [...problems, ...(policies.ok ? [] : policies.problems)] };
  }
  return {
    ok: true,
    configuration: {
      digest: digestOf(files),
      url: file.url,
      audience: file.audience ?? file.url,
      identityProviders: providers.identityProviders,
      credentialProviders: providers.credentialProviders,
      resources: resources.resources,
      policy: policies.engine,
      policies: policies.policies,
      allowPrivateHosts: file.network.allowPrivateHosts,
      trustedProxies: file.network.trustedProxies,
      warnings: [...policies.warnings, ...strayPolicies(files, file.policies)],
    },
  };
}

function cedarFiles(files: ConfigurationFiles, folder: string): { path: string; text: string }[] {
  return Object.entries(files)
    .filter(([path]) => isPolicyOf(folder, path))
    .map(([path, text]) => ({ path, text }));
}

function isPolicyOf(folder: string, path: string): boolean {
  return path.startsWith(`${folder}/`) && path.endsWith('.cedar');
}

/** Somebody wrote a policy, perhaps a forbid, and believes that it is in force. */
function strayPolicies(files: ConfigurationFiles, folder: string): ConfigurationProblem[] {
  return Object.keys(files)
    .filter((path) => path.endsWith('.cedar') && !isPolicyOf(folder, path))
    .map((file) => ({
      file,
      line: 1,
      column: 1,
      message: `The file is outside of \`${folder}/\`, so its policies are not in force.`,
      remedy: `Move it to \`${folder}/\`, or remove it.`,
    }));
}
