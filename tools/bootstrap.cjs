// The first file that `npm run demo` and `npm test` reach. It runs on whatever Node the machine has, before
// anything is installed: plain CommonJS, no dependency, nothing newer than Node 20.
'use strict';

const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const { constants } = require('node:os');
const path = require('node:path');
const { buildConsole } = require('./bootstrap/build-console.cjs');
const { installMissingPackages } = require('./bootstrap/install.cjs');
const { findRuntime } = require('./bootstrap/runtime.cjs');

const ROOT = path.join(__dirname, '..');

/** Tasks whose server is looked at by people. */
const WITH_CONSOLE = new Set(['demo']);

const TASKS = {
  demo: (args) => ['src/cli/demo/demo.ts', ...args],
  test: (args) => ['tools/test-stages.ts', ...args],
  'test:peers': (args) => [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'tools/peers.config.ts',
    ...args,
  ],
  bench: (args) => ['test/bench/main.ts', ...args],
};

class BootstrapError extends Error {}

/** Waits for the task; signals that only reach us are handed on, so that nothing is left running. */
function runTask(runtime, args) {
  const binaries = path.join(ROOT, 'node_modules', '.bin');
  const child = spawn(runtime, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${binaries}${path.delimiter}${process.env.PATH ?? ''}` },
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // A terminal sends Ctrl-C to the whole group: the child has it already and decides how to end.
  process.on('SIGINT', () => (process.stdin.isTTY ? undefined : child.kill('SIGINT')));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

async function main([name, ...args]) {
  const task = Object.hasOwn(TASKS, name ?? '') ? TASKS[name] : undefined;
  if (task === undefined) {
    throw new BootstrapError(`Usage: node tools/bootstrap.cjs ${Object.keys(TASKS).join(' | ')} [arguments]`);
  }
  installMissingPackages(ROOT);
  const command = task(args);
  if (!existsSync(path.join(ROOT, command[0]))) {
    throw new BootstrapError(`\`${name}\` needs ${command[0]}, which this checkout does not have.`);
  }
  const runtime = findRuntime(ROOT);
  if (WITH_CONSOLE.has(name)) buildConsole(ROOT, runtime);
  return runTask(runtime, command);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = error instanceof BootstrapError ? 2 : 1;
  },
);
