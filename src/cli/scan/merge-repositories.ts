import path from 'node:path';
import type { Finding, ScanProblem } from '#findings/finding.ts';
import { readsAs, type Persona } from '#findings/severity.ts';
import { prefixFinding } from '#scan/prefix-finding.ts';
import type { ScannedPaths, ScannedRepository } from '#scan/scan-paths.ts';

/** Names as the reader knows them: relative to where the command was started, or absolute when far away. */
export function displayPath(cwd: string, absolute: string): string {
  const relative = path.relative(cwd, absolute);
  const far = relative.startsWith(`..${path.sep}..`);
  return (far ? absolute : relative).split(path.sep).join('/');
}

export interface MergedScan {
  readonly findings: Finding[];
  /** For readers who want to know more than was asked for. */
  readonly hidden: Finding[];
  readonly problems: ScanProblem[];
  readonly filesScanned: number;
  readonly fileKinds: Record<string, number>;
  readonly expiredWaivers: string[];
}

/** What stands in front of a repository's own file names. Code scanning wants none when there is one repository. */
function prefixOf(repository: ScannedRepository, count: number, cwd: string, forPeople: boolean): string {
  if (count === 1 && !forPeople) return '';
  const shown = displayPath(cwd, repository.root);
  return shown === '' ? '' : `${shown}/`;
}

/** All repositories as one scan; for the given persona, else for the one that each repository names. */
export function mergeRepositories(
  scanned: ScannedPaths,
  cwd: string,
  forPeople: boolean,
  persona?: Persona,
): MergedScan {
  const merged: MergedScan = {
    findings: [],
    hidden: [],
    problems: [],
    filesScanned: 0,
    fileKinds: {},
    expiredWaivers: [],
  };
  let filesScanned = 0;
  for (const { path: absolute, message } of scanned.problems) {
    merged.problems.push({ file: displayPath(cwd, absolute), line: 1, column: 1, message, partial: false });
  }
  for (const repository of scanned.repositories) {
    const prefix = prefixOf(repository, scanned.repositories.length, cwd, forPeople);
    for (const finding of repository.findings) {
      const reader = persona ?? repository.settings.persona ?? 'regular';
      const list = readsAs(reader, finding.persona) ? merged.findings : merged.hidden;
      list.push(prefix === '' ? finding : prefixFinding(finding, prefix));
    }
    for (const problem of repository.problems) {
      merged.problems.push({ ...problem, file: `${prefix}${problem.file}` });
    }
    filesScanned += repository.filesScanned;
    for (const [kind, count] of Object.entries(repository.fileKinds)) {
      merged.fileKinds[kind] = (merged.fileKinds[kind] ?? 0) + count;
    }
    merged.expiredWaivers.push(...repository.expiredWaivers);
  }
  return { ...merged, filesScanned };
}
