import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = '5.7.0';
const INSTALL_MS_MAX = 4 * 60_000;

/** The validator of SARIF's authors, installed once into the user's cache; a text says why it cannot be had. */
export function installSarifMultitool(): { program: string } | { missing: string } {
  if (process.platform !== 'linux') return { missing: 'its package is for Linux' };
  const folder = join(homedir(), '.cache', 'vouchgate', 'peers', `sarif-multitool-${VERSION}`);
  const program = join(folder, 'node_modules', '@microsoft', 'sarif-multitool-linux', 'Sarif.Multitool');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
    spawnSync('npm', [...args, `@microsoft/sarif-multitool-linux@${VERSION}`], {
      cwd: folder,
      timeout: INSTALL_MS_MAX,
    });
    if (!existsSync(program))
      return { missing: `@microsoft/sarif-multitool-linux ${VERSION} did not install` };
  }
  // The package leaves that to its install script.
  chmodSync(program, 0o755);
  return { program };
}
