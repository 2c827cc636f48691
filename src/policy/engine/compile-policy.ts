import type { Cedar } from '../cedar-runtime.ts';
import { type EvaluateCondition, compileIfSupported } from './compile-expression.ts';
import type { CompiledPolicy, ReadPolicy } from './compiled-policy.ts';
import { readsPosture } from '../expression/reads-posture.ts';
import { evaluateWithCedar } from './wasm-policy.ts';

/** Makes a policy evaluable: by our own functions, or where one condition is beyond them by cedar-wasm. */
export function compilePolicy(cedar: Cedar, policy: ReadPolicy, text: string): CompiledPolicy {
  const conditions: { wanted: boolean; holds: EvaluateCondition }[] = [];
  for (const { kind, body } of policy.clauses) {
    const holds = compileIfSupported(body);
    if (holds === undefined) {
      const evaluate = evaluateWithCedar(cedar, text);
      return {
        ...policy,
        fallback: true,
        readsPosture: readsPosture(policy.clauses),
        matches: (_scope, request) => evaluate(request),
      };
    }
    conditions.push({ wanted: kind === 'when', holds });
  }
  const matches: CompiledPolicy['matches'] = (scope) => {
    for (const { wanted, holds } of conditions) if (holds(scope) !== wanted) return false;
    return true;
  };
  return { ...policy, fallback: false, readsPosture: readsPosture(policy.clauses), matches };
}
