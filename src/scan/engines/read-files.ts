import type { ScanProblem } from '#findings/finding.ts';
import type { FoundFile } from '../discover.ts';
import type { EngineRun } from './engine.ts';
import { ByteReader } from './read-bytes.ts';

export interface ReadSummary {
  /** Files that could not be read, or were too large. */
  readonly problems: readonly ScanProblem[];
  readonly filesScanned: number;
  readonly bytesScanned: number;
}

/** Hands the files that an engine wants to it, one after the other, in memory that is used again. */
export function readFiles(run: EngineRun<unknown>, files: readonly FoundFile[]): ReadSummary {
  const reader = new ByteReader();
  const problems: ScanProblem[] = [];
  let filesScanned = 0;
  let bytesScanned = 0;
  for (const { file, path } of files) {
    if (!run.wants(file)) continue;
    const read = reader.read(path);
    if (read.kind === 'skipped') {
      problems.push({ file, line: 1, column: 1, message: read.message, partial: true });
    }
    if (read.kind !== 'text') continue;
    filesScanned += 1;
    bytesScanned += read.bytes.length;
    run.look({ file, bytes: read.bytes });
  }
  return { problems, filesScanned, bytesScanned };
}
