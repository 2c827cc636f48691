import { EntityName } from '../engine/value.ts';
import { visit } from '../expression/expression.ts';
import type { RawFinding } from '../lint.ts';
import { nearestName } from '../nearest-name.ts';
import { quoteCedar } from '../cedar-text.ts';
import { type LintSubject, providerOf } from './lint-subject.ts';

const OF_A_PROVIDER = new Set(['Workload', 'Project', 'Org', 'IdentityProvider']);

/** Entities of identity providers that are not configured: no workload will ever be one of them. */
export function* lintReachability({ policy, environment, atoms }: LintSubject): Iterable<RawFinding> {
  const providers = environment.identityProviders?.map(({ name }) => name);
  for (const entity of mentionedEntities(policy)) {
    if (!OF_A_PROVIDER.has(entity.type)) continue;
    const provider = providerOf(entity);
    if (provider === undefined || (providers !== undefined && !providers.includes(provider))) {
      yield unknownProvider(entity, provider, providers);
    }
  }
  for (const { path, test } of atoms) {
    if (path?.join('.') !== 'principal.provider' || test.kind !== 'equals' || providers === undefined)
      continue;
    for (const value of test.values) {
      if (typeof value === 'string' && !providers.includes(value)) {
        yield {
          id: 'unreachable',
          message: `No identity provider is called ${quoteCedar(value)}${hint(value, providers)}`,
        };
      }
    }
  }
}

function* mentionedEntities({ principal, clauses }: LintSubject['policy']): Iterable<EntityName> {
  if (principal.entity !== undefined) yield principal.entity;
  const found: EntityName[] = [];
  for (const { body } of clauses) {
    visit(body, (expression) => {
      if (expression.kind === 'literal' && expression.value instanceof EntityName)
        found.push(expression.value);
    });
  }
  yield* found;
}

function unknownProvider(
  { type, id }: EntityName,
  provider: string | undefined,
  providers: readonly string[] | undefined,
): RawFinding {
  const shown = `${type}::${quoteCedar(id.slice(0, 100))}`;
  const example = providers?.[0] ?? 'github';
  if (provider === undefined) {
    const remedy = `Put the identity provider before the id: \`${type}::"${example}/…"\`.`;
    return { id: 'unreachable', message: `${shown} does not say whose id it is.`, remedy };
  }
  return {
    id: 'unreachable',
    message: `${shown} belongs to an identity provider that is not configured${hint(provider, providers ?? [])}`,
  };
}

function hint(wrong: string, names: readonly string[]): string {
  const nearest = nearestName(wrong, names);
  return nearest === undefined ? '.' : `; did you mean \`${nearest}\`?`;
}
