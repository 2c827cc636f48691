import type { AccessRequest } from '../access-request.ts';
import type { Expression } from '../expression/expression.ts';
import type { EntityName } from './value.ts';
import type { RequestScope } from './request-scope.ts';

/** What a scope demands of the principal or the resource; no member: everything of the right type. */
export interface EntityScope {
  /** False when no request of ours can fit: another entity type was named. */
  possible: boolean;
  entity: EntityName | undefined;
  /** Named by `is`. */
  type: string | undefined;
}

export interface Clause {
  kind: 'when' | 'unless';
  body: Expression;
}

/** One policy as it was read: what the index, the explanation and the linter work on. */
export interface ReadPolicy {
  id: string;
  effect: 'permit' | 'forbid';
  annotations: Readonly<Record<string, string>>;
  principal: EntityScope;
  /** Undefined: every action. */
  actions: readonly string[] | undefined;
  resource: EntityScope;
  clauses: readonly Clause[];
}

export interface CompiledPolicy extends ReadPolicy {
  /** True when the conditions hold. Throws when they cannot be evaluated. The scope was checked before. */
  matches(scope: RequestScope, request: AccessRequest): boolean;
  /** True when cedar-wasm evaluates it, as our evaluator does not know a construct in it. */
  fallback: boolean;
  /** True when its conditions look at `context.posture`, which costs an inspection. */
  readsPosture: boolean;
}
