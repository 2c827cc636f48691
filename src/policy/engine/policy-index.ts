import type { CompiledPolicy, EntityScope } from './compiled-policy.ts';
import type { EntityName } from './value.ts';

/** Policies for one action on one resource (or on every resource), by what their scope says of the principal. */
interface PrincipalIndex {
  byEntity: Map<string, Map<string, CompiledPolicy[]>>;
  everyone: CompiledPolicy[];
}

interface ResourceIndex {
  byName: Map<string, PrincipalIndex>;
  everyResource: PrincipalIndex;
  permitsByName: Map<string, CompiledPolicy[]>;
  permitsForEveryResource: CompiledPolicy[];
}

export interface PolicyIndex {
  /** Calls `visit` for each policy whose scope the request fits; its cost depends on those alone. */
  forEachApplicable(
    action: string,
    resource: string,
    principals: readonly (EntityName | undefined)[],
    visit: (policy: CompiledPolicy) => void,
  ): void;
  /** Permits for this action and resource, whoever they are for: what an explanation chooses from. Lazy. */
  otherPermits(action: string, resource: string): Iterable<CompiledPolicy>;
}

/** Builds the index once, when the policies are put in force. */
export function createPolicyIndex(
  policies: readonly CompiledPolicy[],
  actions: readonly string[],
): PolicyIndex {
  const byAction = new Map<string, ResourceIndex>(actions.map((action) => [action, emptyResourceIndex()]));
  for (const policy of policies) {
    for (const [action, index] of byAction) {
      if (policy.actions === undefined || policy.actions.includes(action)) addPolicy(index, policy);
    }
  }
  return {
    forEachApplicable(action, resource, principals, visit) {
      const index = byAction.get(action);
      if (index === undefined) return;
      visitPrincipals(index.byName.get(resource), principals, visit);
      visitPrincipals(index.everyResource, principals, visit);
    },
    *otherPermits(action, resource) {
      const index = byAction.get(action);
      yield* index?.permitsByName.get(resource) ?? [];
      yield* index?.permitsForEveryResource ?? [];
    },
  };
}

function emptyPrincipalIndex(): PrincipalIndex {
  return { byEntity: new Map(), everyone: [] };
}

function emptyResourceIndex(): ResourceIndex {
  return {
    byName: new Map(),
    everyResource: emptyPrincipalIndex(),
    permitsByName: new Map(),
    permitsForEveryResource: [],
  };
}

function addPolicy(index: ResourceIndex, policy: CompiledPolicy): void {
  const { principal, resource, effect } = policy;
  if (!resource.possible) return;
  const name = resource.entity?.id;
  if (effect === 'permit') {
    if (name === undefined) index.permitsForEveryResource.push(policy);
    else listAt(index.permitsByName, name).push(policy);
  }
  if (!principal.possible) return;
  if (name === undefined) addToPrincipals(index.everyResource, principal, policy);
  else addToPrincipals(indexAt(index.byName, name), principal, policy);
}

function addToPrincipals(index: PrincipalIndex, { entity }: EntityScope, policy: CompiledPolicy): void {
  if (entity === undefined) {
    index.everyone.push(policy);
    return;
  }
  const ofType = index.byEntity.get(entity.type) ?? new Map<string, CompiledPolicy[]>();
  index.byEntity.set(entity.type, ofType);
  listAt(ofType, entity.id).push(policy);
}

function listAt(lists: Map<string, CompiledPolicy[]>, key: string): CompiledPolicy[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

function indexAt(indexes: Map<string, PrincipalIndex>, key: string): PrincipalIndex {
  const index = indexes.get(key) ?? emptyPrincipalIndex();
  indexes.set(key, index);
  return index;
}

function visitPrincipals(
  index: PrincipalIndex | undefined,
  principals: readonly (EntityName | undefined)[],
  visit: (policy: CompiledPolicy) => void,
): void {
  if (index === undefined) return;
  for (const principal of principals) {
    if (principal === undefined) continue;
    const policies = index.byEntity.get(principal.type)?.get(principal.id);
    if (policies !== undefined) for (const policy of policies) visit(policy);
  }
  for (const policy of index.everyone) visit(policy);
}
