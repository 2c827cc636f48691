'use strict';

const { spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const path = require('node:path');

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return undefined;
  }
}

/**
 * True when node_modules holds what package-lock.json names. npm writes its own list
 * (`node_modules/.package-lock.json`) as the last step of an installation, so an interrupted one is not taken for
 * a finished one, and an installation that the reader made with npm itself is not done again.
 */
function isInstalled(root) {
  const wanted = readPackages(path.join(root, 'package-lock.json'));
  const present = readPackages(path.join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined) throw new Error(`${root} has no readable package-lock.json.`);
  if (present === undefined) return false;
  const entries = Object.entries(wanted).filter(([name]) => name.startsWith('node_modules/'));
  return entries.every(([name, entry]) => {
    const found = present[name];
    // Packages of other platforms are optional and stay out.
    if (found === undefined) return entry.optional === true || entry.peer === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/** npm as it was called, with the Node that runs it: the one in node_modules is about to be replaced. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return [process.env.npm_node_execpath ?? process.execPath, script];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/**
 * Installs the lock file, without any install script; does nothing when that was done before. It is
 * `npm install --no-save` and not `npm ci`, because `npm ci` gives up where the lock file leaves out an optional
 * package of some other platform, which happens when it was written against a registry that mirrors only a few.
 * What `npm ci` promises is checked afterwards: every version and integrity hash is that of the lock file.
 */
function installMissingPackages(root) {
  if (isInstalled(root)) return;
  process.stdout.write('Installing the packages of package-lock.json (once, about half a minute) …\n');
  const [command, ...prefix] = npmCommand();
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // A machine set to production would leave out the tools that the tests need, or the pinned runtime.
  const groups = ['--include=dev', '--include=optional'];
  const result = spawnSync(command, [...prefix, 'install', '--no-save', ...flags, ...groups], {
    cwd: root,
    stdio: 'inherit',
    shell: command.endsWith('.cmd'),
  });
  if (result.error !== undefined) {
    throw new Error(`npm could not be started (${result.error.message}). Install Node ≥ 20.20 with npm.`);
  }
  if (result.status !== 0) {
    throw new Error('`npm install` failed: see above. It needs the package registry that npm is set up for.');
  }
  if (!isInstalled(root)) {
    throw new Error(
      'What npm installed is not what package-lock.json says. Remove node_modules and try again.',
    );
  }
}

module.exports = { installMissingPackages, isInstalled };
