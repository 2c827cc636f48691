import type { ReadPolicy } from '../engine/compiled-policy.ts';
import { EntityName } from '../engine/value.ts';
import { accessPath } from '../expression/access-path.ts';
import { type Expression, visit } from '../expression/expression.ts';
import { nearestName } from '../nearest-name.ts';
import type { PolicyProblemCode } from '../problem.ts';
import { actionNames, entityTypes } from '../schema.ts';
import { quoteCedar } from '../cedar-text.ts';
import { explainUnknownAttribute } from './unknown-attribute.ts';
import type { SchemaTree } from './schema-tree.ts';

/** A name that does not exist. `mention` is how it stands in the text, word by word, to find it there. */
export interface NameIssue {
  code: PolicyProblemCode;
  mention: readonly string[];
  message: string;
  remedy: string;
}

/**
 * Finds names that do not exist. Cedar finds most of them, too, but `principal has projct && …` is to Cedar a
 * valid condition that never holds: a forbid written like that would protect nothing, and nobody would know.
 */
export function checkNames(
  policy: ReadPolicy,
  tree: SchemaTree,
  resources: ReadonlySet<string>,
): NameIssue[] {
  const issues: NameIssue[] = [];
  for (const { entity, type } of [policy.principal, policy.resource]) {
    if (entity !== undefined) issues.push(...checkEntity(entity, resources));
    if (type !== undefined) issues.push(...checkType(type));
  }
  for (const action of policy.actions ?? []) issues.push(...checkAction(action));
  for (const { body } of policy.clauses) {
    visit(body, (expression) => issues.push(...checkExpression(expression, tree, resources)));
  }
  return issues;
}

function checkExpression(
  expression: Expression,
  tree: SchemaTree,
  resources: ReadonlySet<string>,
): NameIssue[] {
  const { kind } = expression;
  if (kind === 'literal') {
    return expression.value instanceof EntityName ? checkEntity(expression.value, resources) : [];
  }
  if (kind === 'is') return checkType(expression.entityType);
  if (kind === 'attribute') return checkPath(expression.of, [expression.name], tree);
  if (kind === 'has') return checkPath(expression.of, expression.path, tree);
  if (kind !== 'binary' || expression.operator !== '==') return [];
  return checkResourceName(expression.left, expression.right, resources);
}

function checkPath(of: Expression, path: readonly string[], tree: SchemaTree): NameIssue[] {
  let shape = tree.shapeOf(of);
  const base = accessPath(of) ?? [];
  for (const [index, name] of path.entries()) {
    if (shape === undefined) return [];
    const attribute = shape.attributes.get(name);
    if (attribute === undefined) {
      const parent = [...base, ...path.slice(0, index)];
      const { message, remedy } = explainUnknownAttribute(parent, name, shape, tree);
      return [{ code: 'attribute_unknown', mention: [...parent, name], message, remedy }];
    }
    shape = attribute.shape;
  }
  return [];
}

function checkEntity({ type, id }: EntityName, resources: ReadonlySet<string>): NameIssue[] {
  if (type === 'Action') return checkAction(id);
  if (type === 'Resource')
    return resources.has(id) ? [] : [unknownResource([type, '::', quoted(id)], id, resources)];
  return checkType(type);
}

function checkResourceName(left: Expression, right: Expression, resources: ReadonlySet<string>): NameIssue[] {
  const [path, literal] = right.kind === 'literal' ? [accessPath(left), right] : [accessPath(right), left];
  if (path?.join('.') !== 'resource.name' || literal.kind !== 'literal') return [];
  const { value } = literal;
  if (typeof value !== 'string' || resources.has(value)) return [];
  return [unknownResource([quoted(value)], value, resources)];
}

function unknownResource(mention: readonly string[], id: string, resources: ReadonlySet<string>): NameIssue {
  const nearest = nearestName(id, resources);
  const known =
    resources.size === 0 ? 'none is configured' : `configured are ${[...resources].slice(0, 20).join(', ')}`;
  return {
    code: 'resource_unknown',
    mention,
    message: `No resource is called ${quoteCedar(id.slice(0, 100))}${didYouMean(nearest)}`,
    remedy:
      nearest === undefined
        ? `Add it under resources in vouchgate.yaml, or name one that is there: ${known}.`
        : `Write \`Resource::${quoteCedar(nearest)}\`, or add the resource to vouchgate.yaml.`,
  };
}

function checkType(type: string): NameIssue[] {
  if (entityTypes.some((known) => known === type)) return [];
  const nearest = nearestName(type, entityTypes);
  const remedy = `Entity types are ${entityTypes.join(', ')}.`;
  const message = `Entity type \`${type.slice(0, 100)}\` does not exist${didYouMean(nearest)}`;
  return [{ code: 'entity_type_unknown', mention: type.split(/(::)/), message, remedy }];
}

function checkAction(id: string): NameIssue[] {
  if (actionNames.some((known) => known === id)) return [];
  const nearest = nearestName(id, actionNames);
  const remedy = `Actions are ${actionNames.map((name) => `Action::"${name}"`).join(' and ')}.`;
  const message = `Action ${quoteCedar(id.slice(0, 100))} does not exist${didYouMean(nearest)}`;
  return [{ code: 'action_unknown', mention: ['Action', '::', quoted(id)], message, remedy }];
}

function didYouMean(nearest: string | undefined): string {
  return nearest === undefined ? '.' : `; did you mean \`${nearest}\`?`;
}

/** As it most likely stands in the text. */
function quoted(id: string): string {
  return JSON.stringify(id);
}
