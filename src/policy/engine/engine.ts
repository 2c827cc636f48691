import type { AccessRequest, PolicyDecision, PolicyEngine, PolicyOutlook } from '../access-request.ts';
import { createExplainer } from '../explain/explainer.ts';
import { actionNames } from '../schema.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import { createPolicyIndex } from './policy-index.ts';
import { RequestScope } from './request-scope.ts';

/** What each applicable policy said, before it is weighed. */
export interface Evaluation {
  permits: readonly CompiledPolicy[];
  forbids: readonly CompiledPolicy[];
  failures: readonly CompiledPolicy[];
}

export interface CompiledPolicyEngine extends PolicyEngine {
  /** How many policies cedar-wasm must evaluate, some 100 µs each instead of one. */
  readonly fallbackPolicies: number;
  /** Every policy, in the order of files and lines. */
  readonly policies: readonly CompiledPolicy[];
  evaluate(request: AccessRequest): Evaluation;
}

/** Puts compiled policies together into what decides: nothing is allowed unless a permit says so. */
export function createPolicyEngine(
  policies: readonly CompiledPolicy[],
  version: string,
): CompiledPolicyEngine {
  const index = createPolicyIndex(policies, actionNames);
  const explainer = createExplainer();
  const somePolicyReadsPosture = policies.some(({ readsPosture }) => readsPosture);

  function visitApplicable(scope: RequestScope, visit: (policy: CompiledPolicy) => void): void {
    const principals = [scope.principal, scope.project, scope.org, scope.identityProvider];
    index.forEachApplicable(scope.action.id, scope.resource.id, principals, visit);
  }

  function evaluateIn(scope: RequestScope, request: AccessRequest): Evaluation {
    const permits: CompiledPolicy[] = [];
    const forbids: CompiledPolicy[] = [];
    const failures: CompiledPolicy[] = [];
    visitApplicable(scope, (policy) => {
      try {
        if (policy.matches(scope, request)) (policy.effect === 'permit' ? permits : forbids).push(policy);
      } catch {
        failures.push(policy);
      }
    });
    return { permits, forbids, failures };
  }

  /** Permits that are for this workload come first: an explanation looks at a few only. */
  function* nearPermits(scope: RequestScope): Iterable<CompiledPolicy> {
    const applicable = new Set<CompiledPolicy>();
    visitApplicable(scope, (policy) => {
      if (policy.effect === 'permit') applicable.add(policy);
    });
    yield* applicable;
    for (const policy of index.otherPermits(scope.action.id, scope.resource.id)) {
      if (!applicable.has(policy)) yield policy;
    }
  }

  /** A permit must be left that posture can help, and nothing may deny whatever it is. */
  function outlook(request: AccessRequest): PolicyOutlook {
    const scope = new RequestScope(request);
    const verdict = { asks: false, mayPermit: false, denies: false };
    visitApplicable(scope, (policy) => {
      if (policy.readsPosture) {
        verdict.asks = true;
        verdict.mayPermit ||= policy.effect === 'permit';
        return;
      }
      const matches = tryMatch(policy, scope, request);
      if (matches === 'failure' || (matches && policy.effect === 'forbid')) verdict.denies = true;
      else verdict.mayPermit ||= matches;
    });
    if (verdict.denies || !verdict.mayPermit) return 'denied';
    return verdict.asks ? 'depends-on-posture' : 'permitted';
  }

  function decide(request: AccessRequest): PolicyDecision {
    const scope = new RequestScope(request);
    const { permits, forbids, failures } = evaluateIn(scope, request);
    // Cedar would skip a policy that cannot be evaluated; a forbid that is skipped is a hole.
    if (failures.length > 0) {
      return deny('evaluation_error', failures, explainer.failures(failures, scope, request), version);
    }
    if (forbids.length > 0) return deny('forbidden', forbids, explainer.forbids(forbids, scope), version);
    if (permits.length > 0) {
      return { outcome: 'allow', determining: permits.map(({ id }) => id), policyVersion: version };
    }
    return deny('no_permit', [], explainer.missingPermit(nearPermits(scope), scope), version);
  }

  return {
    version,
    policies,
    fallbackPolicies: policies.filter(({ fallback }) => fallback).length,
    evaluate: (request) => evaluateIn(new RequestScope(request), request),
    decide,
    outlook,
    needsPosture: (request) => somePolicyReadsPosture && outlook(request) === 'depends-on-posture',
  };
}

function tryMatch(policy: CompiledPolicy, scope: RequestScope, request: AccessRequest): boolean | 'failure' {
  try {
    return policy.matches(scope, request);
  } catch {
    return 'failure';
  }
}

type Denial = Extract<PolicyDecision, { outcome: 'deny' }>;

function deny(
  reason: Denial['reason'],
  determining: readonly CompiledPolicy[],
  facts: Denial['facts'],
  policyVersion: string,
): Denial {
  return { outcome: 'deny', reason, determining: determining.map(({ id }) => id), facts, policyVersion };
}
