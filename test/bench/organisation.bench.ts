import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { discover, type FoundFile } from '#scan/discover.ts';
import { listRepositories } from '#scan/organisation/list-repositories.ts';
import { buildPackage } from '../../tools/build.ts';
import type { BenchReport } from './report.ts';

const BUILT = fileURLToPath(new URL('../../dist/organisation-bench', import.meta.url));
const PROGRAM = path.join(BUILT, 'bin/vouchgate.js');
const CORPUS = path.join(homedir(), '.cache/vouchgate-data/corpus/open');
const BARE_SHARE = 20;
const HOSTILE_FILES = 100_000;

interface Original {
  readonly files: readonly { readonly file: string; readonly text: string }[];
}

function readOriginals(folder: string): Original[] {
  return listRepositories(folder).entries.flatMap(({ place }): Original[] => {
    if (place.kind !== 'work-tree') return [];
    const files = discover([place.folder]).files.map((each: FoundFile) => ({
      file: path.relative(place.folder, each.path),
      text: readFileSync(each.path, 'utf8'),
    }));
    return files.length === 0 ? [] : [{ files }];
  });
}

/** A bare repository without its files, as a mirror is; made by one process. */
function writeBare(folder: string, files: Original['files']): void {
  spawnSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', folder], { env: gitEnvironment() });
  const parts = files.map(({ file, text }) => `M 100644 inline ${JSON.stringify(file)}\n${data(text)}`);
  const input = `commit refs/heads/main\ncommitter bench <bench@example.com> 0 +0000\n${data('copy')}${parts.join('')}\n`;
  spawnSync('git', ['--git-dir', folder, 'fast-import', '--quiet'], { input, env: gitEnvironment() });
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
const gitEnvironment = () => ({
  PATH: process.env['PATH'],
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
});

/** The copy with a line of its own, so that no two are the same. */
function changed(files: Original['files'], mark: string): Original['files'] {
  return files.map(({ file, text }) => ({
    file,
    text: /\.ya?ml$/.test(file) ? `${text}\n# ${mark}\n` : text,
  }));
}

function writeCopies(top: string, originals: readonly Original[], from: number, to: number): void {
  for (let copy = from; copy < to; copy += 1) {
    const original = originals[copy % originals.length];
    if (original === undefined) return;
    const files = changed(original.files, `copy ${copy}`);
    const folder = path.join(top, `group-${Math.floor(copy / 500)}`, `r${copy}`);
    if (copy % BARE_SHARE === 7) writeBare(`${folder}.git`, files);
    else {
      for (const { file, text } of files) {
        mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        writeFileSync(path.join(folder, file), text);
      }
    }
  }
}

/** Repositories that are made to break whoever reads them. */
function writeHostile(top: string, files: number): number {
  const broken = path.join(top, 'hostile/broken.git');
  mkdirSync(path.join(broken, 'objects'), { recursive: true });
  writeFileSync(path.join(broken, 'HEAD'), 'ref: ../../../etc/passwd\n');
  const huge = path.join(top, 'hostile/huge/.github/workflows');
  mkdirSync(huge, { recursive: true });
  const file = openSync(path.join(huge, 'huge.yml'), 'w');
  ftruncateSync(file, 2 ** 33);
  closeSync(file);
  symlinkSync('/', path.join(top, 'hostile/link'));
  const many = path.join(top, 'hostile/many/.github/workflows');
  mkdirSync(many, { recursive: true });
  for (let index = 0; index < files; index += 1)
    writeFileSync(path.join(top, 'hostile/many', `f${index}`), '');
  writeFileSync(
    path.join(many, 'ci.yml'),
    'on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: make}]}}\n',
  );
  return 4;
}

function touchCopies(top: string, count: number, every: number): number {
  let touched = 0;
  for (let copy = 0; copy < count; copy += every) {
    const folder = path.join(top, `group-${Math.floor(copy / 500)}`, `r${copy}`);
    const found = discover([folder]).files.find((each) => /\.ya?ml$/.test(each.file));
    if (found === undefined) continue;
    appendFileSync(found.path, '# and a change\n');
    touched += 1;
  }
  return touched;
}

interface Run {
  readonly wallMs: number;
  /** Of all threads; other programs on the machine do not count. */
  readonly processorMs: number;
  readonly peakMegabytes: number;
  readonly last: string;
}

/** The whole command in a process of its own; the operating system says how much memory it had at most. */
function scan(top: string, output: string): Run {
  const peak = path.join(output, '..', 'peak');
  const measure = `process.on('exit',()=>require('fs').writeFileSync(${JSON.stringify(peak)},JSON.stringify(process.resourceUsage())))`;
  const hook = path.join(output, '..', 'hook.cjs');
  writeFileSync(hook, measure);
  const startMs = performance.now();
  const args = [
    '--require',
    hook,
    PROGRAM,
    'scan',
    '--org',
    top,
    '--output-folder',
    output,
    '--fail-on',
    'never',
    '--as-of',
    '2026-11-01',
  ];
  const { stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
    maxBuffer: 64 * 1_048_576,
  });
  const wallMs = performance.now() - startMs;
  const used: NodeJS.ResourceUsage = JSON.parse(readFileSync(peak, 'utf8'));
  return {
    wallMs,
    processorMs: (used.userCPUTime + used.systemCPUTime) / 1000,
    peakMegabytes: used.maxRSS / 1024,
    last: stderr.trim().split('\n').at(-1) ?? '',
  };
}

