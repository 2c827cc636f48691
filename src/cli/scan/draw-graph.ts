import path from 'node:path';
import { visible } from '#findings/reporters/plain-text.ts';
import { buildGraph, mergeGraphs } from '#scan/graph/build-graph.ts';
import type { AuthorityGraph } from '#scan/graph/graph.ts';
import { graphWriters } from '#scan/graph/write-graph.ts';
import { scanPaths } from '#scan/scan-paths.ts';
import { scanRepository } from '#scan/scan-repository.ts';
import { displayPath, type MergedScan, mergeRepositories } from './merge-repositories.ts';

export interface DrawnGraph {
  readonly text: string;
  readonly scan: MergedScan;
  /** One line for each file that is not, or not wholly, in the graph. */
  readonly gaps: string;
}

/** Reads the repositories under the given absolute paths without judging them, and draws who reaches what. */
export function drawGraph(paths: readonly string[], format: string, cwd: string, asOfMs: number): DrawnGraph {
  const graphs: { root: string; draw: (prefix: string) => AuthorityGraph }[] = [];
  const scanned = scanPaths(paths, {
    rules: [],
    asOfMs,
    judge: (input, options) => {
      const scan = scanRepository(input, options);
      graphs.push({ root: input.root, draw: (prefix) => buildGraph(scan.repository, prefix) });
      return scan;
    },
  });
  const alone = graphs.length === 1;
  const merged = mergeGraphs(
    graphs.map(({ root, draw }) => draw(alone ? '' : `${displayPath(cwd, path.resolve(root))}/`)),
  );
  const scan = mergeRepositories(scanned, cwd, true);
  const gaps = scan.problems.map(
    ({ file, line, message, partial }) =>
      `${partial ? 'read in part' : 'not read'}: ${visible(`${file}:${line}: ${message}`)}\n`,
  );
  return { text: graphWriters[format]?.(merged) ?? '', scan, gaps: gaps.join('') };
}
