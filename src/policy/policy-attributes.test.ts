import { expect, it } from 'vitest';
import { loadCedar } from './cedar-runtime.ts';
import { readSchemaTree, type Shape } from './check/schema-tree.ts';
import { policyAttributes } from './policy-attributes.ts';
import { policySchemaText } from './schema.ts';

/** Every path without anything below it, with a question mark where something on the way may be absent. */
function leavesBelow(shape: Shape | undefined, prefix: string, optional = false): string[] {
  return [...(shape?.attributes ?? [])].flatMap(([name, attribute]) => {
    const mayBeAbsent = optional || attribute.optional;
    const path = `${prefix}.${name}`;
    return attribute.shape === undefined
      ? [`${path}${mayBeAbsent ? '?' : ''}`]
      : leavesBelow(attribute.shape, path, mayBeAbsent);
  });
}

it('what is offered for completion is what the schema declares', async () => {
  const tree = readSchemaTree(await loadCedar(), policySchemaText);
  const declared = (['principal', 'resource', 'context'] as const).flatMap((name) =>
    leavesBelow(tree.shapeOf({ kind: 'variable', name }), name),
  );
  const offered = policyAttributes.map(({ path, optional }) => `${path}${optional ? '?' : ''}`);
  expect(offered.sort()).toEqual(declared.sort());
});
