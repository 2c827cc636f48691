import { z } from 'zod';
import type { Cedar } from '../cedar-runtime.ts';
import { EntityName } from '../engine/value.ts';
import type { Expression } from '../expression/expression.ts';
import { PolicyError } from '../problem.ts';

/** What is known of a value's attributes. */
export interface Shape {
  /** `Workload`, `Resource`, or undefined for a record. */
  entityType: string | undefined;
  attributes: ReadonlyMap<string, { optional: boolean; shape: Shape | undefined }>;
}

/** The schema as a tree of names, so that a wrong one can be told from a right one without a type checker. */
export interface SchemaTree {
  /** Undefined for a value without attributes, or one whose type is not obvious. */
  shapeOf(expression: Expression): Shape | undefined;
  /** Every path below, dotted: `ref.full`. */
  pathsBelow(shape: Shape): readonly string[];
}

/** The part of Cedar's JSON schema that our schema uses. */
const RecordJson = z.object({
  attributes: z
    .record(z.string(), z.object({ type: z.string(), required: z.boolean().default(true) }))
    .default({}),
});
type RecordJson = z.infer<typeof RecordJson>;
const SchemaJson = z.object({
  '': z.object({
    commonTypes: z.record(z.string(), RecordJson).default({}),
    entityTypes: z.record(z.string(), z.object({ shape: RecordJson.default({ attributes: {} }) })),
    actions: z.record(z.string(), z.object({ appliesTo: z.object({ context: RecordJson }) })),
  }),
});

export function readSchemaTree(cedar: Cedar, schemaText: string): SchemaTree {
  const answer = cedar.schemaToJsonWithResolvedTypes(schemaText);
  const parsed = SchemaJson.safeParse(answer.type === 'success' ? answer.json : undefined);
  if (!parsed.success) {
    throw new PolicyError('policy_compiler_failed', 'The policy schema itself cannot be read.', {
      cause: answer,
    });
  }
  const { commonTypes, entityTypes, actions } = parsed.data[''];
  const roots = new Map<string, Shape>();
  for (const [name, { shape }] of Object.entries(entityTypes))
    roots.set(name, shapeFrom(shape, commonTypes, name));
  const context = shapeFrom(actions['issue']?.appliesTo.context, commonTypes, undefined);
  const byVariable = {
    principal: roots.get('Workload'),
    resource: roots.get('Resource'),
    action: undefined,
    context,
  };
  const shapeOf = (expression: Expression): Shape | undefined => {
    if (expression.kind === 'variable') return byVariable[expression.name];
    if (expression.kind === 'attribute')
      return shapeOf(expression.of)?.attributes.get(expression.name)?.shape;
    if (expression.kind !== 'literal' || !(expression.value instanceof EntityName)) return undefined;
    return roots.get(expression.value.type);
  };
  return { shapeOf, pathsBelow };
}

function shapeFrom(
  record: RecordJson | undefined,
  commonTypes: Readonly<Record<string, RecordJson>>,
  entityType: string | undefined,
): Shape {
  const attributes = Object.entries(record?.attributes ?? {}).map(([name, { type, required }]) => {
    const nested = Object.hasOwn(commonTypes, type) ? commonTypes[type] : undefined;
    const shape = nested === undefined ? undefined : shapeFrom(nested, commonTypes, undefined);
    return [name, { optional: !required, shape }] as const;
  });
  return { entityType, attributes: new Map(attributes) };
}

function pathsBelow(shape: Shape): readonly string[] {
  return [...shape.attributes].flatMap(([name, attribute]) => {
    const below = attribute.shape === undefined ? [] : pathsBelow(attribute.shape);
    return [name, ...below.map((path) => `${name}.${path}`)];
  });
}
