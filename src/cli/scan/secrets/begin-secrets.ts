import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { AppError } from '#core/errors.ts';
import type { ScanProblem } from '#findings/finding.ts';
import type { Persona } from '#findings/severity.ts';
import type { HistoricSecret } from '#scan/secrets/history/scan-history.ts';
import type { ScannedSecrets, SecretsRequest } from '#scan/secrets/scan-secrets.ts';
import type { CommandContext, Environment } from '../../command.ts';
import type { SecretsChoice } from './secrets-options.ts';

/** What the engine found, in files and in the history. */
export interface FoundSecrets extends ScannedSecrets {
  /** By root of the repository. */
  readonly history: ReadonlyMap<string, RootHistory>;
  /** For hashes that tell equal secrets. */
  readonly key: Buffer;
  readonly request: SecretsRequest;
}

export interface RootHistory {
  readonly secrets: readonly HistoricSecret[];
  readonly problems: readonly ScanProblem[];
}

const HISTORY_TIMEOUT_MS = 30 * 60_000;

/** `XDG_CACHE_HOME`, else `~/.cache`; nowhere for a user without a home. */
function cacheFolderOf(env: Environment): string | undefined {
  const base =
    env['XDG_CACHE_HOME'] ?? (env['HOME'] === undefined ? undefined : path.join(env['HOME'], '.cache'));
  return base === undefined || !path.isAbsolute(base) ? undefined : path.join(base, 'vouchgate', 'secrets');
}

/** A history that cannot be read is not one without secrets. */
function failedHistory(error: unknown): RootHistory {
  if (!(error instanceof AppError)) throw error;
  return {
    secrets: [],
    problems: [{ file: '.git', line: 1, column: 1, message: error.message, partial: false }],
  };
}

async function searchHistory(
  roots: readonly string[],
  range: string,
  request: SecretsRequest,
  folder: string | undefined,
  key: Buffer,
): Promise<Map<string, RootHistory>> {
  const [{ scanHistory }, { optionsFor }] = await Promise.all([
    import('#scan/secrets/history/scan-history.ts'),
    import('#scan/secrets/scan-secrets.ts'),
  ]);
  const found = new Map<string, RootHistory>();
  for (const root of roots) {
    const scan = scanHistory({
      root,
      folder: root,
      range: range === 'all' ? undefined : range,
      options: optionsFor(root, request),
      searchPath: request.searchPath,
      timeoutMs: HISTORY_TIMEOUT_MS,
      cacheFolder: folder,
      key,
    });
    // Of many folders one may be no repository; of one, that is what was asked for.
    found.set(root, roots.length === 1 ? await scan : await scan.catch(failedHistory));
  }
  return found;
}

/**
 * Starts to look for secrets, and returns how to get what was found: in between the caller judges pipelines, on
 * another core where there are two.
 */
export async function beginSecrets(
  choice: SecretsChoice,
  paths: readonly string[],
  { env }: CommandContext,
  wanted: { readonly persona: Persona | undefined; readonly everything: boolean },
): Promise<() => Promise<FoundSecrets>> {
  const [{ startSecrets }, { readMachineKey }] = await Promise.all([
    import('#scan/secrets/scan-secrets.ts'),
    import('#scan/secrets/history/blob-cache.ts'),
  ]);
  const threads = Math.min(4, availableParallelism());
  const request = { ...wanted, paths, searchPath: env['PATH'], only: choice.only, threads };
  const finish = startSecrets(request);
  return async () => {
    const scanned = await finish();
    const folder = choice.history === undefined ? undefined : cacheFolderOf(env);
    const key = readMachineKey(folder, () => randomBytes(32));
    const roots = scanned.roots.map(({ root }) => root);
    const history =
      choice.history === undefined
        ? new Map<string, RootHistory>()
        : await searchHistory(roots, choice.history, request, folder, key);
    return { ...scanned, history, key, request };
  };
}
