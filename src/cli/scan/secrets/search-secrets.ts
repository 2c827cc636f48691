import type { Persona } from '#findings/severity.ts';
import type { ScannedPaths } from '#scan/scan-paths.ts';
import type { CommandContext } from '../../command.ts';
import type { FoundSecrets } from './begin-secrets.ts';
import type { JoinedSecrets } from './join-secrets.ts';
import type { SecretsChoice } from './secrets-options.ts';

/** Starts to look for secrets. The engine is only loaded here: a scan without secrets needs none of it. */
export async function searchSecrets(
  choice: SecretsChoice,
  paths: readonly string[],
  context: CommandContext,
  wanted: { readonly persona: Persona | undefined; readonly everything: boolean },
): Promise<() => Promise<FoundSecrets>> {
  const { beginSecrets } = await import('./begin-secrets.ts');
  return await beginSecrets(choice, paths, context, wanted);
}

/** What was found besides secrets, with them. */
export async function joinSearch(
  scanned: ScannedPaths,
  search: (() => Promise<FoundSecrets>) | undefined,
  asOfMs: number,
  wantsPipelines: boolean,
): Promise<JoinedSecrets> {
  if (search === undefined) return { scanned, rules: [], filesScanned: 0, notes: [] };
  const { joinSecrets } = await import('./join-secrets.ts');
  return joinSecrets(scanned, await search(), asOfMs, wantsPipelines);
}
