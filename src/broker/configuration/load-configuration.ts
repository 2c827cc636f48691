import { hash } from 'node:crypto';
import type { ConfigurationProblem } from '#core/config/problem.ts';
import { validateYaml } from '#core/config/validate.ts';
import { parseYamlSource, type YamlSource } from '#core/config/yaml-source.ts';
import { parseVerifierKey } from '#audit/log/note-key.ts';
import { compilePolicies } from '#policy/compile-policies.ts';
import { compilePeoplePolicies } from '#policy/people/compile-people-policies.ts';
import type { ConfigurationFiles, ConfigurationLoad } from './configuration.ts';
import { ConfigurationFile } from './configuration-file.ts';
import { lintProvidersOf } from './lint-providers.ts';
import type { PostureOpener } from './posture-opener.ts';
import { readInputs } from './inputs-section.ts';
import { GATE_POLICY_FILE } from './posture-section.ts';
import { PEOPLE_POLICIES_FOLDER, peopleProblems, peopleWarnings } from './people-section.ts';
import { readProviders } from './read-providers.ts';
import { readSinks } from './sinks-section.ts';
import { readResources } from './read-resources.ts';

export const CONFIGURATION_FILE = 'vouchgate.yaml';

export interface LoadOptions {
  /** What is wrong with the gate's policy; undefined where nobody can tell. */
  checkGatePolicy?: PostureOpener['check'] | undefined;
}

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
export async function loadConfiguration(
  files: ConfigurationFiles,
  options: LoadOptions = {},
): Promise<ConfigurationLoad> {
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
  return assemble(files, parsed.source, file.value, options);
}

async function assemble(
  files: ConfigurationFiles,
  source: YamlSource,
  file: ConfigurationFile,
  options: LoadOptions,
): Promise<ConfigurationLoad> {
  const providers = readProviders(source, file);
  const resources = readResources(source, file, providers.credentialProviders);
  const sinks = readSinks(source, file.sinks);
  const inputs = readInputs(source, file.inputs);
  const policies = await compilePolicies(
    cedarFiles(files, file.policies),
    [...resources.resources.values()],
    {
      identityProviders: lintProvidersOf(providers.identityProviders),
      posture: file.posture === undefined ? 'missing' : 'configured',
    },
  );
  const people = await compilePeoplePolicies(
    cedarFiles(files, PEOPLE_POLICIES_FOLDER),
    new Set(Object.keys(file.people.teams)),
  );
  const problems: ConfigurationProblem[] = [
    ...(people.ok ? [] : people.problems),
    ...peopleProblems(source, file.people),
    ...providers.problems,
    ...resources.problems,
    ...sinks.problems,
    ...inputs.problems,
    ...postureProblems(files, source, file, options),
    ...keyProblems(source, file),
  ];
  if (!policies.ok || !people.ok || problems.length > 0) {
    return { ok: false, problems: [...problems, ...(policies.ok ? [] : policies.problems)] };
  }
  return {
    ok: true,
    configuration: {
      digest: digestOf(files),
      files,
      url: file.url,
      audience: file.audience ?? file.url,
      identityProviders: providers.identityProviders,
      credentialProviders: providers.credentialProviders,
      resources: resources.resources,
      policy: policies.engine,
      policies: policies.policies,
      policiesFolder: file.policies,
      changes: file.changes,
      posture: file.posture && { section: file.posture, policy: files[GATE_POLICY_FILE] },
      people: { settings: file.people, policy: people.policy },
      findings: file.findings,
      log: file.log,
      witness: file.witness,
      sinks: sinks.sinks,
      inputs: inputs.inputs,
      telemetry: file.telemetry,
      allowPrivateHosts: file.network.allowPrivateHosts,
      trustedProxies: file.network.trustedProxies,
      warnings: [
        ...policies.warnings,
        ...people.warnings,
        ...peopleWarnings(source, file.people),
        ...strayPolicies(files, file.policies),
      ],
    },
  };
}

/** A key whose id does not fit its bytes has a typing error in it, and would never be found in a note. */
function keyProblems(source: YamlSource, { log, witness }: ConfigurationFile): ConfigurationProblem[] {
  const keys = [
    ...log.witnesses.map(({ key }, at) => ({ key, path: ['log', 'witnesses', at, 'key'] })),
    ...witness.logs.map((key, at) => ({ key, path: ['witness', 'logs', at] })),
  ];
  return keys
    .filter(({ key }) => parseVerifierKey(key) === undefined)
    .map(({ key, path }) => ({
      file: source.file,
      ...source.locate(path),
      message: `\`${key}\` is no key that can be used: its id does not fit it, or it is no Ed25519 key.`,
      remedy: 'Copy it whole, from `vouchgate audit key` or the operator of the witness.',
    }));
}

function postureProblems(
  files: ConfigurationFiles,
  source: YamlSource,
  { posture, identityProviders }: ConfigurationFile,
  { checkGatePolicy }: LoadOptions,
): readonly ConfigurationProblem[] {
  const strangers = Object.keys(posture?.sources ?? {}).filter(
    (name) => !Object.hasOwn(identityProviders, name),
  );
  const unknown = strangers.map((name) => ({
    file: source.file,
    ...source.locate(['posture', 'sources', name]),
    message: `\`posture.sources.${name}\` is not an entry of \`identityProviders\`.`,
    remedy: `Name one of: ${Object.keys(identityProviders).join(', ') || 'none yet'}.`,
  }));
  const policy = files[GATE_POLICY_FILE];
  return policy === undefined
    ? unknown
    : [...unknown, ...(checkGatePolicy?.(GATE_POLICY_FILE, policy) ?? [])];
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
    .filter(
      (path) =>
        path.endsWith('.cedar') && !isPolicyOf(folder, path) && !isPolicyOf(PEOPLE_POLICIES_FOLDER, path),
    )
    .map((file) => ({
      file,
      line: 1,
      column: 1,
      message: `The file is outside of \`${folder}/\`, so its policies are not in force.`,
      remedy: `Move it to \`${folder}/\`, or remove it.`,
    }));
}
