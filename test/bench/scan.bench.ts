import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { SourceText } from '#pipeline/source.ts';
import { parseYaml } from '#pipeline/yaml/parse.ts';
import { rules } from '#scan/rules.generated.ts';
import { discover } from '#scan/discover.ts';
import { scanPaths } from '#scan/scan-paths.ts';
import { readFileSync } from 'node:fs';
import type { BenchReport } from './report.ts';

const EXAMPLES = fileURLToPath(new URL('../../src/scan/rules', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../../bin/vouchgate.js', import.meta.url));
const AS_OF_MS = Date.parse('2026-11-01');

interface Corpus {
  readonly folder: string;
  readonly what: string;
  remove(): void;
}

/** `VOUCHGATE_BENCH_CORPUS` names a folder of repositories; without it the rules' own examples are multiplied. */
function openCorpus(copies: number): Corpus {
  const given = process.env['VOUCHGATE_BENCH_CORPUS'];
  if (given !== undefined && existsSync(given))
    return { folder: given, what: 'the given corpus', remove: () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'vouchgate-bench-'));
  const examples = rules.flatMap(({ id }) =>
    ['bad', 'good'].map((name) => [join(EXAMPLES, id, `${name}.yml`), `${id}-${name}.yml`] as const),
  );
  for (let copy = 0; copy < copies; copy += 1) {
    for (const [from, name] of examples) cpSync(from, join(folder, `r${copy}`, '.github/workflows', name));
  }
  return {
    folder,
    what: `${copies} copies of the rules' examples (VOUCHGATE_BENCH_CORPUS names a real one)`,
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function measureMs(work: () => void): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Of this thread alone: what other programs, and V8's own threads, do to the clock does not count. */
function measureProcessorMs(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

function coldStartMs(folder: string): number {
  const { NODE_EXTRA_CA_CERTS: _unset, ...env } = process.env;
  return measureMs(() => spawnSync(process.execPath, [PROGRAM, 'scan', folder], { env, stdio: 'ignore' }));
}

/** Files and megabytes a second on one core, from paths to findings, and one repository from a cold start. */
export async function run({ quick }: { quick: boolean }): Promise<BenchReport> {
  const corpus = openCorpus(quick ? 40 : 200);
  const rounds = quick ? 3 : 9;
  try {
    const { files } = discover([corpus.folder]);
    const sources = files.map(({ file, path }) => new SourceText(file, readFileSync(path, 'utf8')));
    const megabytes = sources.reduce((sum, { text }) => sum + text.length, 0) / 1e6;
    const repeat = (work: () => void) => Array.from({ length: rounds }, () => measureMs(work));
    let findings = 0;
    const processorMs: number[] = [];
    const find = (askAlways: boolean) =>
      scanPaths([corpus.folder], { rules, asOfMs: AS_OF_MS, askAlways }).repositories.map(
        (each) => each.findings,
      );
    const scan = (): void => {
      findings = find(false).reduce((sum, each) => sum + each.length, 0);
    };
    const measureScan = (): void => void processorMs.push(measureProcessorMs(scan));
    const coldMs = measureMs(measureScan);
    const memoryMegabytes = process.memoryUsage().rss / 1e6;
    const warm = repeat(measureScan);
    const askedMs = median(repeat(() => find(true)));
    const isSame = JSON.stringify(find(false)) === JSON.stringify(find(true));
    const parseMs = median(repeat(() => sources.forEach((source) => parseYaml(source))));
    const first = files[0]?.root ?? corpus.folder;
    const starts = Array.from({ length: quick ? 3 : 9 }, () => coldStartMs(first));
    const warmMs = median(warm);
    const perSecond = (ms: number) => `${Math.round((files.length / ms) * 1000)} files/s`;
    return {
      name: 'pipeline scan',
      rows: [
        { label: 'files', value: `${files.length} in ${megabytes.toFixed(1)} MB, ${findings} findings` },
        { label: 'whole scan, first round', value: `${perSecond(coldMs)} (${coldMs.toFixed(0)} ms)` },
        {
          label: 'whole scan, warm',
          value: `${perSecond(warmMs)} (${(megabytes / (warmMs / 1000)).toFixed(1)} MB/s)`,
        },
        {
          label: 'every rule asked everywhere, warm',
          value: `${perSecond(askedMs)}, ${isSame ? 'the same' : 'DIFFERENT'} findings`,
        },
        {
          label: 'processor time, first and warm',
          value: `${(processorMs[0] ?? 0).toFixed(0)} and ${median(processorMs.slice(1)).toFixed(0)} ms`,
        },
        { label: 'parsing alone', value: `${(megabytes / (parseMs / 1000)).toFixed(1)} MB/s` },
        { label: 'memory after the first round', value: `${memoryMegabytes.toFixed(0)} MB` },
        { label: 'one repository, whole command', value: `${median(starts).toFixed(0)} ms` },
      ],
      notes: [corpus.what, `one core; walk, read, parse, ${rules.length} rules; medians of ${rounds} rounds`],
    };
  } finally {
    corpus.remove();
  }
}
