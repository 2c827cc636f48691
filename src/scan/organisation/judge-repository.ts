import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding, ScanProblem } from '#findings/finding.ts';
import { reporters } from '#findings/reporters.generated.ts';
import { isAtLeast, type Persona, readsAs, severities, type Severity } from '#findings/severity.ts';
import type { Neighbour } from '#pipeline/repository.ts';
import { prefixFinding } from '../prefix-finding.ts';
import type { Rule } from '../rule.ts';
import { scanFound, type ScannedRepository } from '../scan-paths.ts';
import { scanRepository } from '../scan-repository.ts';
import { collectLinks } from './collect-links.ts';
import type { LoadedRepository } from './load-repository.ts';
import {
  type FindingLine,
  noLinks,
  type OrganisationRecord,
  type RepositoryEntry,
  type RepositoryLinks,
} from './record.ts';
import { keyOf } from './content-key.ts';
import { reportFileOf } from './report-file.ts';

/** What holds for every repository of the scan. */
export interface JudgeOptions {
  readonly rules: readonly Rule[];
  readonly asOfMs: number;
  readonly persona: Persona | undefined;
  /** Reports go to `repositories/` below it; undefined writes none. */
  readonly outputFolder: string | undefined;
  readonly formats: readonly string[];
  readonly toolVersion: string;
  /** Stands in front of every key: another one makes everything new. */
  readonly settingsKey: string;
}

const WORST_MAX = 3;
const REASONS_MAX = 20;
const MESSAGE_CHARS_MAX = 400;
const COLUMNS = 80;

interface Judged {
  readonly shown: readonly Finding[];
  readonly problems: readonly ScanProblem[];
  readonly files: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

/** Nested repositories (submodules) count as part of the one they lie in. */
function join(scanned: readonly ScannedRepository[], root: string, persona: Persona | undefined): Judged {
  const kinds: Record<string, number> = {};
  const shown: Finding[] = [];
  const problems: ScanProblem[] = [];
  for (const each of scanned) {
    const relative = path.relative(root, each.root).split(path.sep).join('/');
    const prefix = relative === '' ? '' : `${relative}/`;
    const reader = persona ?? each.settings.persona ?? 'regular';
    const read = each.findings.filter((finding) => readsAs(reader, finding.persona));
    shown.push(...read.map((finding) => (prefix === '' ? finding : prefixFinding(finding, prefix))));
    problems.push(...each.problems.map((problem) => ({ ...problem, file: `${prefix}${problem.file}` })));
    for (const [kind, count] of Object.entries(each.fileKinds)) kinds[kind] = (kinds[kind] ?? 0) + count;
  }
  const files = scanned.reduce((sum, each) => sum + each.filesScanned, 0);
  return { shown, problems, files, kinds, notes: scanned.flatMap(({ expiredWaivers }) => expiredWaivers) };
}

function countBy<Key extends string>(
  findings: readonly Finding[],
  keyOf: (finding: Finding) => Key | undefined,
): Partial<Record<Key, number>> {
  const counts: Partial<Record<Key, number>> = {};
  for (const finding of findings) {
    const key = keyOf(finding);
    if (key !== undefined) counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** Names that come out of files must not hit what every object has (`constructor`). */
function countNames(names: readonly (string | undefined)[]): Record<string, number> {
  const counts = Map.groupBy(
    names.filter((name) => name !== undefined),
    (name) => name,
  );
  return Object.fromEntries([...counts].map(([name, all]) => [name, all.length]));
}

const rankOf = (severity: Severity): number => severities.indexOf(severity);

function toLine({ ruleId, severity, message, locations: [{ file, start }] }: Finding): FindingLine {
  const shown = message.length > MESSAGE_CHARS_MAX ? `${message.slice(0, MESSAGE_CHARS_MAX)}…` : message;
  return { ruleId, severity, message: shown, file, line: start.line };
}

function writeReports(name: string, judged: Judged, options: JudgeOptions): void {
  const { outputFolder, formats, rules, toolVersion, asOfMs } = options;
  if (outputFolder === undefined) return;
  const { shown: findings, problems, files: filesScanned, kinds: fileKinds, notes } = judged;
  for (const format of formats) {
    const reporter = Object.hasOwn(reporters, format) ? reporters[format] : undefined;
    const style = { color: false, columns: COLUMNS, toolVersion, timeMs: asOfMs };
    const text = reporter?.render({ findings, problems, rules, filesScanned, fileKinds, notes }, style) ?? '';
    const file = reportFileOf(outputFolder, name, format);
    mkdirSync(path.dirname(file), { recursive: true });
    // A run that is killed leaves the old report or the new one, never half of it.
    writeFileSync(`${file}.part`, text);
    renameSync(`${file}.part`, file);
  }
}

function toRecord(
  entry: RepositoryEntry,
  loaded: LoadedRepository,
  judged: Judged,
  links: RepositoryLinks,
): Omit<OrganisationRecord, 'key' | 'crossKey'> {
  const standing = judged.shown.filter(({ suppression }) => suppression === undefined);
  const unread = judged.problems
    .filter(({ partial }) => !partial)
    .map(({ file, message }) => `${file}: ${message}`);
  const reasons = [...loaded.reasons, ...unread];
  const scanned = judged.files === 0 ? 'empty' : 'scanned';
  return {
    name: entry.name,
    address: entry.address,
    outcome: reasons.length > 0 ? 'failed' : scanned,
    reasons: reasons.slice(0, REASONS_MAX),
    revision: loaded.revision,
    files: judged.files,
    bySeverity: countBy(standing, ({ severity }) => severity),
    byRule: countNames(standing.map(({ ruleId }) => ruleId)),
    byOwner: countNames(standing.map(({ owner }) => owner)),
    suppressed: judged.shown.length - standing.length,
    attacks: standing.filter(({ attack, severity }) => attack !== undefined && isAtLeast(severity, 'high'))
      .length,
    worst: standing
      .toSorted((a, b) => rankOf(b.severity) - rankOf(a.severity))
      .slice(0, WORST_MAX)
      .map(toLine),
    links,
  };
}

/** Judges a repository whose files lie ready, writes its reports, and says what it came to. */
export function judgeRepository(
  entry: RepositoryEntry,
  loaded: LoadedRepository,
  cross: { readonly key: string; readonly neighbours: readonly Neighbour[] },
  options: JudgeOptions,
): OrganisationRecord {
  const { rules, asOfMs, persona, settingsKey } = options;
  const links: RepositoryLinks[] = [];
  const scanned = scanFound(loaded.files, {
    rules,
    asOfMs,
    address: entry.address,
    neighbours: cross.neighbours,
    settings: entry.settings,
    judge(input, scanOptions) {
      const scan = scanRepository(input, scanOptions);
      links.push(collectLinks(scan.repository, scan.findings, entry.address));
      return scan;
    },
  });
  const judged = join(scanned, loaded.root, persona);
  writeReports(entry.name, judged, options);
  const key = keyOf(entry, loaded.contentKey, settingsKey);
  return { ...toRecord(entry, loaded, judged, links[0] ?? noLinks), key, crossKey: cross.key };
}
