import type { CredentialProvider, CredentialProviderKind } from '#credentials/provider.ts';
import type { Verification } from '#identity/refusal.ts';
import type { VerifiedToken } from '#identity/workload-identity.ts';
import type { PolicyEngine } from '#policy/access-request.ts';
import type { ConfigurationStatus } from './broker.ts';
import type { PostureSource } from './posture-source.ts';

/** A resource with everything that issuing for it needs. */
export interface RuntimeResource {
  name: string;
  uri: string | undefined;
  privileged: boolean;
  tags: Readonly<Record<string, string>>;
  ttlSeconds: number;
  ttlSecondsMax: number;
  proofRequired: boolean;
  credentialProvider: string;
  parameters: object;
  /** Variable name to value field, instead of the provider's own. */
  environment: Readonly<Record<string, string>> | undefined;
}

export interface RuntimeCredentialProvider {
  name: string;
  kind: CredentialProviderKind;
  provider: CredentialProvider;
}

/** One version of the configuration, live. Replaced as a whole; a request uses one version from start to end. */
export interface BrokerRuntime {
  verify(token: string): Promise<Verification<VerifiedToken>>;
  policy: PolicyEngine;
  /** Undefined where no pipelines are inspected: what demands a posture is denied. */
  posture?: PostureSource | undefined;
  resourceByName(name: string): RuntimeResource | undefined;
  resourceByUri(uri: string): RuntimeResource | undefined;
  resourceNames(): Iterable<string>;
  /** Also finds providers that the current version no longer names, while this process has them. */
  credentialProvider(name: string): RuntimeCredentialProvider | undefined;
  credentialProviders(): Iterable<RuntimeCredentialProvider>;
}

/** Hands out the version in force; undefined until the first valid one. */
export interface RuntimeSource {
  current(): BrokerRuntime | undefined;
  status(): ConfigurationStatus;
}
