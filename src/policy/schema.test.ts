import { expect, it } from 'vitest';
import { z } from 'zod';
import { WorkloadIdentity } from '#identity/workload-identity.ts';
import { loadCedar } from './cedar-runtime.ts';
import { readSchemaTree, type Shape } from './check/schema-tree.ts';
import { PolicyPosture } from './posture.ts';
import { actionNames, entityTypes, policySchemaText } from './schema.ts';

/** Every dotted path of a JSON Schema, with a question mark where it may be absent. */
function pathsOf(schema: unknown, prefix = ''): string[] {
  const { properties = {}, required = [] } = schema as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return Object.entries(properties).flatMap(([name, below]) => [
    `${prefix}${name}${required.includes(name) ? '' : '?'}`,
    ...pathsOf(below, `${prefix}${name}.`),
  ]);
}

function attributesBelow(shape: Shape | undefined, prefix = ''): string[] {
  return [...(shape?.attributes ?? [])].flatMap(([name, attribute]) => [
    `${prefix}${name}${attribute.optional ? '?' : ''}`,
    ...attributesBelow(attribute.shape, `${prefix}${name}.`),
  ]);
}

it('has the attributes of a workload identity, optional where they are optional', async () => {
  const tree = readSchemaTree(await loadCedar(), policySchemaText);
  const shape = tree.shapeOf({ kind: 'variable', name: 'principal' });
  const ofIdentity = pathsOf(z.toJSONSchema(WorkloadIdentity)).filter((path) => !path.startsWith('claims'));
  expect(attributesBelow(shape).sort()).toEqual(ofIdentity.sort());
});

it('has the attributes of a posture, which itself may be absent', async () => {
  const tree = readSchemaTree(await loadCedar(), policySchemaText);
  const context = tree.shapeOf({ kind: 'variable', name: 'context' });
  const posture = context?.attributes.get('posture');
  expect(posture?.optional).toBe(true);
  expect(attributesBelow(posture?.shape).sort()).toEqual(pathsOf(z.toJSONSchema(PolicyPosture)).sort());
});

it('names the entity types and actions that the suggestions know', async () => {
  const answer = (await loadCedar()).schemaToJson(policySchemaText);
  expect(answer.type).toBe('success');
  const namespace = answer.type === 'success' ? answer.json[''] : undefined;
  expect([...Object.keys(namespace?.entityTypes ?? {}), 'Action'].sort()).toEqual([...entityTypes].sort());
  expect(Object.keys(namespace?.actions ?? {}).sort()).toEqual([...actionNames].sort());
});
