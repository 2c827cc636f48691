import type { Fact } from '#identity/refusal.ts';
import { type EvaluateCondition, compileIfSupported } from '../engine/compile-expression.ts';
import type { RequestScope } from '../engine/request-scope.ts';
import type { Expression } from '../expression/expression.ts';
import { type Formula, atomsOf } from '../expression/formula.ts';
import { expectationOf, factOf } from './fact-of-atom.ts';
import { clip } from './show-value.ts';

/** What failed, with the path, so that a fact about a part can replace one about the whole. */
export interface Failure {
  path: readonly string[];
  /** It only asks whether something is there. */
  guard: boolean;
  fact: Fact;
}

/** A formula that can say what in it fails, and what holds, for a request. */
export interface PreparedFormula {
  /** How much is missing, without saying what: cheap enough to try many policies. */
  distance(scope: RequestScope): number;
  failures(scope: RequestScope): readonly Failure[];
  /** Facts of the atoms that hold, told as what would have to change. */
  reasons(scope: RequestScope): readonly Failure[];
}

/** Something absent lacks its guard as well: farther than a value that differs. */
const GUARD_DISTANCE = 0.5;

export function prepareFormula(formula: Formula): PreparedFormula {
  if (formula.kind === 'all') return prepareAll(flatten(formula.parts));
  if (formula.kind === 'any') return prepareAny(formula.parts);
  const holds = prepareHolds(formula.expression, formula.negated);
  if (formula.kind === 'choice') {
    return {
      distance: (scope) => (holds(scope) ? 0 : 1),
      failures: (scope) => (holds(scope) ? [] : [opaque('the if-then-else of the policy holds')]),
      reasons: (scope) => (holds(scope) ? [opaque('the if-then-else of the policy does not hold')] : []),
    };
  }
  const { path = [] } = formula;
  const guard = formula.test.kind === 'present';
  const opposite = { ...formula, negated: !formula.negated };
  const told = (expected: string, scope: RequestScope): Failure[] => [
    { path, guard, fact: factOf(formula, expected, scope) },
  ];
  return {
    distance: (scope) => (holds(scope) ? 0 : guard ? GUARD_DISTANCE : 1),
    failures: (scope) => (holds(scope) ? [] : told(expectationOf(formula), scope)),
    reasons: (scope) => (holds(scope) ? told(expectationOf(opposite), scope) : []),
  };
}

function prepareAll(formulas: readonly Formula[]): PreparedFormula {
  const parts = formulas.map((formula, index) => ({
    guard: guardOf(formula, formulas.slice(0, index)),
    ...prepareFormula(formula),
  }));
  const distance = (scope: RequestScope): number => {
    const distances: number[] = [];
    for (const part of parts) {
      // What a failed guard was for would only raise an error, and errors are dear.
      const guarded = part.guard !== undefined && (distances[part.guard] ?? 0) > 0;
      distances.push(guarded ? 1 : part.distance(scope));
    }
    return distances.reduce((sum, each) => sum + each, 0);
  };
  return {
    distance,
    failures: (scope) => parts.flatMap((part) => part.failures(scope)),
    reasons: (scope) => parts.flatMap((part) => part.reasons(scope)),
  };
}

function prepareAny(formulas: readonly Formula[]): PreparedFormula {
  const parts = formulas.map(prepareFormula);
  return {
    distance: (scope) => Math.min(...parts.map((part) => part.distance(scope))),
    failures: (scope) => leastFailures(parts.map((part) => part.failures(scope))),
    reasons: (scope) => parts.flatMap((part) => part.reasons(scope)),
  };
}

function flatten(parts: readonly Formula[]): readonly Formula[] {
  return parts.flatMap((part) => (part.kind === 'all' ? flatten(part.parts) : [part]));
}

/** Where among the parts before it stands the `has` that this part relies on. */
function guardOf(formula: Formula, before: readonly Formula[]): number | undefined {
  const paths = atomsOf(formula).flatMap(({ path }) => (path === undefined ? [] : [path]));
  const index = before.findIndex((candidate) => {
    if (candidate.kind !== 'atom' || candidate.test.kind !== 'present' || candidate.negated) return false;
    const { path } = candidate;
    return path !== undefined && paths.some((other) => path.every((name, depth) => other[depth] === name));
  });
  return index === -1 ? undefined : index;
}

function opaque(expected: string): Failure {
  return { path: [], guard: false, fact: { name: 'condition', expected, received: undefined } };
}

/** A condition that cannot be evaluated (what it looks at is absent) does not hold. */
function prepareHolds(expression: Expression, negated: boolean): EvaluateCondition {
  const evaluate = compileIfSupported(expression);
  // What only cedar-wasm evaluates is not explained: nothing is said of it rather than something wrong.
  if (evaluate === undefined) return () => true;
  return (scope) => {
    try {
      return evaluate(scope) !== negated;
    } catch {
      return false;
    }
  };
}

/** Of several ways to pass, the one that lacks least; ways that differ only in the value wanted become one fact. */
function leastFailures(ways: readonly (readonly Failure[])[]): readonly Failure[] {
  let least = ways[0] ?? [];
  for (const way of ways) if (way.length < least.length) least = way;
  const [only] = least;
  if (only === undefined || least.length > 1) return least;
  const alike = ways.flatMap((way) => (way.length === 1 ? way : []));
  const same = alike.filter(({ fact }) => fact.name === only.fact.name);
  const expected = [...new Set(same.map(({ fact }) => fact.expected))].slice(0, 10).join(' or ');
  return [{ ...only, fact: { ...only.fact, expected: clip(expected) } }];
}
