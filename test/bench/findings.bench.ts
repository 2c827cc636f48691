import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { runMeasured } from './compare/measured-run.ts';
import { constructSarif } from './import/construct-sarif.ts';
import type { BenchReport } from './report.ts';

const Runs = z.array(
  z.object({
    findings: z.number(),
    readMs: z.number(),
    totalMs: z.number(),
    new: z.number(),
    stillThere: z.number(),
    fixed: z.number(),
  }),
);

/** In a process of its own, so that the memory is that of the import and nothing else. */
function importOne(label: string, file: string): BenchReport['rows'] {
  const program = path.join(import.meta.dirname, 'findings', 'import-one.ts');
  // With the flag that the server runs with; see `bin/vouchgate.js`.
  const command = [process.execPath, '--max-semi-space-size=8', program, file, '3'];
  const run = runMeasured(command, { folder: process.cwd(), codes: [0] });
  const runs = Runs.parse(JSON.parse(run.output));
  const rows = runs.map((each, index) => ({
    label: `${label}, time ${index + 1}`,
    value:
      `${each.findings} findings in ${each.totalMs.toFixed(0)} ms (reading ${each.readMs.toFixed(0)} ms): ` +
      `${each.new} new, ${each.stillThere} still there, ${each.fixed} fixed`,
  }));
  return [...rows, { label: `${label}, memory`, value: `${run.memoryMegabytes.toFixed(0)} MB at most` }];
}

/** Reading, matching and storing whole reports, the first time and again. */
export async function run(): Promise<BenchReport> {
  const folder = mkdtempSync(path.join(tmpdir(), 'vouchgate-bench-'));
  try {
    const [small, large] = [path.join(folder, 'small.sarif'), path.join(folder, 'large.sarif')];
    writeFileSync(small, constructSarif(1_373));
    writeFileSync(large, constructSarif(25_000));
    return {
      name: 'findings: read, matched and stored (SQLite)',
      rows: [...importOne('SARIF of 1,373', small), ...importOne('SARIF of 25,000', large)],
      notes: [
        'Memory is that of the whole process over three imports, with the threads of the store and of the reader.',
        'Repeat with: npm run bench -- findings',
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
