import { z } from 'zod';
import { sinkKinds } from '#audit/sinks.generated.ts';
import { inputKinds } from '#audit/inputs/kinds.ts';
import { credentialProviderKinds } from '#credentials/providers.generated.ts';
import { IdentityProviderCommon } from '#identity/identity-provider-common.ts';
import { identityProviderKinds } from '#identity/providers.generated.ts';
import { InputsSection } from './inputs-section.ts';
import { ConfigurationFile } from './configuration-file.ts';
import { SinkCommon } from './sinks-section.ts';

type JsonSchema = Record<string, unknown> & { properties?: Record<string, unknown>; required?: string[] };

function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  }) as JsonSchema;
  return rest;
}

/** The entry of one provider: its type, and side by side what all kinds take and what its own kind takes. */
function entryOf(id: string, title: string, ...parts: z.ZodType[]): JsonSchema {
  const schemas = parts.map(schemaOf);
  return {
    type: 'object',
    title,
    properties: Object.assign({ type: { const: id } }, ...schemas.map((schema) => schema.properties)),
    required: ['type', ...schemas.flatMap((schema) => schema.required ?? [])],
    additionalProperties: false,
  };
}

/** The JSON Schema of `vouchgate.yaml`, for editors; built from the very schemas that the loader checks with. */
export function buildConfigurationJsonSchema(): Record<string, unknown> {
  const file = schemaOf(ConfigurationFile);
  const identityProviders = Object.values(identityProviderKinds).map((kind) =>
    entryOf(kind.id, kind.title, IdentityProviderCommon, kind.settings),
  );
  const credentialProviders = Object.values(credentialProviderKinds).map((kind) =>
    entryOf(kind.id, kind.title, kind.settings),
  );
  const sinks = Object.values(sinkKinds).map((kind) =>
    entryOf(kind.id, kind.title, SinkCommon, kind.settings),
  );
  const inputs = schemaOf(InputsSection);
  const sources = [...inputKinds.values()].map((kind) => entryOf(kind.id, kind.title, kind.settings));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'vouchgate.yaml',
    ...file,
    properties: {
      ...file.properties,
      identityProviders: { type: 'object', additionalProperties: { oneOf: identityProviders } },
      credentialProviders: { type: 'object', additionalProperties: { oneOf: credentialProviders } },
      sinks: { type: 'object', additionalProperties: { oneOf: sinks } },
      inputs: {
        ...inputs,
        properties: {
          ...inputs.properties,
          sources: { type: 'object', additionalProperties: { oneOf: sources } },
        },
      },
    },
  };
}
