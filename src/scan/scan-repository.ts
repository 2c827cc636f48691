import type { Persona } from '#findings/severity.ts';
import { compareFindings, type Finding, type ScanProblem } from '#findings/finding.ts';
import { computeFingerprints } from '#findings/fingerprint.ts';
import { linkAzureTemplates } from '#pipeline/azure/link.ts';
import { readIncluded } from '#pipeline/gitlab/read-included.ts';
import { linkDefinitions, type ReadFile, readDefinitions } from '#pipeline/read-file.ts';
import type { PlatformSettings } from '#pipeline/platform-settings.ts';
import { type Neighbour, Repository } from '#pipeline/repository.ts';
import { SourceText } from '#pipeline/source.ts';
import { applyIgnores, buildAliasTable } from './ignore-comments.ts';
import type { PinSource, Rule } from './rule.ts';
import { runRules } from './run-rules.ts';
import { isTerraform, mayDeclareTrust } from './trust/trust-files.ts';

export interface RepositoryInput {
  /** Absolute; empty when the files come from nowhere in particular. */
  readonly root: string;
  readonly files: readonly { readonly file: string; readonly text: string }[];
}

export interface ScanOptions {
  readonly rules: readonly Rule[];
  /** By the platforms' rules of this moment (ms since the epoch). */
  readonly asOfMs: number;
  readonly pins?: PinSource | undefined;
  readonly findingsMax?: number;
  /** Asks rules also where no word stands that they need, for whoever wants to compare. */
  readonly askAlways?: boolean;
  /** Who reads it: only what is shown to them is mended. Everything when it is left out. */
  readonly persona?: Persona;
  /** Other repositories of the same organisation that this one calls, or that call it. */
  readonly neighbours?: readonly Neighbour[] | undefined;
  /** `owner/name` in lower case, as the neighbours call this one. */
  readonly address?: string | undefined;
  /** What the platform said, where it was asked. */
  readonly settings?: PlatformSettings | undefined;
  /** Applies what the repository decided about findings. What it lets stand is not mended either. */
  readonly settle?: (findings: readonly Finding[], repository: Repository) => readonly Finding[];
}

export interface RepositoryScan {
  readonly repository: Repository;
  readonly findings: readonly Finding[];
  readonly problems: readonly ScanProblem[];
}

const FINDINGS_MAX = 10_000;

function problemsOf(file: ReadFile): ScanProblem[] {
  return file.problems.map(({ message, span, partial }) => {
    const { line, column } = file.source.position(span.start);
    return { file: file.source.file, line, column, message, partial };
  });
}

/** Files that declare what a pipeline may take are read as far as they go: templates of them are often no YAML yet. */
function readFile(source: SourceText): ReadFile {
  if (isTerraform(source.file)) return { source, documents: [], definitions: [], problems: [] };
  const read = readDefinitions(source);
  return read.definitions.length === 0 && mayDeclareTrust(source.file) ? { ...read, problems: [] } : read;
}

/** Reads and judges the definitions of one repository. Whatever stands in them, it returns. */
export function scanRepository(input: RepositoryInput, options: ScanOptions): RepositoryScan {
  const files = linkDefinitions(
    readIncluded(input.files.map(({ file, text }) => readFile(new SourceText(file, text)))),
  );
  linkAzureTemplates(files);
  const { address = '', neighbours = [], settings = {} } = options;
  const repository = new Repository(input.root, files, { address, neighbours, settings });
  const { asOfMs, pins, rules, findingsMax = FINDINGS_MAX, askAlways } = options;
  const { drafts, problems } = runRules(rules, repository, { asOfMs, pins, findingsMax, askAlways });
  const ordered = drafts.toSorted((left, right) => compareFindings(left.finding, right.finding));
  const fingerprints = computeFingerprints(ordered.map(({ parts }) => parts));
  const findings = ordered.map(
    ({ finding }, index): Finding => ({ ...finding, fingerprint: fingerprints[index] ?? '' }),
  );
  const aliases = buildAliasTable(rules);
  const byFile = Map.groupBy(findings, (finding) => finding.locations[0].file);
  const judged = files.flatMap((file) => applyIgnores(byFile.get(file.source.file) ?? [], file, aliases));
  const settled = options.settle?.(judged, repository) ?? judged;
  return { repository, findings: settled, problems: [...files.flatMap(problemsOf), ...problems] };
}
