import path from 'node:path';
import { visible } from '#findings/reporters/plain-text.ts';
import { buildGraph, mergeGraphs } from '#scan/graph/build-graph.ts';
import type { AuthorityGraph } from '#scan/graph/graph.ts';
import { markAttacks } from '#scan/graph/mark-attacks.ts';
import { graphWriters } from '#scan/graph/write-graph.ts';
import type { Rule } from '#scan/rule.ts';
import { scanPaths } from '#scan/scan-paths.ts';
import {
  type RepositoryInput,
  type RepositoryScan,
  scanRepository,
  type ScanOptions,
} from '#scan/scan-repository.ts';
import { displayPath, type MergedScan, mergeRepositories } from './merge-repositories.ts';

export interface DrawnGraph {
  readonly text: string;
  readonly scan: MergedScan;
  /** One line for each file that is not, or not wholly, in the graph. */
  readonly gaps: string;
}

/** Reads and judges one repository. */
export type Judge = (input: RepositoryInput, options: ScanOptions) => RepositoryScan;

/** Keeps what each repository was read as, and draws all of them together when the last one is known. */
export class GraphCollector {
  readonly #scans: { readonly root: string; readonly scan: RepositoryScan }[] = [];
  readonly #cwd: string;
  readonly #judge: Judge;

  constructor(cwd: string, judge: Judge = scanRepository) {
    this.#cwd = cwd;
    this.#judge = judge;
  }

  judge(input: RepositoryInput, options: ScanOptions): RepositoryScan {
    const scan = this.#judge(input, options);
    this.#scans.push({ root: input.root, scan });
    return scan;
  }

  #prefixOf(root: string): string {
    return this.#scans.length === 1 ? '' : `${displayPath(this.#cwd, path.resolve(root))}/`;
  }

  draw(): AuthorityGraph {
    return mergeGraphs(
      this.#scans.map(({ root, scan }) => {
        const prefix = this.#prefixOf(root);
        return markAttacks(buildGraph(scan.repository, prefix), scan.repository, scan.findings, prefix);
      }),
    );
  }
}

/** Reads the repositories under the given absolute paths, and draws who reaches what and where attacks lead. */
export function drawGraph(
  paths: readonly string[],
  format: string,
  cwd: string,
  asOfMs: number,
  rules: readonly Rule[] = [],
): DrawnGraph {
  const collector = new GraphCollector(cwd);
  const scanned = scanPaths(paths, {
    rules,
    asOfMs,
    judge: (input, options) => collector.judge(input, options),
  });
  const scan = mergeRepositories(scanned, cwd, true);
  const gaps = scan.problems.map(
    ({ file, line, message, partial }) =>
      `${partial ? 'read in part' : 'not read'}: ${visible(`${file}:${line}: ${message}`)}\n`,
  );
  return { text: graphWriters[format]?.(collector.draw()) ?? '', scan, gaps: gaps.join('') };
}
