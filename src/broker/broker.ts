import type { TokenRefusal, Verification } from '#identity/refusal.ts';
import type { VerifiedToken, WorkloadIdentity } from '#identity/workload-identity.ts';
import type { PolicyDecision } from '#policy/access-request.ts';
import type { ExchangeRequest, ExchangeResult } from './exchange.ts';
import type { Lease, LeaseFilter } from './ports.ts';
import type { PostureInspection } from './posture-source.ts';

/** Who asks for a lease to be changed: the holder by its lease token, or a person by their session. */
export type LeaseAuthority = { leaseToken: string } | { person: string };

export type LeaseAnswer =
  | { ok: true; lease: Lease }
  | {
      ok: false;
      code:
        | 'lease_unknown'
        | 'lease_token_invalid'
        | 'lease_not_renewable'
        | 'lease_ended'
        | 'lease_expired_maximum'
        | 'backend_unavailable'
        | 'access_denied'
        | 'frozen'
        | 'store_unavailable';
      message: string;
      remedy: string;
    };

export interface Simulation {
  identity: WorkloadIdentity | undefined;
  refusal: TokenRefusal | undefined;
  decision: PolicyDecision | undefined;
}

export interface ConfigurationStatus {
  /** Undefined while no valid configuration was ever loaded: everything is denied. */
  inForce: { id: string; digest: string; appliedAtMs: number } | undefined;
  /** The newest refused change, while it stands: the version in force is the one before it. */
  refused:
    | { atMs: number; problems: readonly { file: string; line: number; message: string; remedy: string }[] }
    | undefined;
  resources: readonly {
    name: string;
    credentialType: string;
    credentialProvider: string;
    privileged: boolean;
    storedSecret: boolean;
  }[];
  identityProviders: readonly { name: string; platform: string; issuer: string }[];
  policies: readonly { id: string; file: string; effect: 'permit' | 'forbid' }[];
  /** Undefined: pipelines are not inspected. */
  posture:
    | { sources: readonly { identityProvider: string; type: string }[]; gatePolicy: boolean }
    | undefined;
  inputs: readonly { name: string; type: string; mode: 'poll' | 'receive' }[];
  telemetry: { metrics: boolean; traces: boolean };
}

/** What the server exposes and the command line composes. Denials are values; only a bug rejects. */
export interface Broker {
  exchange(request: ExchangeRequest): Promise<ExchangeResult>;
  /** Verifies without using up the token; for `whoami`. */
  identify(token: string): Promise<Verification<VerifiedToken>>;
  /** What would be decided, recording nothing. `target` is a resource's name. */
  simulate(subject: { token: string } | { identity: WorkloadIdentity }, target: string): Promise<Simulation>;
  /** How the pipeline is that the token comes from; the token is verified and not used up. */
  inspect(token: string): Promise<Verification<PostureInspection>>;
  lease(id: string): Promise<Lease | undefined>;
  leases(filter: LeaseFilter): Promise<Lease[]>;
  renewLease(id: string, authority: LeaseAuthority): Promise<LeaseAnswer>;
  /** Idempotent: a lease that has ended already is a success. */
  revokeLease(id: string, authority: LeaseAuthority): Promise<LeaseAnswer>;
  /** Revokes all that match; returns how many were revoked and which could not be yet (they are retried). */
  revokeLeases(
    filter: Omit<LeaseFilter, 'limit' | 'beforeId'>,
    person: string,
  ): Promise<{ revoked: number; pending: string[] }>;
  configurationStatus(): ConfigurationStatus;
}
