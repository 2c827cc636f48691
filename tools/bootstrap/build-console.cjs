'use strict';

const { spawnSync } = require('node:child_process');
const { readdirSync, statSync } = require('node:fs');
const path = require('node:path');

function changedAtMs(file) {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
}

/** Of the files that the console is made of. */
function newestSourceMs(folder) {
  const sources = ['index.html', 'vite.config.ts', 'package.json'].map((name) => path.join(folder, name));
  for (const part of ['src', 'public']) {
    const entries = readdirSync(path.join(folder, part), { recursive: true });
    sources.push(...entries.map((name) => path.join(folder, part, name)));
  }
  return Math.max(...sources.map((file) => changedAtMs(file) ?? 0));
}

/** True when `console/dist` was made from the sources as they are. */
function isConsoleBuilt(root) {
  const folder = path.join(root, 'console');
  const builtMs = changedAtMs(path.join(folder, 'dist', 'manifest.json'));
  return builtMs !== undefined && builtMs >= newestSourceMs(folder);
}

/** Makes `console/dist`, which the server shows to people; does nothing when it is as new as its sources. */
function buildConsole(root, runtime) {
  if (isConsoleBuilt(root)) return;
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const result = spawnSync(runtime, [vite, 'build', 'console', '--logLevel', 'error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (result.status !== 0) throw new Error('The console could not be built: see above.');
}

module.exports = { buildConsole, isConsoleBuilt };
