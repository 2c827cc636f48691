import type { PolicyResource } from '../access-request.ts';
import type { ReadPolicy } from '../engine/compiled-policy.ts';
import type { EntityName } from '../engine/value.ts';
import {
  type Atom,
  type Formula,
  atomsOf,
  demandedBoolean,
  formulaOf,
  isPinnedBy,
} from '../expression/formula.ts';
import type { LintEnvironment, LintIdentityProvider } from '../lint.ts';

/** A policy with what all rules ask about it. */
export interface LintSubject {
  policy: ReadPolicy;
  environment: LintEnvironment;
  formula: Formula;
  atoms: readonly Atom[];
  /** Providers whose workloads the policy can be about; undefined when the configuration is not known. */
  identityProviders: readonly LintIdentityProvider[] | undefined;
  /** Some privileged resource is within its reach. */
  reachesPrivileged: boolean;
  /** The scope or a condition says which resources. */
  constrainsResource: boolean;
}

export function describeSubject(policy: ReadPolicy, environment: LintEnvironment): LintSubject {
  const formula = formulaOf(policy.clauses);
  const privileged = environment.resources.filter((resource) => resource.privileged);
  const named = policy.resource.entity?.id;
  const inScope = named === undefined ? privileged : privileged.filter(({ name }) => name === named);
  const constrainedByCondition = isPinnedBy(
    formula,
    (atom) => isPositive(atom) && atom.path?.[0] === 'resource',
  );
  return {
    policy,
    environment,
    formula,
    atoms: atomsOf(formula),
    identityProviders: providersOf(policy, formula, environment),
    reachesPrivileged:
      inScope.length > 0 && !isPinnedBy(formula, (atom) => excludesPrivileged(atom, inScope)),
    constrainsResource: named !== undefined || constrainedByCondition,
  };
}

/** The atom demands one of a few values, instead of forbidding some or only asking whether there is one. */
export function isPositive(atom: Atom): boolean {
  const { test, negated } = atom;
  switch (test.kind) {
    case 'equals':
    case 'true':
      return demandedBoolean(atom) ?? !negated;
    case 'like':
      return !negated && test.pattern.some((part) => part !== undefined && part !== '');
    case 'in':
      return !negated;
    case 'is':
      return !negated && test.entities.length > 0;
    case 'compare':
    case 'method':
    case 'present':
    case 'constant':
    case 'other':
      break;
  }
  return false;
}

function excludesPrivileged(atom: Atom, privileged: readonly PolicyResource[]): boolean {
  const path = atom.path?.join('.');
  if (path === 'resource.privileged') return demandedBoolean(atom) === false;
  if (atom.negated) return false;
  const names = privileged.map(({ name }) => name);
  if (path === 'resource.name' && atom.test.kind === 'equals') {
    return atom.test.values.every((value) => typeof value !== 'string' || !names.includes(value));
  }
  return (
    path === 'resource' &&
    entitiesOf(atom).length > 0 &&
    entitiesOf(atom).every(({ id }) => !names.includes(id))
  );
}

/** The entities that an atom about an entity names, by `==`, `in` or `is … in`. */
export function entitiesOf({ test }: Atom): readonly EntityName[] {
  if (test.kind === 'in' || test.kind === 'is') return test.entities;
  if (test.kind !== 'equals') return [];
  return test.values.filter(
    (value): value is EntityName => typeof value === 'object' && 'type' in value && 'id' in value,
  );
}

function providersOf(
  { principal }: ReadPolicy,
  formula: Formula,
  { identityProviders }: LintEnvironment,
): readonly LintIdentityProvider[] | undefined {
  return identityProviders?.filter(({ name }) => {
    if (principal.entity !== undefined && providerOf(principal.entity) !== name) return false;
    return !isPinnedBy(formula, (atom) => excludesProvider(atom, name));
  });
}

function excludesProvider(atom: Atom, name: string): boolean {
  if (atom.negated) return false;
  if (atom.path?.join('.') === 'principal.provider' && atom.test.kind === 'equals') {
    return !atom.test.values.includes(name);
  }
  const entities = atom.path?.join('.') === 'principal' ? entitiesOf(atom) : [];
  return entities.length > 0 && entities.every((entity) => providerOf(entity) !== name);
}

/** A provider's name has no slash, so the first one ends it. */
export function providerOf({ type, id }: EntityName): string | undefined {
  if (type === 'IdentityProvider') return id;
  const slash = id.indexOf('/');
  return slash === -1 ? undefined : id.slice(0, slash);
}
