import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SinkKind } from '#audit/sinks/sink.ts';
import type { CommandDefinition } from '#cli/command.ts';
import type { CredentialProviderKind } from '#credentials/provider.ts';
import type { IdentityProviderKind } from '#identity/provider.ts';
import { PROJECT_ROOT } from '../source/project-files.ts';

/** Exports of a source file; an error names the file, because the reader has many. */
async function loadModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const loaded: unknown = await import(pathToFileURL(path.join(PROJECT_ROOT, file)).href);
    return typeof loaded === 'object' && loaded !== null ? { ...loaded } : {};
  } catch (cause) {
    throw new Error(`${file} could not be loaded.`, { cause });
  }
}

function isPlugIn(value: unknown): value is { id: string } {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}

/** Folders that have such a file, in alphabetical order. A folder without it is work under way. */
export function listProviderFolders(folder: string, file = 'provider.ts'): string[] {
  const absolute = path.join(PROJECT_ROOT, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(absolute, entry.name, file)))
    .map((entry) => entry.name)
    .toSorted();
}

async function loadProviders<Kind>(
  folder: string,
  isKind: (value: unknown) => value is Kind & { id: string },
): Promise<Kind[]> {
  const kinds: Kind[] = [];
  for (const id of listProviderFolders(folder)) {
    const file = `${folder}/${id}/provider.ts`;
    const { provider } = await loadModule(file);
    if (!isKind(provider)) throw new Error(`${file} must export \`provider\`.`);
    if (provider.id !== id) throw new Error(`${file}: the id is ${provider.id}, the folder ${id}.`);
    kinds.push(provider);
  }
  return kinds;
}

export const IDENTITY_PROVIDERS = 'src/identity/providers';
export const CREDENTIAL_PROVIDERS = 'src/credentials/providers';
export const SINKS = 'src/audit/sinks';
export const COMMANDS = 'src/cli/commands';

export function loadIdentityProviders(): Promise<IdentityProviderKind[]> {
  return loadProviders(
    IDENTITY_PROVIDERS,
    (value): value is IdentityProviderKind => isPlugIn(value) && 'normalise' in value,
  );
}

export function loadCredentialProviders(): Promise<CredentialProviderKind[]> {
  return loadProviders(
    CREDENTIAL_PROVIDERS,
    (value): value is CredentialProviderKind => isPlugIn(value) && 'create' in value,
  );
}

export async function loadSinks(): Promise<SinkKind[]> {
  const kinds: SinkKind[] = [];
  for (const id of listProviderFolders(SINKS, 'sink.ts')) {
    const file = `${SINKS}/${id}/sink.ts`;
    const { sink } = await loadModule(file);
    const isKind = (value: unknown): value is SinkKind => isPlugIn(value) && 'open' in value;
    if (!isKind(sink)) throw new Error(`${file} must export \`sink\`.`);
    if (sink.id !== id) throw new Error(`${file}: the id is ${sink.id}, the folder ${id}.`);
    kinds.push(sink);
  }
  return kinds;
}

function isCommand(value: unknown): value is CommandDefinition {
  return typeof value === 'object' && value !== null && 'name' in value && 'summary' in value;
}

/** `commands/<name>.ts`, each exporting `command`. */
export async function loadCommands(): Promise<CommandDefinition[]> {
  const files = readdirSync(path.join(PROJECT_ROOT, COMMANDS))
    .filter((file) => /^[a-z0-9-]+\.ts$/.test(file))
    .toSorted();
  const commands: CommandDefinition[] = [];
  for (const file of files) {
    const { command } = await loadModule(`${COMMANDS}/${file}`);
    if (!isCommand(command)) throw new Error(`${COMMANDS}/${file} must export \`command\`.`);
    if (`${command.name}.ts` !== file) throw new Error(`${COMMANDS}/${file}: the name is ${command.name}.`);
    commands.push(command);
  }
  return commands;
}
