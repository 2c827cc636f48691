import { checkGatePolicy } from '#posture/check-gate-policy.ts';
import { buildRuntime, closeReplaced, type LiveRuntime } from '#broker/configuration/build-runtime.ts';
import type { Configuration } from '#broker/configuration/configuration.ts';
import { loadConfiguration } from '#broker/configuration/load-configuration.ts';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import { createBoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import { readSecretReference, type SecretReference } from '#core/config/secret-reference.ts';
import { AppError, messageOf } from '#core/errors.ts';
import { silentLogger } from '#core/log.ts';
import { issuerOf } from '#identity/configured-provider.ts';
import type { Environment } from '../command.ts';
import { readConfigurationFolder } from '../server/configuration-folder.ts';
import { type Check, ok, problem, warning } from './check.ts';
import { checkRecord, summarise } from './check-record.ts';

const TIMEOUT_MS = 10_000;
const DISCOVERY_BYTES_MAX = 65_536;

/** Reads the configuration as `up` would, then reaches everything that it names. Changes nothing anywhere. */
export async function checkConfiguration(folder: string, env: Environment, clock: Clock): Promise<Check[]> {
  let files: Awaited<ReturnType<typeof readConfigurationFolder>>;
  try {
    files = await readConfigurationFolder(folder);
  } catch (error) {
    return [problem('configuration', messageOf(error), 'Name the folder with --config DIR.')];
  }
  const load = await loadConfiguration(files, { checkGatePolicy });
  if (!load.ok) {
    return load.problems.map(({ file, line, message, remedy }) =>
      problem('configuration', `${file}:${line}: ${message}`, remedy),
    );
  }
  const { configuration } = load;
  const { identityProviders, credentialProviders, resources, policies } = configuration;
  const summary = `identity providers: ${identityProviders.length}, credential providers: ${credentialProviders.size}, resources: ${resources.size}, policies: ${policies.length}, ${summarise(configuration)}`;
  const warnings = configuration.warnings.map(({ file, line, message, remedy }) =>
    warning('configuration', `${file}:${line}: ${message}`, remedy),
  );
  return [
    ok('configuration', `valid: ${summary}`),
    ...warnings,
    ...missingPolicies(configuration),
    ...(await reachEverything(configuration, env, clock)),
  ];
}

function missingPolicies({ policies, resources }: Configuration): Check[] {
  if (policies.length > 0 || resources.size === 0) return [];
  const remedy = '`vouchgate policy suggest` drafts one from a token of a job.';
  return [warning('policies', 'there is none, so everything is denied.', remedy)];
}

async function reachEverything(
  configuration: Configuration,
  env: Environment,
  clock: Clock,
): Promise<Check[]> {
  const resolveSecret = (reference: SecretReference) =>
    'sealed' in reference
      ? Promise.reject(
          new AppError('secret_reference_missing', 'Sealed secrets can only be read by the server.'),
        )
      : readSecretReference(reference, env);
  const runtime = buildRuntime(configuration, undefined, {
    clock,
    log: silentLogger,
    signer: { issuer: configuration.url, sign: () => Promise.reject(new Error('doctor signs nothing')) },
    sealedSecrets: { read: () => Promise.resolve(undefined) },
    resolveSecret,
    openFetch: (allowPrivateHosts) =>
      createBoundedFetch({ clock, log: silentLogger, trust: { allowPrivateHosts: [...allowPrivateHosts] } }),
  });
  try {
    const identity = configuration.identityProviders.map((provider) => {
      const pinned = provider.common.jwks !== undefined;
      return reachIssuer(provider.name, issuerOf(provider) ?? '', pinned, runtime.network.fetch);
    });
    const { fetch } = runtime.network;
    const backends = [...runtime.sources.values()].map(reachBackend);
    const record = checkRecord(configuration, { fetch, resolveSecret, clock });
    return (await Promise.all([...identity, ...backends, record])).flat();
  } finally {
    await closeReplaced(runtime, undefined);
  }
}

async function reachIssuer(
  name: string,
  issuer: string,
  pinned: boolean,
  fetch: BoundedFetch,
): Promise<Check[]> {
  const area = `identity provider ${name}`;
  if (pinned) return [ok(area, `keys of ${issuer} are given in the configuration`)];
  try {
    const { status } = await fetch(`${issuer}/.well-known/openid-configuration`, {
      bodyBytesMax: DISCOVERY_BYTES_MAX,
      timeoutMs: TIMEOUT_MS,
    });
    if (status === 200) return [ok(area, `${issuer} answers`)];
    return [
      problem(
        area,
        `${issuer} answers with status ${status}.`,
        'Compare `issuer` letter by letter with the `iss` of a token.',
      ),
    ];
  } catch (error) {
    return [
      problem(
        area,
        messageOf(error),
        'Check the network from here; a private issuer needs `network.allowPrivateHosts`, or its keys under `jwks`.',
      ),
    ];
  }
}

async function reachBackend(
  source: LiveRuntime['sources'] extends ReadonlyMap<string, infer S> ? S : never,
): Promise<Check[]> {
  const area = `credential provider ${source.name}`;
  try {
    const faults = await source.provider.check(AbortSignal.timeout(TIMEOUT_MS));
    if (faults.length === 0) return [ok(area, `${source.kind.title}: ready`)];
    return faults.map((fault) =>
      problem(area, fault, 'docs/reference/credential-providers.md says what it needs.'),
    );
  } catch (error) {
    const remedy = error instanceof AppError ? error.remedy : undefined;
    return [problem(area, messageOf(error), remedy ?? 'Check its settings in vouchgate.yaml.')];
  }
}
