import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchReport } from './report.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/vouchgate.js', import.meta.url));

function median(values: number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function timeMs(args: readonly string[]): number {
  // NODE_EXTRA_CA_CERTS alone costs more than what is measured here.
  const { NODE_EXTRA_CA_CERTS: _unset, ...env } = process.env;
  const startMs = performance.now();
  spawnSync(process.execPath, args, { env, stdio: 'ignore' });
  return performance.now() - startMs;
}

/** Start of the command line beside an empty program, in turn, so that both see the same machine. */
export async function run({ quick }: { quick: boolean }): Promise<BenchReport> {
  const rounds = quick ? 7 : 31;
  const folder = await mkdtemp(join(tmpdir(), 'vouchgate-bench-'));
  const empty = join(folder, 'empty.mjs');
  await writeFile(empty, '');
  const cases = {
    version: [PROGRAM, '--version'],
    help: [PROGRAM, '--help'],
    credential: [PROGRAM, 'credential', '--help'],
  };
  const floor: number[] = [];
  const times = new Map<string, number[]>(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const floorMs = timeMs([empty]);
    if (round > 0) floor.push(floorMs);
    for (const [name, args] of Object.entries(cases)) {
      const tookMs = timeMs(args);
      // The first round fills the compile cache and is not counted.
      if (round > 0) times.get(name)?.push(tookMs);
    }
  }
  await rm(folder, { recursive: true });
  const floorMs = median(floor);
  return {
    name: 'start of the command line',
    rows: [
      { label: 'empty Node program', value: `${floorMs.toFixed(1)} ms` },
      ...[...times].map(([name, values]) => ({
        label: `vouchgate ${name === 'credential' ? 'credential --help' : `--${name}`}`,
        value: `${median(values).toFixed(1)} ms = ${(median(values) / floorMs).toFixed(2)} × empty`,
      })),
    ],
    notes: [`medians of ${rounds} interleaved starts; from source, compile cache warm`],
  };
}
