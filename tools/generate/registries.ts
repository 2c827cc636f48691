import {
  COMMANDS,
  CREDENTIAL_PROVIDERS,
  IDENTITY_PROVIDERS,
  listProviderFolders,
  loadCommands,
  SINKS,
} from './plug-ins.ts';
import { GENERATED_BY, type Generator } from './output.ts';

function camelCase(id: string): string {
  return id.replace(/-+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function quoteKey(key: string): string {
  return /^[a-z][a-zA-Z0-9]*$/.test(key) ? key : `'${key}'`;
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function registryOfKinds(folder: string, type: string, name: string): string {
  const ids = listProviderFolders(folder);
  return [
    `// ${GENERATED_BY}`,
    `import type { ${type} } from './provider.ts';`,
    ...ids.map((id) => `import { provider as ${camelCase(id)} } from './providers/${id}/provider.ts';`),
    '',
    '/** Every kind by its id, which is also its folder and its `type` in the configuration. */',
    `export const ${name}: Readonly<Record<string, ${type}>> = {`,
    ...ids.map((id) => `  ${camelCase(id) === id ? id : `${quoteKey(id)}: ${camelCase(id)}`},`),
    '};',
    '',
  ].join('\n');
}

function registryOfSinks(): string {
  const ids = listProviderFolders(SINKS, 'sink.ts');
  return [
    `// ${GENERATED_BY}`,
    "import type { SinkKind } from './sinks/sink.ts';",
    ...ids.map((id) => `import { sink as ${camelCase(id)} } from './sinks/${id}/sink.ts';`),
    '',
    '/** Every kind of sink by its id, which is also its folder and its `type` in the configuration. */',
    'export const sinkKinds: Readonly<Record<string, SinkKind>> = {',
    ...ids.map((id) => `  ${camelCase(id) === id ? id : `${quoteKey(id)}: ${camelCase(id)}`},`),
    '};',
    '',
  ].join('\n');
}

async function registryOfCommands(): Promise<string> {
  const commands = await loadCommands();
  return [
    `// ${GENERATED_BY}`,
    "import type { CommandRegistration } from './command.ts';",
    '',
    'export const commandRegistry: readonly CommandRegistration[] = [',
    ...commands.flatMap(({ name, summary }) => [
      '  {',
      `    name: ${quote(name)},`,
      `    summary: ${quote(summary)},`,
      `    load: () => import('./commands/${name}.ts'),`,
      '  },',
    ]),
    '];',
    '',
  ].join('\n');
}

/** What the program finds its plug-ins by; a folder is all that a new one needs. */
export const registries: readonly Generator[] = [
  {
    path: 'src/identity/providers.generated.ts',
    sources: [IDENTITY_PROVIDERS],
    generate: async () =>
      registryOfKinds(IDENTITY_PROVIDERS, 'IdentityProviderKind', 'identityProviderKinds'),
  },
  {
    path: 'src/credentials/providers.generated.ts',
    sources: [CREDENTIAL_PROVIDERS],
    generate: async () =>
      registryOfKinds(CREDENTIAL_PROVIDERS, 'CredentialProviderKind', 'credentialProviderKinds'),
  },
  {
    path: 'src/audit/sinks.generated.ts',
    sources: [SINKS],
    generate: async () => registryOfSinks(),
  },
  {
    path: 'src/cli/commands.generated.ts',
    sources: [COMMANDS, 'src/cli/command.ts'],
    generate: registryOfCommands,
  },
];
