/** `npm test`: everything that must hold, cheap checks first; ends at the first stage that fails. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

interface Stage {
  headline: string;
  /** Package with the program, then its arguments; `node` runs a file of ours. */
  command: readonly [string, ...string[]];
  /** What to do about a failure. */
  hint: string;
}

const Manifest = z.object({ bin: z.union([z.string(), z.record(z.string(), z.string())]) });
const ROOT = path.join(import.meta.dirname, '..');
const STAGE_MS_MAX = 15 * 60_000;
// The machine that runs CI has two cores.
const PARALLEL = 2;

const CHECKS: readonly Stage[] = [
  {
    headline: 'types',
    command: ['typescript', '--noEmit'],
    hint: 'Each line names file, line and reason; `npm run typecheck` runs only this.',
  },
  {
    headline: 'types of the console',
    command: ['typescript', '--noEmit', '-p', 'console'],
    hint: 'The same for console/; `npm run typecheck` runs both.',
  },
  {
    headline: 'lint',
    command: ['oxlint', '--type-aware', '--deny-warnings'],
    hint: '`npm run lint` runs only this.',
  },
  {
    headline: 'format',
    command: ['@biomejs/biome', 'format', '.'],
    hint: '`npm run format` formats all files.',
  },
  {
    headline: 'generated files',
    command: ['node', 'tools/generate.ts', '--check'],
    hint: '`npm run generate` writes them; commit the result.',
  },
  {
    headline: 'unused code',
    command: ['knip', '--no-progress'],
    hint: 'Remove what nothing uses, or name it as an entry in knip.json with the reason.',
  },
];

function programOf(name: string): string {
  if (name === 'node') return '';
  const folder = path.join(ROOT, 'node_modules', name);
  const manifest: unknown = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const { bin } = Manifest.parse(manifest);
  const file = typeof bin === 'string' ? bin : Object.values(bin)[0];
  if (file === undefined) throw new Error(`${name} has no program`);
  return path.join(folder, file);
}

function run(stage: Stage, stdio: 'inherit' | 'pipe'): Promise<{ passed: boolean; output: string }> {
  const [name, ...args] = stage.command;
  const argv = name === 'node' ? args : [programOf(name), ...args];
  const child = spawn(process.execPath, argv, {
    cwd: ROOT,
    stdio: ['ignore', stdio, stdio],
    // The tools behind a pipe cannot see where their output ends up.
    env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }) },
    timeout: STAGE_MS_MAX,
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ passed: code === 0, output }));
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function secondsSince(startMs: number): string {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}

/** Two at a time, in order; after a failure nothing new is started. */
async function runChecks(stages: readonly Stage[]): Promise<Stage | undefined> {
  const waiting = [...stages];
  let failed: Stage | undefined;
  const work = async () => {
    for (let stage = waiting.shift(); stage !== undefined; stage = waiting.shift()) {
      const startMs = performance.now();
      const { passed, output } = await run(stage, 'pipe');
      if (!passed) {
        failed ??= stage;
        waiting.length = 0;
        say(output.trimEnd());
      }
      say(`${passed ? 'ok  ' : 'FAIL'} ${stage.headline} (${secondsSince(startMs)})`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return failed;
}

async function main(args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  const unitTests: Stage = {
    headline: 'unit tests',
    command: ['vitest', 'run', ...args],
    hint: '`npm test -- PATH` runs only the tests whose path contains PATH.',
  };
  // With arguments somebody is working on one place: only the tests asked for.
  let failed = args.length > 0 ? undefined : await runChecks(CHECKS);
  if (failed === undefined) {
    say(`unit tests${args.length > 0 ? ` ${args.join(' ')}` : ''}`);
    const { passed } = await run(unitTests, 'inherit');
    if (!passed) failed = unitTests;
  }
  if (failed === undefined) {
    say(
      `ok   ${args.length > 0 ? 'the tests asked for' : 'everything'} (${secondsSince(startMs)}, Node ${process.version})`,
    );
    return 0;
  }
  say(`FAIL ${failed.headline} (${secondsSince(startMs)}). ${failed.hint}`);
  return 1;
}

process.exitCode = await main(process.argv.slice(2));
