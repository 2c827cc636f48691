import type { z } from 'zod';
import type { BoundedFetch } from '#core/bounded-fetch.ts';
import type { Clock } from '#core/clock.ts';
import type { SecretReference } from '#core/config/secret-reference.ts';
import type { Logger } from '#core/log.ts';
import type { Secret } from '#core/secret.ts';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { TokenSigner } from './issuer/token-signer.ts';
import type { SealedSecretReader } from './ports.ts';

/** JSON that can be stored in a lease. Never holds a secret. */
export type Handle = Readonly<Record<string, string | number | boolean>>;

/** What a provider may use of the house; nothing else, no module state (so that tests can inject it all). */
export interface CredentialProviderContext {
  clock: Clock;
  log: Logger;
  fetch: BoundedFetch;
  signer: TokenSigner;
  sealedSecrets: SealedSecretReader;
  /** Resolves `{ env: NAME }` / `{ file: PATH }` / `{ sealed: NAME }` references of the configuration. */
  resolveSecret(reference: SecretReference): Promise<Secret>;
}

/** For whom, for what and how long: fixed when the decision was made. */
export interface CredentialRequest<Parameters extends object> {
  leaseId: string;
  decisionId: string;
  identity: WorkloadIdentity;
  /** The Cedar principal id, `github/456789/…`; at most 127 bytes of it fit a cloud's subject. */
  principalId: string;
  resource: string;
  parameters: Parameters;
  ttlSeconds: number;
  issuedAtMs: number;
}

export interface IssuedCredential {
  /** Field name to value, e.g. `username`, `password`. What must be hidden is a {@link Secret}. */
  values: Readonly<Record<string, string | Secret>>;
  /** Environment variable name to field name, what the tools of this target read (`PGPASSWORD` → `password`). */
  environment: Readonly<Record<string, string>>;
  /** May be earlier than asked for, never later. */
  expiresAtMs: number;
}

export interface CredentialProvider<Parameters extends object = object> {
  /** Names what will be made, before it is made, so that a crash leaves nothing that cannot be found. Pure. */
  plan(request: CredentialRequest<Parameters>): Handle;
  /** Makes it. Idempotent for one handle: called again after a lost answer, the last answer is the valid one. */
  issue(
    request: CredentialRequest<Parameters>,
    handle: Handle,
    signal: AbortSignal,
  ): Promise<IssuedCredential>;
  /** Present when `renewable`: the same credential lives until `expiresAtMs`. */
  renew?(handle: Handle, expiresAtMs: number, signal: AbortSignal): Promise<void>;
  /** Present when `revocable`: undoes it. Idempotent; what is not there counts as undone. */
  revoke?(handle: Handle, signal: AbortSignal): Promise<void>;
  /** Undoes what carries our mark in the back-end and has no live lease; returns the names of what was undone. */
  sweepOrphans?(isLive: (handle: Handle) => Promise<boolean>, signal: AbortSignal): Promise<string[]>;
  /** For `doctor`: reaches the back-end and says what is missing, a sentence each; empty when all is well. */
  check(signal: AbortSignal): Promise<string[]>;
  close(): Promise<void>;
}

/**
 * A kind of credential. One folder `credentials/providers/<id>/` with `provider.ts` (exports `provider`)
 * and `provider.test.ts`.
 */
export interface CredentialProviderKind<
  Settings extends object = object,
  Parameters extends object = object,
> {
  id: string;
  title: string;
  /** First paragraph of the reference page. */
  description: string;
  /** `credentialProviders.<name>` in `vouchgate.yaml`, beside `type`. */
  settings: z.ZodType<Settings>;
  /** `resources.<name>.parameters`. */
  parameters: z.ZodType<Parameters>;
  /** `none`: minted in our own memory, one transaction suffices. `external`: a back-end is changed or asked. */
  effect: 'none' | 'external';
  /** True when issuing leaves something behind that must be undone. */
  revocable: boolean;
  renewable: boolean;
  /** True for a long-lived value that we only hand on: counted and shown as debt. */
  stored: boolean;
  ttlSeconds: { default: number; min: number; max: number };
  /** RFC 8693 `issued_token_type`. */
  issuedTokenType: string;
  /** The field of `values` that is the `access_token` of the answer; undefined: the JSON of all values is. */
  accessTokenField?: string;
  securityConsiderations: readonly string[];
  create(settings: Settings, context: CredentialProviderContext): CredentialProvider<Parameters>;
}

export type CredentialErrorCode =
  | 'backend_unavailable'
  | 'backend_refused'
  | 'backend_misconfigured'
  | 'credential_value_missing'
  | 'credential_handle_invalid';
