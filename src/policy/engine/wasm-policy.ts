import type { AccessRequest } from '../access-request.ts';
import type { Cedar } from '../cedar-runtime.ts';
import { toCedarRequest } from '../entities.ts';
import { PolicyError } from '../problem.ts';

/**
 * The conditions of one policy, evaluated by cedar-wasm. It sees this policy alone, so that its cost does not
 * grow with the others; the index has already found that it applies.
 */
export function evaluateWithCedar(cedar: Cedar, text: string): (request: AccessRequest) => boolean {
  return (request) => {
    const answer = cedar.isAuthorized({
      ...toCedarRequest(request),
      policies: { staticPolicies: { policy: text } },
    });
    if (answer.type === 'success' && answer.response.diagnostics.errors.length === 0) {
      return answer.response.diagnostics.reason.length > 0;
    }
    const errors = answer.type === 'failure' ? answer.errors : answer.response.diagnostics.errors;
    throw new PolicyError('policy_evaluation_failed', 'Cedar could not evaluate the policy.', {
      cause: errors,
    });
  };
}
