import type { z } from 'zod';
import type { WorkloadIdentity } from './workload-identity.ts';
import type { TokenRefusal } from './refusal.ts';

/** Claims after signature, audience and time were checked. Values are as JSON gave them. */
export type VerifiedClaims = Readonly<Record<string, unknown>> & {
  readonly iss: string;
  readonly sub: string;
};

export type Normalisation =
  | { ok: true; identity: Omit<WorkloadIdentity, 'provider' | 'platform' | 'issuer' | 'subject' | 'claims'> }
  | { ok: false; refusal: TokenRefusal };

/** Where a job finds its own token on this platform; used by the command line and the action. */
export interface TokenSource {
  /** One sentence for `doctor`: what must be set in the pipeline for a token to be there. */
  setup: string;
  /** Environment variables that, when all are set, say that we run on this platform. */
  detect: readonly string[];
}

/**
 * An identity provider kind: how one platform's token becomes a {@link WorkloadIdentity}.
 * One folder `identity/providers/<id>/` with `provider.ts` (exports `provider`), `example-claims.json`
 * and `provider.test.ts`.
 */
export interface IdentityProviderKind<Settings extends object = object> {
  /** Folder name, configuration value, `WorkloadIdentity.platform`. */
  id: string;
  title: string;
  /** First paragraph of the reference page. */
  description: string;
  /** What belongs to this kind in `vouchgate.yaml`, beside the settings that every kind has. */
  settings: z.ZodType<Settings>;
  /** Issuer when the configuration names none; undefined when it must name one. */
  defaultIssuer?: string;
  algorithmsDefault: readonly string[];
  /** exp − iat that is still accepted, unless the configuration allows more. */
  lifetimeSecondsMax: number;
  /** Claims of which every token must have a non-empty one, ids before names. */
  claimsRequired: readonly string[];
  /** Canonical attributes (`project.id`, `org.id`) that never change hands; the policy linter accepts only these as a pin. */
  immutableAttributes: readonly string[];
  /** Where the settings decide (generic OIDC): replaces {@link immutableAttributes}. */
  immutableAttributesOf?(settings: Settings): readonly string[];
  /** Traps of the platform, a sentence each: printed on the reference page. */
  pitfalls: readonly string[];
  tokenSource: TokenSource;
  normalise(claims: VerifiedClaims, settings: Settings): Normalisation;
}
