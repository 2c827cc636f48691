import type { Fact } from '#identity/refusal.ts';
import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { PostureAnswer } from './posture.ts';

/** What a policy can know of a resource. */
export interface PolicyResource {
  name: string;
  /** A mistake here hurts: the linter demands ref, environment or trigger in every permit. */
  privileged: boolean;
  tags: Readonly<Record<string, string>>;
}

export interface PolicyContext {
  nowMs: number;
  /** Address of the caller as the server saw it (trusted proxies applied); undefined when not known. */
  sourceIp: string | undefined;
  /** The caller proved possession of a key (DPoP). */
  keyBound: boolean;
  /** Undefined when nobody was asked; a policy sees the same as for an unknown one. */
  posture?: PostureAnswer | undefined;
}

export interface AccessRequest {
  identity: WorkloadIdentity;
  action: 'issue' | 'renew';
  resource: PolicyResource;
  context: PolicyContext;
}

export type PolicyDenialReason =
  /** No permit matched; `facts` are those of the permits that came nearest. */
  | 'no_permit'
  /** A forbid matched. */
  | 'forbidden'
  /** A policy could not be evaluated: a deny, though Cedar itself would skip it. */
  | 'evaluation_error';

export type PolicyDecision =
  | { outcome: 'allow'; determining: readonly string[]; policyVersion: string }
  | {
      outcome: 'deny';
      reason: PolicyDenialReason;
      determining: readonly string[];
      facts: readonly Fact[];
      policyVersion: string;
    };

/** A validated, compiled set of access policies. Immutable; a new version is a new engine. */
export interface PolicyEngine {
  readonly version: string;
  decide(request: AccessRequest): PolicyDecision;
  /**
   * True when the decision can depend on `context.posture`: some policy for this workload and resource looks at
   * it, and nothing else denies already. What the request says of posture is not looked at.
   */
  needsPosture(request: AccessRequest): boolean;
  /** What can still become of the request whatever its posture is; cheaper than a decision, as it explains nothing. */
  outlook(request: AccessRequest): PolicyOutlook;
}

export type PolicyOutlook = 'denied' | 'permitted' | 'depends-on-posture';
