#!/usr/bin/env node
// Plain JavaScript that every Node since 14 can read: a Node that is too old must get a sentence, not a stack.
const NODE_MAJOR_MIN = 24;
/** The server makes much short-lived garbage; V8 would let that space grow to 64 MB for nothing. */
const SERVER_FLAG = '--max-semi-space-size=8';
/**
 * A scan of many repositories makes much garbage, and V8 would let it grow to four times of what is kept. V8 takes this
 * flag at any time; it costs a few percent of processor time.
 */
const SCAN_FLAG = '--heap-growing-percent=80';
const [first] = process.argv.slice(2);

if (first === '--version' || first === '-v') {
  const { readFileSync } = await import('node:fs');
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${manifest.version}\n`);
} else if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) {
  process.stderr.write(
    `vouchgate: Node ${NODE_MAJOR_MIN} or newer is needed, this is ${process.version} (${process.execPath}).\n` +
      '  → Install it from https://nodejs.org. In a checkout, run `npm install` and then `npx vouchgate`:\n' +
      '    the pinned Node comes with the packages, and npx uses it.\n',
  );
  process.exitCode = 2;
} else if (first === 'up' && process.execve !== undefined && !process.execArgv.includes(SERVER_FLAG)) {
  // The same process, started anew with the flag: V8 takes it only at its start. Not to be had on Windows.
  const args = [...process.execArgv, SERVER_FLAG, ...process.argv.slice(1)];
  process.execve(process.execPath, [process.execPath, ...args], process.env);
} else {
  const { enableCompileCache } = await import('node:module');
  enableCompileCache?.();
  if (first === 'scan') (await import('node:v8')).setFlagsFromString(SCAN_FLAG);
  const { existsSync } = await import('node:fs');
  // A checkout runs its sources as they are; the published package holds the bundle only.
  const source = new URL('../src/cli/main.ts', import.meta.url);
  const { runMain } = await import(existsSync(source) ? source.href : '../dist/main.js');
  await runMain();
}
