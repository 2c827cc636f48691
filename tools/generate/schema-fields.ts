import { z } from 'zod';
import { code, table } from './markdown.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** What a person writes, not what the program makes of it (`15m`, not seconds). */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function typeOf(schema: JsonSchema | boolean | readonly unknown[]): string {
  if (typeof schema === 'boolean' || isList(schema)) return 'any value';
  const choices = schema.anyOf ?? schema.oneOf;
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((value) => code(JSON.stringify(value))).join(' or ');
  if (choices !== undefined) return choices.map(typeOf).join(' or ');
  if (schema.type === 'array')
    return `list of ${schema.items === undefined ? 'values' : typeOf(schema.items)}`;
  if (schema.properties !== undefined) return code(`{ ${Object.keys(schema.properties).join(', ')} }`);
  if (typeof schema.additionalProperties === 'object') return `map to ${typeOf(schema.additionalProperties)}`;
  if (schema.type === 'object') return 'map';
  return typeof schema.type === 'string' ? schema.type : (schema.type?.join(' or ') ?? 'any value');
}

function limitsOf({ minimum, maximum, minItems, maxItems }: JsonSchema): string {
  const [least, most] = [minimum ?? minItems, maximum ?? maxItems];
  // Zod writes the limits of a safe integer where none was set.
  const shown = [least, most].map((limit) =>
    limit === undefined || Math.abs(limit) === Number.MAX_SAFE_INTEGER ? undefined : limit,
  );
  if (shown[0] === undefined && shown[1] === undefined) return '';
  return `, ${shown[0] ?? ''}…${shown[1] ?? ''}`;
}

function rowsOf(schema: JsonSchema, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    if (typeof field === 'boolean') return [];
    const required = schema.required?.includes(name) === true && field.default === undefined;
    const otherwise = field.default === undefined ? '' : code(JSON.stringify(field.default));
    const row = [
      code(`${prefix}${name}`),
      `${typeOf(field)}${limitsOf(field)}`,
      required ? 'required' : otherwise,
      field.description ?? '',
    ];
    return [row, ...rowsOf(field, `${prefix}${name}.`)];
  });
}

/** A table of the fields of an object, nested ones by dotted path; a sentence where there are none. */
export function describeFields(schema: z.ZodType | undefined): string {
  const rows = schema === undefined ? [] : rowsOf(jsonSchemaOf(schema), '');
  if (rows.length === 0) return 'None.';
  return table(['field', 'type', 'default', 'meaning'], rows);
}
