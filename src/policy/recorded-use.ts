import type { WorkloadIdentity } from '#identity/workload-identity.ts';
import type { AccessRequest, PolicyResource } from './access-request.ts';
import type { CompiledPolicyEngine } from './engine/engine.ts';
import type { PostureAnswer } from './posture.ts';

/** One kind of run, as often as it was recorded; the newest decision stands for all of them. */
export interface RecordedUse {
  identity: WorkloadIdentity;
  /** Asked for by this name; it may be gone from the configuration. */
  resource: string;
  allowed: number;
  denied: number;
  firstMs: number;
  lastMs: number;
  lastDecision: string;
  keyBound: boolean;
  sourceIp: string | undefined;
  /** Undefined when no policy asked for one. */
  posture: PostureAnswer | undefined;
  /** Policies that decided it then, by id. */
  determining: readonly string[];
}

/** As much of a configuration as decides. */
export interface PolicySet {
  engine: CompiledPolicyEngine;
  resources: ReadonlyMap<string, PolicyResource & { proofRequired: boolean }>;
  identityProviders: ReadonlySet<string>;
}

/** The request as it was made; undefined when the set does not have the resource. */
export function requestOfUse(use: RecordedUse, set: PolicySet): AccessRequest | undefined {
  const resource = set.resources.get(use.resource);
  if (resource === undefined) return undefined;
  const { identity, lastMs, sourceIp, keyBound, posture } = use;
  return { identity, action: 'issue', resource, context: { nowMs: lastMs, sourceIp, keyBound, posture } };
}
