import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
  dependencies: z.record(z.string(), z.string()),
});

/**
 * Makes the package that is published: our sources as JavaScript, in chunks that load when they are needed,
 * and a manifest that asks for the exact versions we tested with. No pinned runtime, no scripts.
 * `moreEntries` (name → source) are built beside them, for benchmarks of what is published.
 */
export async function buildPackage(
  folder: string,
  moreEntries: Readonly<Record<string, string>> = {},
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'bin'), { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: {
      main: 'src/cli/main.ts',
      'inventory-worker': 'src/inventory/worker.ts',
      'organisation-worker': 'src/scan/organisation/worker.ts',
      'posture-worker': 'src/posture/worker.ts',
      'report-worker': 'src/findings/report-worker.ts',
      'secrets-worker': 'src/scan/secrets/worker.ts',
      'sqlite-worker': 'src/storage/sqlite/worker.ts',
      ...moreEntries,
    },
    outdir: join(folder, 'dist'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The libraries stay packages of their own: readers can audit them, and npm can mend them.
    packages: 'external',
    // `#room/…` are our own files, though they look like packages.
    alias: await ownRooms(),
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'error',
  });
  await cp(await builtConsole(), join(folder, 'dist/console'), { recursive: true });
  await cp(join(ROOT, 'bin/vouchgate.js'), join(folder, 'bin/vouchgate.js'));
  await chmod(join(folder, 'bin/vouchgate.js'), 0o755);
  for (const file of ['README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md'])
    await cp(join(ROOT, file), join(folder, file));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(await manifestOf(), null, 2)}\n`);
}

/** The console as it was built last (`npm run build:console`); built now where it never was. */
async function builtConsole(): Promise<string> {
  const folder = join(ROOT, 'console/dist');
  if (!existsSync(join(folder, 'index.html'))) {
    const { build: buildConsole } = await import('vite');
    await buildConsole({ root: join(ROOT, 'console'), configFile: join(ROOT, 'console/vite.config.ts') });
  }
  return folder;
}

async function readPackage(): Promise<Record<string, unknown>> {
  return z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));
}

async function ownRooms(): Promise<Record<string, string>> {
  const imports = z.record(z.string(), z.string()).parse((await readPackage())['imports']);
  return Object.fromEntries(
    Object.entries(imports).map(([pattern, target]) => [
      pattern.replace('/*', ''),
      join(ROOT, target.replace('/*', '')),
    ]),
  );
}

async function manifestOf(): Promise<Record<string, unknown>> {
  const { name, version, description, license, dependencies } = Manifest.parse(await readPackage());
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    engines: { node: '>=24' },
    bin: { vouchgate: 'bin/vouchgate.js' },
    files: ['bin', 'dist', 'CHANGELOG.md', 'SECURITY.md'],
    dependencies,
  };
}

if (import.meta.main) {
  const folder = join(ROOT, 'dist/package');
  await buildPackage(folder);
  process.stdout.write(`${folder} is ready: npm publish ${folder}\n`);
}
