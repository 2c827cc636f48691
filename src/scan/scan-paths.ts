import { readFileSync, statSync } from 'node:fs';
import type { Finding, ScanProblem } from '#findings/finding.ts';
import type { ScanSettings } from '#findings/scan-configuration.ts';
import { messageOf } from '#core/errors.ts';
import type { Definition } from '#pipeline/model.ts';
import type { Repository } from '#pipeline/repository.ts';
import type { SourceText } from '#pipeline/source.ts';
import { defaultYamlLimits } from '#pipeline/yaml/parse.ts';
import { findAzureTemplates } from './azure-templates.ts';
import { configureRules } from './configure-rules.ts';
import { discover, type FoundFile } from './discover.ts';
import { findIncludedFiles } from './included-files.ts';
import { joinPins, readLockPins } from './pins/lock-pins.ts';
import {
  type RepositoryInput,
  type RepositoryScan,
  scanRepository,
  type ScanOptions,
} from './scan-repository.ts';
import { buildAliasTable } from './ignore-comments.ts';
import { readScanSettings } from './scan-settings.ts';
import { isExcluded, settleBySettings } from './settle-by-settings.ts';
import { declaresTrust, isTerraform } from './trust/trust-files.ts';
import { readZizmorSettings } from './zizmor-settings.ts';

export interface ScanPathsOptions extends ScanOptions {
  /** Called before each repository. */
  onProgress?(filesDone: number, filesAll: number): void;
  /** Judges a repository; the default scans it, the fixer mends it first. */
  readonly judge?: (input: RepositoryInput, options: ScanOptions) => RepositoryScan;
}

/** What one repository came to. */
export interface ScannedRepository {
  readonly root: string;
  readonly findings: readonly Finding[];
  readonly problems: readonly ScanProblem[];
  readonly filesScanned: number;
  readonly fileKinds: Readonly<Record<string, number>>;
  readonly settings: ScanSettings;
  /** Waivers that covered something until their last day. */
  readonly expiredWaivers: readonly string[];
}

export interface ScannedPaths {
  readonly repositories: readonly ScannedRepository[];
  /** What could not be walked or read, with absolute paths. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

const BYTES_MAX = defaultYamlLimits.charactersMax * 4;

function readText(found: FoundFile): { text: string } | { message: string } {
  try {
    // A file that grows while it is read is still bounded by the parser's own limit.
    const { size } = statSync(found.path);
    if (size > BYTES_MAX) return { message: `larger than ${BYTES_MAX} bytes, so it was not read` };
    return { text: readFileSync(found.path, 'utf8') };
  } catch (error) {
    return { message: `this file cannot be read (${messageOf(error)})` };
  }
}

function kindOf(definition: Definition): string {
  if (definition.kind === 'configuration') return definition.configuration.kind;
  return definition.pipeline.kind;
}

const kindOfOther = ({ file, text }: SourceText): string =>
  isTerraform(file) || declaresTrust(text) ? 'trust-policy' : 'unknown';

function countKinds(scan: RepositoryScan): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const { definitions, source } of scan.repository.files) {
    const [definition] = definitions;
    const kind = definition === undefined ? kindOfOther(source) : kindOf(definition);
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  return kinds;
}

function readFiles(
  root: string,
  found: readonly FoundFile[],
  settings: ScanSettings,
): { files: RepositoryInput['files']; problems: ScanProblem[] } {
  const excluded = (file: string) => isExcluded(file, settings);
  const problems: ScanProblem[] = [];
  const files: { file: string; text: string }[] = [];
  for (const each of found) {
    if (excluded(each.file)) continue;
    const read = readText(each);
    if ('text' in read) files.push({ file: each.file, text: read.text });
    else problems.push({ file: each.file, line: 1, column: 1, message: read.message, partial: false });
  }
  files.push(...findIncludedFiles(root, files).filter(({ file }) => !excluded(file)));
  files.push(...findAzureTemplates(root, files).filter(({ file }) => !excluded(file)));
  return { files, problems };
}

function scanRoot(root: string, found: readonly FoundFile[], options: ScanPathsOptions): ScannedRepository {
  const settings = readScanSettings(root);
  const zizmor = readZizmorSettings(root, buildAliasTable(options.rules));
  const { files, problems } = readFiles(root, found, settings);
  const judge = options.judge ?? scanRepository;
  let expiredWaivers: readonly string[] = [];
  const settle = (all: readonly Finding[], repository: Repository) => {
    const waived = settleBySettings(all, repository, { settings, zizmor }, options.asOfMs);
    expiredWaivers = waived.expired;
    return waived.findings;
  };
  const scan = judge(
    { root, files },
    {
      ...options,
      rules: configureRules(options.rules, settings, zizmor),
      pins: joinPins(readLockPins(root), options.pins),
      persona: options.persona ?? settings.persona ?? 'regular',
      settle,
    },
  );
  return {
    root,
    findings: scan.findings,
    problems: [...zizmor.problems, ...problems, ...scan.problems],
    filesScanned: files.length,
    fileKinds: countKinds(scan),
    settings,
    expiredWaivers,
  };
}

/** Reads and judges files that were found already. */
export function scanFound(files: readonly FoundFile[], options: ScanPathsOptions): ScannedRepository[] {
  const repositories: ScannedRepository[] = [];
  let done = 0;
  for (const [root, found] of Map.groupBy(files, (file) => file.root)) {
    options.onProgress?.(done, files.length);
    repositories.push(scanRoot(root, found, options));
    done += found.length;
  }
  return repositories;
}

/** Finds, reads and judges everything under the given files and folders, one repository after the other. */
export function scanPaths(paths: readonly string[], options: ScanPathsOptions): ScannedPaths {
  const { files, problems } = discover(paths);
  return { repositories: scanFound(files, options), problems };
}
