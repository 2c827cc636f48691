import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** One run of a program as its user would start it. */
export interface MeasuredRun {
  readonly wallMs: number;
  /** Of all its threads and processes, system time included. */
  readonly cpuMs: number;
  /** The most that its largest process held at a time, in 10^6 bytes. */
  readonly memoryMegabytes: number;
  readonly output: string;
}

const RUN_MS_MAX = 15 * 60_000;

/** Node does not tell what its children used; Python, which two of the others need anyway, does. */
const WRAPPER = `
import json, resource, subprocess, sys, time
start = time.perf_counter()
with open(sys.argv[2], 'wb') as out, open(sys.argv[3], 'wb') as err:
    code = subprocess.run(sys.argv[4:], stdin=subprocess.DEVNULL, stdout=out, stderr=err).returncode
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1 if sys.platform == 'darwin' else 1024
with open(sys.argv[1], 'w') as report:
    json.dump({'code': code, 'wallMs': wall * 1000, 'cpuMs': (used.ru_utime + used.ru_stime) * 1000,
               'memoryMegabytes': used.ru_maxrss * unit / 1e6}, report)
`;

const Measured = z.object({
  code: z.number(),
  wallMs: z.number(),
  cpuMs: z.number(),
  memoryMegabytes: z.number(),
});

/** Only exit codes that mean an answer pass: a failure would be measured as fast. */
export function runMeasured(
  command: readonly string[],
  options: {
    readonly folder: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly codes: readonly number[];
  },
): MeasuredRun {
  const results = mkdtempSync(join(tmpdir(), 'vouchgate-run-'));
  const [report, output, errors] = [
    join(results, 'report'),
    join(results, 'output'),
    join(results, 'errors'),
  ];
  closeSync(openSync(output, 'w'));
  try {
    const { status } = spawnSync('python3', ['-c', WRAPPER, report, output, errors, ...command], {
      cwd: options.folder,
      // No tokens and no settings of whoever measures.
      env: { PATH: process.env['PATH'], HOME: results, ...options.env },
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: RUN_MS_MAX,
    });
    if (status !== 0) throw new Error(`${command[0] ?? ''} could not be measured (needs python3)`);
    const { code, ...used } = Measured.parse(JSON.parse(readFileSync(report, 'utf8')));
    if (!options.codes.includes(code)) {
      const said = readFileSync(errors, 'utf8').trim().split('\n').at(-1) ?? '';
      throw new Error(`${command[0] ?? ''} ended with ${code}: ${said}`);
    }
    return { ...used, output: readFileSync(output, 'utf8') };
  } finally {
    rmSync(results, { recursive: true });
  }
}
