import { page } from './markdown.ts';
import type { Generator } from './output.ts';
import { CREDENTIAL_PROVIDERS, IDENTITY_PROVIDERS, SINKS } from './plug-ins.ts';
import { describeFields } from './schema-fields.ts';

const GATE_SOURCES = ['src/posture/gate-policy.ts'];

const GATE_INTRODUCTION =
  'Which findings stop a pipeline, where, and from when: `vouchgate.policy.yaml` beside `vouchgate.yaml` for the server, and at the root of a repository for `vouchgate gate`. [The guide](../guides/gate.md) has an example of each. Editors complete and check the file with [vouchgate.policy.schema.json](vouchgate.policy.schema.json): begin it with `# yaml-language-server: $schema=…/vouchgate.policy.schema.json`.';

const SOURCES = [
  'src/broker/configuration/configuration-file.ts',
  'src/identity/identity-provider-common.ts',
  IDENTITY_PROVIDERS,
  CREDENTIAL_PROVIDERS,
  SINKS,
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
  {
    path: 'docs/reference/vouchgate.policy.schema.json',
    sources: GATE_SOURCES,
    generate: async () => {
      const { buildGatePolicyJsonSchema } = await import('#posture/gate-policy.ts');
      return `${JSON.stringify(buildGatePolicyJsonSchema(), undefined, 2)}\n`;
    },
  },
  {
    path: 'docs/reference/gate-policy.md',
    sources: GATE_SOURCES,
    generate: async () => {
      const { CoverageRule, GatePolicy, GateRule } = await import('#posture/gate-policy.ts');
      return page(
        'Policy of the gate',
        GATE_INTRODUCTION,
        `## vouchgate.policy.yaml\n\n${describeFields(GatePolicy)}`,
        `## A rule\n\nAn entry of \`rules\`.\n\n${describeFields(GateRule)}`,
        `## Demanded tests\n\nAn entry of \`coverage\`.\n\n${describeFields(CoverageRule)}`,
      );
    },
  },
];
