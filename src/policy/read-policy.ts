import type {
  ActionConstraint,
  EntityUidJson,
  PolicyJson,
  PrincipalConstraint,
} from '@cedar-policy/cedar-wasm/nodejs';
import type { EntityScope, ReadPolicy } from './engine/compiled-policy.ts';
import { EntityName } from './engine/value.ts';
import { readExpression } from './expression/read-expression.ts';
import { PolicyError } from './problem.ts';

/**
 * Reads Cedar's JSON form of one static policy.
 * @throws {PolicyError} on a template, which callers refuse before.
 */
export function readPolicy(id: string, json: PolicyJson): ReadPolicy {
  return {
    id,
    effect: json.effect,
    annotations: json.annotations ?? {},
    principal: readEntityScope(
      json.principal,
      ['Workload'],
      ['Workload', 'Project', 'Org', 'IdentityProvider'],
    ),
    actions: readActions(json.action),
    resource: readEntityScope(json.resource, ['Resource'], ['Resource']),
    clauses: json.conditions.map(({ kind, body }) => ({ kind, body: readExpression(body) })),
  };
}

function readEntityScope(
  constraint: PrincipalConstraint,
  ownTypes: readonly string[],
  containerTypes: readonly string[],
): EntityScope {
  if (constraint.op === 'All') return { possible: true, entity: undefined, type: undefined };
  if (constraint.op === '==') {
    const entity = entityIn(constraint);
    return { possible: ownTypes.includes(entity.type), entity, type: undefined };
  }
  if (constraint.op === 'in') {
    const entity = entityIn(constraint);
    return { possible: containerTypes.includes(entity.type), entity, type: undefined };
  }
  const entity = constraint.in === undefined ? undefined : entityIn(constraint.in);
  const type = constraint.entity_type;
  const possible = ownTypes.includes(type) && (entity === undefined || containerTypes.includes(entity.type));
  return { possible, entity, type };
}

function entityIn(constraint: { entity: EntityUidJson } | { slot: string }): EntityName {
  if (!('entity' in constraint)) throw slotFound();
  return entityOf(constraint.entity);
}

function slotFound(): PolicyError {
  return new PolicyError('policy_compiler_failed', 'A template cannot be evaluated.');
}

function entityOf(json: EntityUidJson): EntityName {
  const { type, id } = '__entity' in json ? json.__entity : json;
  return new EntityName(type, id);
}

/** Our actions have no groups, so that `in` is equality with one of several. */
function readActions(constraint: ActionConstraint): readonly string[] | undefined {
  if (constraint.op === 'All') return undefined;
  if ('slot' in constraint) throw slotFound();
  const entities = 'entities' in constraint ? constraint.entities : [constraint.entity];
  return entities
    .map(entityOf)
    .filter(({ type }) => type === 'Action')
    .map(({ id }) => id);
}
