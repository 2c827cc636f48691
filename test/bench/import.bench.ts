import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '#core/errors.ts';
import { ImportError } from '#findings/import-error.ts';
import { importers } from '#findings/importers.generated.ts';
import { readReport } from '#findings/read-report.ts';
import { percentage } from './accuracy/corpus.ts';
import { runMeasured } from './compare/measured-run.ts';
import { constructSarif } from './import/construct-sarif.ts';
import { differences, importersOfFolders } from './import/differences.ts';
import { listSampleReports, type SampleReport } from './import/manifest.ts';
import type { BenchReport } from './report.ts';

const LARGE_RESULTS = 25_000;

interface ReadSample extends SampleReport {
  readonly importer: string;
  readonly findings: number | undefined;
  readonly warnings: number;
  readonly readMs: number;
  /** Why nothing was read. */
  readonly refused?: string;
}

function readSample(sample: SampleReport): ReadSample {
  const start = performance.now();
  try {
    const { importer, report } = readReport(sample.file, sample.bytes);
    const readMs = performance.now() - start;
    const { findings, warnings } = report;
    return { ...sample, importer: importer.id, findings: findings.length, warnings: warnings.length, readMs };
  } catch (error) {
    const refused = error instanceof ImportError ? messageOf(error) : `CRASH: ${String(error)}`;
    const readMs = performance.now() - start;
    return { ...sample, importer: '–', findings: undefined, warnings: 0, readMs, refused };
  }
}

/** Folders of the manifest are named by DefectDojo, with `_`. */
function isExpectedImporter({ folder, importer }: ReadSample): boolean {
  // Folders of many tools begin with `_`.
  if (folder.startsWith('_')) return true;
  return [folder.replaceAll('_', '-'), ...(importersOfFolders[folder] ?? [])].includes(importer);
}

function isEqual({ expected, findings, refused }: ReadSample): boolean {
  // A file without any finding may as well be refused, when it is none of that tool's.
  return expected === findings || (expected === 0 && refused !== undefined && !refused.startsWith('CRASH'));
}

function describeFolder(folder: string, samples: readonly ReadSample[]): BenchReport['rows'][number] {
  const counted = samples.filter(({ expected }) => expected !== undefined);
  const sum = (of: (sample: ReadSample) => number) => samples.reduce((total, each) => total + of(each), 0);
  const parts = [
    `${samples.length} reports, ${sum(({ findings }) => findings ?? 0)} findings`,
    `${counted.filter(isEqual).length} of ${counted.length} counts equal`,
    `${sum(({ warnings }) => warnings)} warnings`,
    `${sum(({ readMs }) => readMs).toFixed(0)} ms`,
  ];
  return { label: folder, value: parts.join(', ') };
}

function describeDifference(sample: ReadSample): string {
  const { file, expected, findings, refused, importer } = sample;
  const known = Object.hasOwn(differences, file) ? differences[file] : undefined;
  const why = known === undefined ? 'UNEXPLAINED' : `${known.reason}: ${known.what}`;
  return `${file} (${importer}): expected ${expected}, read ${findings ?? refused}; ${why}`;
}

const Large = z.object({ importer: z.string(), findings: z.number(), readMs: z.number(), cpuMs: z.number() });

/** In a process of its own: the memory is that of reading alone. */
function readLarge(): BenchReport['rows'] {
  const folder = mkdtempSync(join(tmpdir(), 'vouchgate-import-'));
  try {
    const file = join(folder, 'large.sarif');
    const text = constructSarif(LARGE_RESULTS);
    writeFileSync(file, text);
    const program = join(import.meta.dirname, 'import', 'read-one.ts');
    const run = runMeasured([process.execPath, program, file], { folder: process.cwd(), codes: [0] });
    const { findings, readMs, cpuMs } = Large.parse(JSON.parse(run.output));
    const value = `${findings} findings of ${(text.length / 1e6).toFixed(1)} MB in ${readMs.toFixed(0)} ms (CPU ${cpuMs.toFixed(0)}), ${run.memoryMegabytes.toFixed(0)} MB`;
    return [{ label: 'a large SARIF', value }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reports of real tools: whether they are recognised, how many findings we read, and what that costs. */
export async function run(): Promise<BenchReport> {
  const name = `import, ${importers.length} importers`;
  const samples = listSampleReports();
  if (samples === undefined) {
    const missing =
      'SKIPPED: there are no reports here (VOUCHGATE_BENCH_REPORTS names a folder with MANIFEST.json)';
    return { name, rows: readLarge(), notes: [missing] };
  }
  const read = samples.map(readSample);
  const counted = read.filter(({ expected }) => expected !== undefined);
  const unequal = counted.filter((each) => !isEqual(each));
  const unexplained = unequal.filter(({ file }) => !Object.hasOwn(differences, file));
  const refused = read.filter((each) => each.refused !== undefined && !isEqual(each));
  const crashed = read.filter((each) => each.refused?.startsWith('CRASH') === true);
  const misread = read.filter((each) => each.refused === undefined && !isExpectedImporter(each));
  return {
    name,
    rows: [
      { label: 'read', value: percentage(read.length - refused.length, read.length) },
      { label: 'crashes', value: String(crashed.length) },
      { label: 'counts equal', value: percentage(counted.length - unequal.length, counted.length) },
      {
        label: 'explained',
        value: `${unequal.length - unexplained.length}, unexplained ${unexplained.length}`,
      },
      ...[...Map.groupBy(read, ({ folder }) => folder)].map(([folder, each]) => describeFolder(folder, each)),
      ...readLarge(),
    ],
    notes: [
      ...unequal.map(describeDifference),
      ...refused.filter((each) => !unequal.includes(each)).map(({ file, refused: why }) => `${file}: ${why}`),
      ...misread.map(({ file, importer }) => `${file}: read by ${importer}`),
    ],
  };
}
