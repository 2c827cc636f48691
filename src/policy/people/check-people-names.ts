import { nearestName } from '../nearest-name.ts';
import { EntityName } from '../engine/value.ts';
import { visit, type Expression } from '../expression/expression.ts';
import type { ReadPolicy } from '../engine/compiled-policy.ts';
import { CONTEXT_ATTRIBUTES, PERSON_ATTRIBUTES, personActions, personRoles } from './people-schema.ts';
import type { NameIssue } from '../check/check-names.ts';

const KNOWN_TYPES = new Set(['Person', 'Role', 'Team', 'Vouchgate', 'Action']);

/**
 * Names that do not exist. To Cedar `principal in Role::"ownr"` is a valid condition that never holds: a forbid
 * written like that would protect nothing.
 */
export function checkPeopleNames(policy: ReadPolicy, teams: ReadonlySet<string>): NameIssue[] {
  const issues: NameIssue[] = [];
  for (const { entity, type } of [policy.principal, policy.resource]) {
    if (entity !== undefined) issues.push(...checkEntity(entity, teams));
    if (type !== undefined && !KNOWN_TYPES.has(type))
      issues.push(unknown('entity_type_unknown', [type], type, KNOWN_TYPES));
  }
  for (const action of policy.actions ?? []) issues.push(...checkAction(action));
  for (const { body } of policy.clauses) {
    visit(body, (expression) => issues.push(...checkExpression(expression, teams)));
  }
  return issues;
}

function checkExpression(expression: Expression, teams: ReadonlySet<string>): NameIssue[] {
  if (expression.kind === 'literal') {
    return expression.value instanceof EntityName ? checkEntity(expression.value, teams) : [];
  }
  if (expression.kind === 'attribute') return checkAttribute(expression.of, expression.name);
  if (expression.kind === 'has') return checkAttribute(expression.of, expression.path[0] ?? '');
  return [];
}

function checkAttribute(of: Expression, name: string): NameIssue[] {
  if (of.kind !== 'variable') return [];
  const known = {
    principal: PERSON_ATTRIBUTES,
    context: CONTEXT_ATTRIBUTES,
    resource: new Set<string>(),
    action: new Set<string>(),
  }[of.name];
  return known.has(name) ? [] : [unknown('attribute_unknown', [of.name, name], name, known)];
}

function checkEntity({ type, id }: EntityName, teams: ReadonlySet<string>): NameIssue[] {
  const mention = [type, '::', JSON.stringify(id)];
  switch (type) {
    case 'Role':
      return personRoles.some((role) => role === id)
        ? []
        : [unknown('role_unknown', mention, id, personRoles)];
    case 'Team':
      return teams.has(id) ? [] : [unknown('team_unknown', mention, id, teams)];
    case 'Action':
      return checkAction(id);
    default:
      return KNOWN_TYPES.has(type) ? [] : [unknown('entity_type_unknown', [type], type, KNOWN_TYPES)];
  }
}

function checkAction(id: string): NameIssue[] {
  if (personActions.some((action) => action === id)) return [];
  return [unknown('action_unknown', ['Action', '::', JSON.stringify(id)], id, personActions)];
}

function unknown(
  code: NameIssue['code'],
  mention: readonly string[],
  name: string,
  known: Iterable<string>,
): NameIssue {
  const names = [...known];
  const nearest = nearestName(name, names);
  return {
    code,
    mention,
    message: `There is no ${JSON.stringify(name.slice(0, 100))} for people.`,
    remedy:
      nearest === undefined
        ? `Use one of: ${names.slice(0, 20).join(', ') || 'none is configured'}.`
        : `Did you mean \`${nearest}\`?`,
  };
}
