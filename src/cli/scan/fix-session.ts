import path from 'node:path';
import type { Fix } from '#findings/finding.ts';
import { type FixOutcome, fixRepository } from '#scan/fix/fix-repository.ts';
import { replaceFile } from '#scan/fix/replace-file.ts';
import { formatUnifiedDiff } from '#scan/fix/unified-diff.ts';
import type { RepositoryInput, RepositoryScan, ScanOptions } from '#scan/scan-repository.ts';
import { displayPath } from './merge-repositories.ts';

/** Mends repository after repository; keeps what would change, or writes it. */
export class FixSession {
  readonly outcomes: FixOutcome[] = [];
  /** Files that somebody changed while they were scanned. */
  readonly changedMeanwhile: string[] = [];
  diff = '';
  readonly #safety: Fix['safety'];
  readonly #write: boolean;
  readonly #cwd: string;

  constructor(safety: Fix['safety'], write: boolean, cwd: string) {
    this.#safety = safety;
    this.#write = write;
    this.#cwd = cwd;
  }

  judge(input: RepositoryInput, options: ScanOptions): RepositoryScan {
    const { changed, outcomes, scan } = fixRepository(input, options, this.#safety);
    this.outcomes.push(...outcomes);
    for (const [file, text] of changed) {
      const before = input.files.find((each) => each.file === file)?.text ?? '';
      const absolute = path.join(input.root, file);
      if (!this.#write) this.diff += formatUnifiedDiff(displayPath(this.#cwd, absolute), before, text);
      else if (!replaceFile(absolute, before, text)) this.changedMeanwhile.push(absolute);
    }
    return scan;
  }

  /** What was done, in lines for people. */
  summary(): string {
    const refused = this.outcomes.filter((outcome) => outcome.refused !== undefined);
    const applied = this.outcomes.length - refused.length;
    const lines = [
      `${applied} ${applied === 1 ? 'finding was' : 'findings were'} mended`,
      ...refused.map(
        ({ file, line, ruleId, refused: why }) => `not mended: ${file}:${line} ${ruleId}: ${why ?? ''}`,
      ),
      ...this.changedMeanwhile.map((file) => `not written, because it changed meanwhile: ${file}`),
    ];
    return `${lines.join('\n')}\n`;
  }
}
