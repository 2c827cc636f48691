import { writeFileSync } from 'node:fs';
import { rules } from '#scan/rules.generated.ts';
import { findActionlint } from './compare/actionlint.ts';
import { findCheckov } from './compare/checkov.ts';
import { compareKinds, countOthers, type KindComparison } from './compare/match.ts';
import { type MeasuredRun, runMeasured } from './compare/measured-run.ts';
import { findCorpusFolder, pickRepository, type Stage, stageRepositories } from './compare/stage.ts';
import type { ComparedTool, Statement } from './compare/tool.ts';
import { buildVouchgate } from './compare/vouchgate.ts';
import { findZizmor } from './compare/zizmor.ts';
import type { BenchReport } from './report.ts';

/** A tool that took longer is not run again. */
const PATIENCE_MS = 10_000;
const NAME = 'beside other scanners';
/** Kinds that are named; the rest is added up. */
const COUNTS_MAX = 10;
type Rows = BenchReport['rows'];

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function runTool(tool: ComparedTool, stage: Stage, everything: boolean): MeasuredRun {
  const { path, env = {}, codes } = tool;
  return runMeasured([path, ...tool.arguments(stage, everything)], { folder: stage.folder, env, codes });
}

/** All tools in turn, round after round, so that all see the same machine; the first round warms caches. */
function measureAll(
  tools: readonly ComparedTool[],
  stage: Stage,
  rounds: number,
): Map<ComparedTool, MeasuredRun[]> {
  const runs = new Map<ComparedTool, MeasuredRun[]>(tools.map((tool) => [tool, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [tool, done] of runs) {
      const [first] = done;
      if (first === undefined || first.wallMs < PATIENCE_MS) done.push(runTool(tool, stage, false));
    }
  }
  return runs;
}

function costRow(tool: ComparedTool, runs: readonly MeasuredRun[], stage: Stage): Rows[number] {
  const counted = runs.length > 1 ? runs.slice(1) : runs;
  const of = (pick: (run: MeasuredRun) => number) => median(counted.map(pick));
  const [files, wallMs] = [tool.filesOf(stage), of((run) => run.wallMs)];
  const shown = tool.read(runs[0]?.output ?? '', stage).filter((each) => each.shown).length;
  const parts = [
    `${files} files in ${(wallMs / 1000).toFixed(2)} s`,
    `${Math.round(files / (wallMs / 1000))} files/s`,
    `CPU ${(of((run) => run.cpuMs) / 1000).toFixed(2)} s`,
    `${of((run) => run.memoryMegabytes).toFixed(0)} MB`,
    `${shown} findings`,
  ];
  return { label: `${tool.name} ${tool.version}`, value: parts.join(', ') };
}

function startRow(runs: ReadonlyMap<ComparedTool, readonly MeasuredRun[]>, stage: Stage): Rows[number] {
  const times = [...runs].map(([{ name }, done]) => {
    const counted = done.length > 1 ? done.slice(1) : done;
    const [wallMs, cpuMs] = [
      median(counted.map((run) => run.wallMs)),
      median(counted.map((run) => run.cpuMs)),
    ];
    return `${name} ${wallMs.toFixed(0)} ms (CPU ${cpuMs.toFixed(0)})`;
  });
  return { label: `one repository of ${stage.workflows.length} workflows`, value: times.join(', ') };
}

/** Their names for each rule of ours. */
function kindsOf(tool: string): Map<string, string[]> {
  const named = rules.map(({ id, aliases }): [string, string[]] => [
    id,
    aliases.filter((alias) => alias.startsWith(`${tool}/`)).map((alias) => alias.slice(tool.length + 1)),
  ]);
  return new Map(named.filter(([, kinds]) => kinds.length > 0));
}

function listCounts(counts: readonly [string, number][]): string {
  const named = counts.slice(0, COUNTS_MAX).map(([rule, count]) => `${rule} ${count}`);
  const rest = counts.slice(COUNTS_MAX).reduce((sum, [, count]) => sum + count, 0);
  return [...named, ...(rest === 0 ? [] : [`others ${rest}`])].join(', ') || 'nothing';
}

function kindRows(
  tool: string,
  compared: readonly KindComparison[],
  ours: readonly Statement[],
  theirs: readonly Statement[],
): Rows {
  const said = compared.filter(
    ({ both, onlyTheirs, onlyOurs }) => both + onlyTheirs.length + onlyOurs.length > 0,
  );
  const ourNames = new Set(compared.flatMap((each) => each.ours));
  const theirNames = new Set(compared.map(({ kind }) => kind));
  return [
    ...said
      .toSorted((left, right) => right.both - left.both)
      .map(({ kind, both, onlyTheirs, onlyOurs }) => ({
        label: `${tool}: ${kind}`,
        value: `both ${both}, only ${tool} ${onlyTheirs.length}, only vouchgate ${onlyOurs.length}`,
      })),
    { label: `${tool}: kinds that only it has`, value: listCounts(countOthers(theirs, theirNames)) },
    { label: `${tool}: kinds that it has not`, value: listCounts(countOthers(ours, ourNames)) },
  ];
}

/** `VOUCHGATE_BENCH_DIFFERENCES` names a file for the places that only one side names, a JSON object a line. */
function writeDifferences(all: readonly (KindComparison & { tool: string })[]): void {
  const file = process.env['VOUCHGATE_BENCH_DIFFERENCES'];
  if (file === undefined) return;
  const lines = all.flatMap(({ tool, kind, onlyTheirs, onlyOurs }) => [
    ...onlyTheirs.map((each) => JSON.stringify({ tool, kind, only: tool, ...each })),
    ...onlyOurs.map((each) => JSON.stringify({ tool, kind, only: 'vouchgate', ...each })),
  ]);
  writeFileSync(file, `${lines.join('\n')}\n`);
}

async function compareOn(stage: Stage, rounds: number): Promise<BenchReport> {
  const found = [findZizmor(), findActionlint(), findCheckov()];
  const others = found.flatMap((each) => ('missing' in each ? [] : [each]));
  const vouchgate = await buildVouchgate();
  const runs = measureAll([vouchgate, ...others], stage, rounds);
  const one = pickRepository(stage);
  const starts = measureAll([vouchgate, ...others], one, rounds);
  const ours = vouchgate.read(runTool(vouchgate, stage, true).output, stage);
  const kinds: (KindComparison & { tool: string })[] = [];
  const rows: Rows = [...runs].map(([tool, done]) => costRow(tool, done, stage));
  rows.push(startRow(starts, one));
  for (const tool of others) {
    const theirs = tool.read(runTool(tool, stage, true).output, stage);
    const compared = compareKinds(ours, theirs, kindsOf(tool.name));
    kinds.push(...compared.map((each) => ({ ...each, tool: tool.name })));
    rows.push(...kindRows(tool.name, compared, ours, theirs));
  }
  writeDifferences(kinds);
  const skipped = found.flatMap((each) => ('missing' in each ? [`SKIPPED: ${each.missing}`] : []));
  return { name: NAME, rows, notes: [...skipped, ...describeMethod(stage, rounds)] };
}

function describeMethod({ workflows, actions }: Stage, rounds: number): string[] {
  return [
    'SKIPPED: poutine, which the Go module proxy refuses to hand out (403 for every version)',
    `${workflows.length} workflows and ${actions.length} actions of real repositories, without anybody’s settings`,
    'each tool one process over all of them, offline, JSON out; zizmor on the folder, actionlint without shellcheck and on the workflows alone',
    `medians of up to ${rounds} rounds in turn after one that warms; memory of the largest process`,
    'both: of what it shows by default, what we say at that place for any persona; only vouchgate: of what we show by default, what it does not say for any persona',
  ];
}

/** Cost and findings of this scanner and of those that people know, on the same files on the same machine. */
export async function run({ quick }: { quick: boolean }): Promise<BenchReport> {
  const corpus = findCorpusFolder();
  if (corpus === undefined) {
    const missing = 'no repositories: VOUCHGATE_BENCH_CORPUS names a folder of them';
    return { name: NAME, rows: [], notes: [missing] };
  }
  const stage = stageRepositories(corpus);
  try {
    return await compareOn(stage, quick ? 1 : 5);
  } finally {
    stage.remove();
  }
}