const seconds = (run: Run): string =>
  `${(run.wallMs / 1000).toFixed(1)} s (${(run.processorMs / 1000).toFixed(1)} s of processor time)`;

/** An organisation of copies of real repositories: how time grows, what memory it takes, what a second run costs. */
export async function run({ quick }: { quick: boolean }): Promise<BenchReport> {
  const corpus = process.env['VOUCHGATE_BENCH_CORPUS'] ?? CORPUS;
  const [few, many] = quick ? [100, 500] : [1_000, 10_000];
  // As it is published: bundled, with its thread beside it. Its libraries are those of this checkout.
  await buildPackage(BUILT);
  const work = mkdtempSync(path.join(tmpdir(), 'vouchgate-organisation-bench-'));
  try {
    const originals = readOriginals(corpus);
    const top = path.join(work, 'clones');
    writeCopies(top, originals, 0, few);
    const small = scan(top, path.join(work, 'small'));
    writeCopies(top, originals, few, many);
    const hostile = writeHostile(top, quick ? 1_000 : HOSTILE_FILES);
    const large = scan(top, path.join(work, 'large'));
    const before = readFileSync(path.join(work, 'large/summary.json'), 'utf8');
    const same = scan(top, path.join(work, 'large'));
    const isSame = readFileSync(path.join(work, 'large/summary.json'), 'utf8') === before;
    const touched = touchCopies(top, many, 100);
    const second = scan(top, path.join(work, 'large'));
    const reports = readdirSync(path.join(work, 'large/repositories'), { recursive: true }).length;
    const percent = (part: number, whole: number) => `${((part / whole) * 100).toFixed(1)} %`;
    const share = (part: Run, whole: Run) =>
      `${percent(part.wallMs, whole.wallMs)} of the time, ${percent(part.processorMs, whole.processorMs)} of the processor time`;
    return {
      name: 'organisation scan',
      rows: [
        {
          label: `${few} repositories`,
          value: `${seconds(small)}, ${small.peakMegabytes.toFixed(0)} MB at most`,
        },
        {
          label: `${many} repositories and ${hostile} hostile ones`,
          value: `${seconds(large)}, ${large.peakMegabytes.toFixed(0)} MB at most`,
        },
        {
          label: 'time for each, many against few',
          value: (large.wallMs / many / (small.wallMs / few)).toFixed(2),
        },
        {
          label: 'again, nothing changed',
          value: `${seconds(same)}, ${share(same, large)}; summary ${isSame ? 'the same' : 'different'}`,
        },
        {
          label: `again, ${touched} changed`,
          value: `${seconds(second)}, ${share(second, large)}: ${second.last}`,
        },
        { label: 'reports and folders written', value: String(reports) },
      ],
      notes: [
        `copies of ${originals.length} repositories, each with a line of its own; every ${BARE_SHARE}th is a bare git repository`,
        'the whole command, with start, listing and reports; peak memory of the process, threads included',
      ],
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
    rmSync(BUILT, { recursive: true, force: true });
  }
}
