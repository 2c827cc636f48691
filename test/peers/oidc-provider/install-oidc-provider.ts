import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = '9.13.3';
const INSTALL_MS_MAX = 4 * 60_000;

/** A certified OpenID provider, installed once into the user's cache; a text says why it cannot be had. */
export function installOidcProvider(): { entry: string } | { missing: string } {
  const folder = join(homedir(), '.cache', 'vouchgate', 'peers', `oidc-provider-${VERSION}`);
  const entry = join(folder, 'node_modules', 'oidc-provider', 'lib', 'index.js');
  if (existsSync(entry)) return { entry };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  spawnSync('npm', [...args, `oidc-provider@${VERSION}`], { cwd: folder, timeout: INSTALL_MS_MAX });
  return existsSync(entry) ? { entry } : { missing: `oidc-provider ${VERSION} did not install` };
}
