import type { ScanProblem } from '#findings/finding.ts';
import { type Persona, readsAs } from '#findings/severity.ts';
import { listFiles } from '../engines/list-files.ts';
import { readScanSettings } from '../scan-settings.ts';
import { loadTokenizer, looksDrawn } from './generic/token-efficiency.ts';
import type { RuleSetOptions } from './rule-set.ts';
import { startThreads } from './run-threads.ts';
import { type FileHits, type RootScan, scanFiles } from './scan-files.ts';
import { readTeamSettings } from './team/team-settings.ts';
import type { SecretsTask } from './worker-protocol.ts';

export interface SecretsRequest {
  /** Absolute. */
  readonly paths: readonly string[];
  /** Where programs are looked for. */
  readonly searchPath: string | undefined;
  /** For whom it is; what only advises is not looked for when nobody would read it. */
  readonly persona?: Persona | undefined;
  /** Look for everything, whoever reads it: for a baseline. */
  readonly everything?: boolean;
  readonly only?: ReadonlySet<string> | undefined;
  readonly threads: number;
  readonly timeoutMs?: number;
}

export interface ScannedSecrets {
  readonly roots: readonly RootScan[];
  /** With absolute paths. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** Fewer files are searched sooner than a thread is started. */
const THREADS_FROM_FILES = 1_500;
const FILES_PER_TASK = 1_000;
const TASK_TIMEOUT_MS = 120_000;

export function optionsFor(root: string, request: SecretsRequest): RuleSetOptions {
  const persona = request.persona ?? readScanSettings(root).persona ?? 'regular';
  const tier = request.everything === true || readsAs(persona, 'pedantic') ? 'generic' : 'high';
  return { tier, only: request.only };
}

function splitTasks(request: SecretsRequest): { tasks: SecretsTask[]; problems: ScannedSecrets['problems'] } {
  const { files, problems } = listFiles(request.paths, { searchPath: request.searchPath });
  const tasks: SecretsTask[] = [];
  for (const [root, own] of Map.groupBy(files, (file) => file.root)) {
    const options = optionsFor(root, request);
    for (let at = 0; at < own.length; at += FILES_PER_TASK) {
      tasks.push({ root, files: own.slice(at, at + FILES_PER_TASK), options });
    }
  }
  return { tasks, problems };
}

/** Expressions of somebody else run where they can be stopped. */
function hasTeamRules(tasks: readonly SecretsTask[]): boolean {
  const roots = new Set(tasks.map(({ root }) => root));
  return [...roots].some((root) => readTeamSettings(root).configs.length > 0);
}

/** Tasks that a thread died over, once more without the rules of the team that wrote them. */
async function rescue(
  tasks: readonly SecretsTask[],
  why: string,
  request: SecretsRequest,
): Promise<RootScan[]> {
  const safe = tasks.map((task) => ({ ...task, options: { ...task.options, withoutTeam: true } }));
  const { scans } = await startThreads(safe, { threads: request.threads, timeoutMs: TASK_TIMEOUT_MS });
  return safe.map((task, index): RootScan => {
    const scan = scans.get(index);
    const message =
      scan === undefined
        ? `${task.files.length} files from here on were not searched for secrets: ${why}`
        : `the rules of .gitleaks.toml were left out for ${task.files.length} files from here on: ${why}`;
    const problem: ScanProblem = {
      file: task.files[0]?.file ?? '',
      line: 1,
      column: 1,
      message,
      partial: scan !== undefined,
    };
    const empty = { root: task.root, files: [], problems: [], filesScanned: 0, bytesScanned: 0 };
    return { ...(scan ?? empty), problems: [...(scan?.problems ?? []), problem] };
  });
}

function joinRoots(scans: readonly RootScan[]): RootScan[] {
  return [...Map.groupBy(scans, ({ root }) => root)].map(([root, own]) => ({
    root,
    files: own.flatMap(({ files }) => files),
    problems: [
      ...new Map(
        own.flatMap(({ problems }) => problems).map((each) => [`${each.file} ${each.message}`, each]),
      ).values(),
    ],
    filesScanned: own.reduce((sum, each) => sum + each.filesScanned, 0),
    bytesScanned: own.reduce((sum, each) => sum + each.bytesScanned, 0),
  }));
}

/** Drops what a tokenizer knows as words. It is only loaded when something has to be weighed. */
export async function weighHits(files: readonly FileHits[]): Promise<readonly FileHits[]> {
  if (!files.some(({ hits }) => hits.some(({ weighed }) => weighed))) return files;
  const countTokens = await loadTokenizer();
  return files
    .map(({ file, hits }) => ({
      file,
      hits: hits.filter((hit) => !hit.weighed || looksDrawn(hit.value, countTokens)),
    }))
    .filter(({ hits }) => hits.length > 0);
}

/**
 * Starts to search the repositories under the given paths, on threads when there is much to search, and returns how to
 * get what was found. Until that is called the caller may do something else.
 * @throws ScanConfigurationError for a mistake in the settings of a repository.
 */
export function startSecrets(request: SecretsRequest): () => Promise<ScannedSecrets> {
  const { tasks, problems } = splitTasks(request);
  const count = tasks.reduce((sum, { files }) => sum + files.length, 0);
  const threaded = count >= THREADS_FROM_FILES || hasTeamRules(tasks);
  const { threads, timeoutMs = TASK_TIMEOUT_MS } = request;
  const running = threaded ? startThreads(tasks, { threads, timeoutMs }) : undefined;
  const collect = async (): Promise<RootScan[]> => {
    if (running === undefined)
      return tasks.map(({ root, files, options }) => scanFiles(root, files, options));
    const { scans, died = 'a thread ended early' } = await running;
    const left = tasks.filter((_, index) => !scans.has(index));
    return [
      ...[...scans].sort(([left], [right]) => left - right).map(([, scan]) => scan),
      ...(left.length === 0 ? [] : await rescue(left, died, request)),
    ];
  };
  return async () => {
    const roots = joinRoots(await collect());
    const weighed = roots.map(
      async (root): Promise<RootScan> => ({ ...root, files: await weighHits(root.files) }),
    );
    return { roots: await Promise.all(weighed), problems };
  };
}
