import { messageOf } from '#core/errors.ts';
import type { Fact } from '#identity/refusal.ts';
import type { AccessRequest } from '../access-request.ts';
import type { CompiledPolicy } from '../engine/compiled-policy.ts';
import { EvaluationError } from '../engine/evaluation-error.ts';
import type { RequestScope } from '../engine/request-scope.ts';
import { formulaOf } from '../expression/formula.ts';
import { type Failure, type PreparedFormula, prepareFormula } from './prepare-formula.ts';
import { fitsScope, scopeFailures } from './scope-failures.ts';
import { clip } from './show-value.ts';

const FACTS_MAX = 20;
const PERMITS_NAMED_MAX = 3;
/** A denial costs at most this many permits, however many name the resource: jobs can ask for denials at will. */
const PERMITS_EXAMINED_MAX = 24;
/** A permit for another project is farther away than one for this project with another ref. */
const OUTSIDE_DISTANCE = 3;

/** Says why a request was denied. Works only when it is asked, and keeps what it prepared. */
export interface Explainer {
  missingPermit(candidates: Iterable<CompiledPolicy>, scope: RequestScope): readonly Fact[];
  forbids(forbids: readonly CompiledPolicy[], scope: RequestScope): readonly Fact[];
  failures(policies: readonly CompiledPolicy[], scope: RequestScope, request: AccessRequest): readonly Fact[];
}

export function createExplainer(): Explainer {
  const prepared = new WeakMap<CompiledPolicy, PreparedFormula>();
  const formulaFor = (policy: CompiledPolicy): PreparedFormula => {
    const known = prepared.get(policy) ?? prepareFormula(formulaOf(policy.clauses));
    prepared.set(policy, known);
    return known;
  };

  function missingPermit(candidates: Iterable<CompiledPolicy>, scope: RequestScope): readonly Fact[] {
    const examined: { policy: CompiledPolicy; distance: number }[] = [];
    for (const policy of candidates) {
      if (examined.length === PERMITS_EXAMINED_MAX) break;
      const outside = fitsScope(policy, scope) ? 0 : OUTSIDE_DISTANCE;
      examined.push({ policy, distance: outside + formulaFor(policy).distance(scope) });
    }
    if (examined.length === 0) return [noPermitNames(scope)];
    const nearest = examined
      .sort((left, right) => left.distance - right.distance)
      .slice(0, PERMITS_NAMED_MAX);
    return bounded(nearest.flatMap(({ policy }) => factsAgainst(policy, formulaFor(policy), scope)));
  }

  function forbids(policies: readonly CompiledPolicy[], scope: RequestScope): readonly Fact[] {
    return bounded(
      policies.flatMap((policy) => [
        aboutPolicy('no forbid applies', `${policy.id} forbids it`),
        ...withoutGuards(formulaFor(policy).reasons(scope)).map(({ fact }) => fact),
      ]),
    );
  }

  return { missingPermit, forbids, failures: explainFailures };
}

function explainFailures(
  policies: readonly CompiledPolicy[],
  scope: RequestScope,
  request: AccessRequest,
): readonly Fact[] {
  return bounded(
    policies.slice(0, FACTS_MAX).map((policy) => {
      const why = failureOf(policy, scope, request);
      return aboutPolicy('every policy can be evaluated', `${policy.id} cannot be evaluated: ${why}`);
    }),
  );
}

function factsAgainst(policy: CompiledPolicy, formula: PreparedFormula, scope: RequestScope): Fact[] {
  const failures = withoutGuards([...scopeFailures(policy, scope), ...formula.failures(scope)]);
  return [aboutPolicy('applies', `${policy.id} does not apply`), ...failures.map(({ fact }) => fact)];
}

/** Only our own errors are told: another one's text is not known to be harmless. */
function failureOf(policy: CompiledPolicy, scope: RequestScope, request: AccessRequest): string {
  try {
    policy.matches(scope, request);
    return 'it failed';
  } catch (error) {
    return error instanceof EvaluationError ? messageOf(error) : 'it failed';
  }
}

function aboutPolicy(expected: string, received: string): Fact {
  return { name: 'policy', expected, received: clip(received) };
}

function noPermitNames(scope: RequestScope): Fact {
  const expected = `a permit for action ${scope.action.id} on this resource`;
  return { name: 'resource', expected: clip(expected), received: clip(scope.resource.id) };
}

/** `has ref` says nothing more where `ref.full` is told, too. */
function withoutGuards(failures: readonly Failure[]): readonly Failure[] {
  return failures.filter((failure) => !failure.guard || !failures.some((other) => saysMore(other, failure)));
}

function saysMore(other: Failure, { path }: Failure): boolean {
  const longer = other.path.length > path.length || (other.path.length === path.length && !other.guard);
  return longer && path.every((name, index) => other.path[index] === name);
}

function bounded(facts: readonly Fact[]): readonly Fact[] {
  return facts.slice(0, FACTS_MAX);
}
