import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGitleaksConfig } from '#scan/secrets/team/gitleaks-config.ts';
import { findGitleaks, findGitleaksForNode, findGitleaksSource, runGitleaks } from './secrets/gitleaks.ts';
import {
  type EngineRun,
  findWithTheirRules,
  measureEngine,
  measureMatching,
  measureThreads,
} from './secrets/measure-engine.ts';
import { type SourceStage, stageSource } from './secrets/stage-source.ts';
import type { BenchReport } from './report.ts';

const MEGABYTE = 1_000_000;
/** As WebAssembly gitleaks takes seconds for each. */
const SMALL_BYTES = 3 * MEGABYTE;
/** And built for the machine, half a second. */
const MIDDLE_BYTES = 25 * MEGABYTE;
const DIFFERENCES_SHOWN = 6;
type Rows = BenchReport['rows'];

function speed(bytes: number, ms: number): number {
  return bytes / 1_000 / ms;
}

function engineRow(label: string, runs: readonly EngineRun[]): Rows[number] {
  const speeds = runs.map(({ bytes, cpuMs }) => speed(bytes, cpuMs)).sort((left, right) => left - right);
  const median = speeds[Math.floor(speeds.length / 2)] ?? Number.NaN;
  const last = runs.at(-1);
  return {
    label,
    value: `${median.toFixed(1)} MB/s per core (${speeds.map((each) => each.toFixed(0)).join(', ')}), ${last?.hits ?? 0} hits`,
  };
}

/** The first files of the stage, for what is slow. */
function cutStage(stage: SourceStage, bytesMax: number): SourceStage {
  const folder = mkdtempSync(join(tmpdir(), 'vouchgate-source-'));
  mkdirSync(join(folder, 'part0'));
  const reduced = stage.bytes / bytesMax;
  const files = stage.files
    .filter((_, index) => Math.floor(index / reduced) !== Math.floor((index - 1) / reduced))
    .map((file, index) => {
      const copy = join(folder, 'part0', `${index}${/\.[^./]*$/.exec(file)?.[0] ?? ''}`);
      copyFileSync(file, copy);
      return copy;
    });
  const { bytes } = measureMatching({ ...stage, files }, Number.POSITIVE_INFINITY);
  return {
    folder,
    files,
    bytes,
    what: stage.what,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function compareHits(
  where: string,
  stage: SourceStage,
  theirs: ReadonlySet<string>,
  configuration: string,
): Rows {
  const { hits: ours, cpuMs } = findWithTheirRules(stage, readGitleaksConfig(configuration));
  const missing = [...theirs].filter((hit) => !ours.has(hit));
  const extra = [...ours].filter((hit) => !theirs.has(hit));
  const shown = [
    ...missing.map((hit) => `only gitleaks: ${hit}`),
    ...extra.map((hit) => `only ours: ${hit}`),
  ].slice(0, DIFFERENCES_SHOWN);
  return [
    {
      label: `gitleaks’ rules in our engine, ${where}`,
      value: `${speed(stage.bytes, cpuMs).toFixed(1)} MB/s per core`,
    },
    {
      label: `same hits, ${where}`,
      value: `${theirs.size - missing.length} of ${theirs.size}; ${extra.length} more of ours`,
    },
    ...shown.map((value) => ({ label: 'difference', value })),
  ];
}

/** Speed over real source, beside gitleaks in the same run, and whether its rules find the same in our engine. */
export async function run({ quick }: { quick: boolean }): Promise<BenchReport> {
  const stage = stageSource((quick ? 20 : 200) * MEGABYTE);
  const report = join(mkdtempSync(join(tmpdir(), 'vouchgate-report-')), 'report.json');
  const small = cutStage(stage, SMALL_BYTES);
  const middle = cutStage(stage, MIDDLE_BYTES);
  const rows: Rows = [
    {
      label: 'source',
      value: `${stage.files.length} files, ${(stage.bytes / MEGABYTE).toFixed(0)} MB: ${stage.what}`,
    },
  ];
  const notes = ['processor time of all threads, system time included; the same files for everybody'];
  try {
    measureEngine(stage, 'high');
    const rounds = Array.from({ length: quick ? 1 : 3 });
    const high = rounds.map(() => measureEngine(stage, 'high'));
    rows.push(engineRow('rules that gate', high));
    rows.push(
      engineRow(
        'and those that advise',
        rounds.map(() => measureEngine(stage, 'generic')),
      ),
    );
    rows.push(
      engineRow(
        'the search alone, in memory',
        rounds.map(() => measureMatching(stage, 100 * MEGABYTE)),
      ),
    );
    const wall = { one: await measureThreads(stage, 1), two: await measureThreads(stage, 2) };
    rows.push({
      label: 'wall time on threads',
      value: `1: ${(wall.one / 1_000).toFixed(2)} s, 2: ${(wall.two / 1_000).toFixed(2)} s`,
    });
    const best = Math.min(...high.map(({ bytes, cpuMs }) => cpuMs / bytes)) ** -1 / 1_000;
    const go = findGitleaks();
    if ('missing' in go) notes.push(go.missing);
    else {
      const theirs = runGitleaks([go.path, 'dir', '.', '--max-decode-depth=0'], middle.folder, report);
      const rate = speed(middle.bytes, theirs.cpuMs);
      rows.push({
        label: `gitleaks ${go.version} (Go)`,
        value: `${rate.toFixed(1)} MB/s per core over ${(middle.bytes / MEGABYTE).toFixed(0)} MB of it, ${theirs.hits.size} hits; ours is ${(best / rate).toFixed(0)} times as fast`,
      });
      const source = findGitleaksSource();
      if (source !== undefined) {
        const configuration = readFileSync(join(source, 'config/gitleaks.toml'), 'utf8');
        rows.push(...compareHits('real source', middle, theirs.hits, configuration));
        const examples = stageSource(100 * MEGABYTE, [source]);
        const expected = runGitleaks([go.path, 'dir', '.', '--max-decode-depth=0'], examples.folder, report);
        rows.push(...compareHits('its own examples', examples, expected.hits, configuration));
        examples.remove();
      }
    }
    const node = findGitleaksForNode();
    if ('missing' in node) notes.push(node.missing);
    else {
      const theirs = runGitleaks([process.execPath, node.path, 'dir', '.'], small.folder, report);
      const rate = speed(small.bytes, theirs.cpuMs);
      rows.push({
        label: `gitleaks ${node.version} (WebAssembly)`,
        value: `${rate.toFixed(2)} MB/s per core over ${(small.bytes / MEGABYTE).toFixed(1)} MB of it; ours is ${(best / rate).toFixed(0)} times as fast`,
      });
    }
    return { name: 'secrets', rows, notes };
  } finally {
    stage.remove();
    small.remove();
    middle.remove();
  }
}
