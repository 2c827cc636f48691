import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { SecretReference } from '#core/config/secret-reference.ts';
import type { CredentialProviderContext } from '#credentials/provider.ts';
import { createIdentityVerifier, type IdentityVerifier } from '#identity/identity-verifier.ts';
import type { PostureSource } from '../posture-source.ts';
import type { BrokerRuntime, RuntimeCredentialProvider } from '../runtime.ts';
import type { Configuration } from './configuration.ts';
import type { PostureOpener } from './posture-opener.ts';

export interface RuntimeDependencies extends Omit<CredentialProviderContext, 'fetch'> {
  /** A fetch that reaches private addresses only of the hosts named. */
  openFetch(allowPrivateHosts: readonly string[]): Network;
  /** Undefined where this process inspects no pipelines. */
  posture?: PostureOpener | undefined;
}

export interface Network {
  fetch: BoundedFetch;
  close(): Promise<void>;
}

/**
 * The way out of credential providers. It outlives every version: a provider that is taken over from one version
 * to the next reaches what the newest allows, and never a network that was closed behind it.
 */
interface Outlet {
  fetch: BoundedFetch;
  use(network: Network): void;
}

/** A runtime with what must be closed when it is replaced. */
export interface LiveRuntime extends BrokerRuntime {
  configuration: Configuration;
  verifier: IdentityVerifier;
  sources: ReadonlyMap<string, RuntimeCredentialProvider>;
  network: Network;
  outlet: Outlet;
}

/**
 * Brings a configuration to life. What did not change is taken over from the runtime before it: connections
 * and key caches survive a change of a policy; providers that are gone stay reachable, for their leases.
 * Throws what a provider's `create` throws, and keeps nothing open then.
 */
export function buildRuntime(
  configuration: Configuration,
  previous: LiveRuntime | undefined,
  deps: RuntimeDependencies,
): LiveRuntime {
  const { allowPrivateHosts } = configuration;
  const sameNetwork =
    previous !== undefined && same(previous.configuration.allowPrivateHosts, allowPrivateHosts);
  const network = sameNetwork ? previous.network : deps.openFetch(allowPrivateHosts);
  const outlet = previous?.outlet ?? createOutlet(network);
  const opened: RuntimeCredentialProvider[] = [];
  try {
    const sources = openSources(configuration, previous, { ...deps, fetch: outlet.fetch }, opened);
    const verifier =
      sameNetwork && sameIdentity(previous.configuration, configuration)
        ? previous.verifier
        : openVerifier(configuration, deps, network.fetch);
    const keepsPosture = sameNetwork && same(previous.configuration.posture, configuration.posture);
    const posture = keepsPosture ? previous.posture : openPosture(configuration, deps, network.fetch);
    return {
      ...lookups(configuration, verifier, sources),
      posture,
      configuration,
      verifier,
      sources,
      network,
      outlet,
    };
  } catch (error) {
    const closing = opened.map(({ provider }) => provider.close());
    void Promise.allSettled(sameNetwork ? closing : [...closing, network.close()]);
    throw error;
  }
}

function createOutlet(first: Network): Outlet {
  let current = first;
  return {
    fetch: (url, request) => current.fetch(url, request),
    use: (network) => {
      current = network;
    },
  };
}

function lookups(
  configuration: Configuration,
  verifier: IdentityVerifier,
  sources: ReadonlyMap<string, RuntimeCredentialProvider>,
): BrokerRuntime {
  const byUri = new Map([...configuration.resources.values()].map((resource) => [resource.uri, resource]));
  return {
    policy: configuration.policy,
    verify: (token) => verifier.verify(token),
    resourceByName: (name) => configuration.resources.get(name),
    resourceByUri: (uri) => byUri.get(uri),
    resourceNames: () => configuration.resources.keys(),
    credentialProvider: (name) => sources.get(name),
    credentialProviders: () => sources.values(),
  };
}

function openPosture(
  { posture, allowPrivateHosts }: Configuration,
  deps: RuntimeDependencies,
  fetch: BoundedFetch,
): PostureSource | undefined {
  const resolveSecret = (reference: SecretReference) => deps.resolveSecret(reference);
  return (
    posture &&
    deps.posture?.open(posture.section, posture.policy, { fetch, allowPrivateHosts, resolveSecret })
  );
}

function openVerifier(
  { identityProviders, audience }: Configuration,
  { clock, log }: RuntimeDependencies,
  fetch: BoundedFetch,
): IdentityVerifier {
  return createIdentityVerifier({ providers: identityProviders, audience, clock, log, fetch });
}

function openSources(
  configuration: Configuration,
  previous: LiveRuntime | undefined,
  context: CredentialProviderContext,
  opened: RuntimeCredentialProvider[],
): Map<string, RuntimeCredentialProvider> {
  const sources = new Map<string, RuntimeCredentialProvider>(previous?.sources);
  for (const { name, kind, settings } of configuration.credentialProviders.values()) {
    const before = previous?.configuration.credentialProviders.get(name);
    if (before !== undefined && before.kind.id === kind.id && same(before.settings, settings)) continue;
    const source = { name, kind, provider: kind.create(settings, context) };
    opened.push(source);
    sources.set(name, source);
  }
  return sources;
}

/** Ends what the next runtime did not take over. Providers of a former configuration live on under their name. */
export async function closeReplaced(previous: LiveRuntime, next: LiveRuntime | undefined): Promise<void> {
  if (previous.verifier !== next?.verifier) previous.verifier.close();
  if (previous.posture !== next?.posture) await previous.posture?.close();
  const kept = new Set([...(next?.sources.values() ?? [])].map((source) => source.provider));
  const replaced = [...previous.sources.values()].filter((source) => !kept.has(source.provider));
  await Promise.allSettled(replaced.map((source) => source.provider.close()));
  if (previous.network !== next?.network) await previous.network.close();
}

function sameIdentity(left: Configuration, right: Configuration): boolean {
  return left.audience === right.audience && same(describe(left), describe(right));
}

function describe(configuration: Configuration): unknown {
  return configuration.identityProviders.map(({ name, kind, common, settings }) => [
    name,
    kind.id,
    common,
    settings,
  ]);
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
