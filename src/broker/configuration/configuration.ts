import type { ConfigurationProblem } from '#core/config/problem.ts';
import type { CredentialProviderKind } from '#credentials/provider.ts';
import type { ConfiguredIdentityProvider } from '#identity/configured-provider.ts';
import type { CompiledPolicyEngine } from '#policy/engine/engine.ts';
import type { PeoplePolicy } from '#policy/people/people-policy.ts';
import type { PolicySummary } from '#policy/problem.ts';
import type { RuntimeResource } from '../runtime.ts';
import type { ChangesSection } from './changes-section.ts';
import type { FindingsSection } from './findings-section.ts';
import type { ConfiguredInputs } from './inputs-section.ts';
import type { LogSection, WitnessSection } from './log-section.ts';
import type { PeopleSection } from './people-section.ts';
import type { ConfiguredSink } from './sinks-section.ts';
import type { PostureSection } from './posture-section.ts';
import type { TelemetrySection } from './telemetry-section.ts';

/** Path relative to the configuration folder → text: `vouchgate.yaml`, `policies/shop.cedar`. */
export type ConfigurationFiles = Readonly<Record<string, string>>;

export interface ConfiguredCredentialProvider {
  name: string;
  kind: CredentialProviderKind;
  settings: object;
}

/** One valid configuration; nothing in it is connected to anything yet. */
export interface Configuration {
  /** SHA-256 over all files, hex. */
  digest: string;
  files: ConfigurationFiles;
  url: string;
  audience: string;
  identityProviders: readonly ConfiguredIdentityProvider[];
  credentialProviders: ReadonlyMap<string, ConfiguredCredentialProvider>;
  resources: ReadonlyMap<string, RuntimeResource>;
  policy: CompiledPolicyEngine;
  policies: readonly PolicySummary[];
  /** Where `*.cedar` files for workloads lie. */
  policiesFolder: string;
  changes: ChangesSection;
  /** Undefined: pipelines are not inspected. */
  posture: { section: PostureSection; policy: string | undefined } | undefined;
  people: { settings: PeopleSection; policy: PeoplePolicy };
  findings: FindingsSection;
  log: LogSection;
  /** Keys of the logs that this server watches over, as vkeys. */
  witness: WitnessSection;
  sinks: readonly ConfiguredSink[];
  inputs: ConfiguredInputs;
  telemetry: TelemetrySection;
  allowPrivateHosts: readonly string[];
  trustedProxies: readonly string[];
  /** What is not wrong but should be looked at. */
  warnings: readonly ConfigurationProblem[];
}

export type ConfigurationLoad =
  | { ok: true; configuration: Configuration }
  | { ok: false; problems: readonly ConfigurationProblem[] };
