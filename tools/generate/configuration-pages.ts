import { page } from './markdown.ts';
import type { Generator } from './output.ts';
import { CREDENTIAL_PROVIDERS, IDENTITY_PROVIDERS } from './plug-ins.ts';
import { describeFields } from './schema-fields.ts';

const SOURCES = [
  'src/broker/configuration/configuration-file.ts',
  'src/identity/identity-provider-common.ts',
  IDENTITY_PROVIDERS,
  CREDENTIAL_PROVIDERS,
];

const INTRODUCTION =
  'A folder with `vouchgate.yaml` and `policies/*.cedar`. Editors complete and check the file with [vouchgate.schema.json](vouchgate.schema.json): begin it with `# yaml-language-server: $schema=…/vouchgate.schema.json`. A change that is not valid is refused with file, line and remedy, and the last good version stays in force.';

export const configurationPages: readonly Generator[] = [
  {
    path: 'docs/reference/vouchgate.schema.json',
    sources: [...SOURCES, 'src/broker/configuration/json-schema.ts'],
    generate: async () => {
      // Not before: it loads the registries, which are written first.
      const { buildConfigurationJsonSchema } = await import('#broker/configuration/json-schema.ts');
      return `${JSON.stringify(buildConfigurationJsonSchema(), undefined, 2)}\n`;
    },
  },
  {
    path: 'docs/reference/configuration.md',
    sources: SOURCES,
    generate: async () => {
      const { ConfigurationFile, ResourceEntry } = await import(
        '#broker/configuration/configuration-file.ts'
      );
      const { IdentityProviderCommon } = await import('#identity/identity-provider-common.ts');
      return page(
        'Configuration',
        INTRODUCTION,
        `## vouchgate.yaml\n\n${describeFields(ConfigurationFile)}`,
        `## A resource\n\n\`resources.<name>\`. The name is what jobs ask for.\n\n${describeFields(ResourceEntry)}`,
        `## Every identity provider\n\nBeside the settings of its [type](identity-providers.md).\n\n${describeFields(IdentityProviderCommon)}`,
      );
    },
  },
];
