import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readProjectFile } from '../tools/source/project-files.ts';

/** Terms that we may ship and build with. A new one is a decision of the maintainers. */
const LICENCES_ALLOWED = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'PSF-2.0',
  'Unlicense',
  'CC0-1.0',
]);

/** Weak copyleft: fine for a tool that we run, not for what we bundle. */
const LICENCES_ALLOWED_FOR_TOOLS = new Set(['MPL-2.0', 'Python-2.0', 'CC-BY-4.0']);

/** Of fonts: it asks only that they are not sold by themselves. */
const LICENCES_ALLOWED_FOR_FONTS = new Set(['OFL-1.1']);

/** Packages that would run a script at installation, which `.npmrc` forbids; why nothing is lost by that. */
const INSTALL_SCRIPTS_IGNORED: Readonly<Record<string, string>> = {
  esbuild: 'its script only checks the program that its platform package brings along',
  fsevents: 'an optional file watcher on macOS; nothing of ours watches files in CI',
};

const LockedPackage = z.looseObject({
  version: z.string().optional(),
  license: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
});
type LockedPackage = z.infer<typeof LockedPackage>;
const LockFile = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), LockedPackage) });

const versions = z.record(z.string(), z.string());
const Manifest = z.object({
  license: z.literal('Apache-2.0'),
  dependencies: versions,
  devDependencies: versions,
  optionalDependencies: versions.default({}),
});

/** Ours: a folder of this repository, and the link to it. */
const OWN_PACKAGES = new Set(['', 'console', 'node_modules/vouchgate-console']);

/** `MIT OR Apache-2.0` is ours to choose from; `A AND B` needs both. */
function allows(expression: string, allowed: (licence: string) => boolean): boolean {
  return expression
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => allowed(licence.trim())));
}

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function problemsOf(name: string, locked: LockedPackage): string[] {
  const licence = locked.license ?? 'none stated';
  const allowed = (one: string) =>
    LICENCES_ALLOWED.has(one) ||
    (locked.dev === true && LICENCES_ALLOWED_FOR_TOOLS.has(one)) ||
    (name.startsWith('@fontsource') && LICENCES_ALLOWED_FOR_FONTS.has(one));
  const problems = [];
  if (!allows(licence, allowed)) problems.push(`${name}: licence ${licence} is not on the list`);
  if (locked.hasInstallScript === true && !(name in INSTALL_SCRIPTS_IGNORED)) {
    problems.push(`${name}: wants to run a script at installation`);
  }
  if (locked.resolved !== undefined) problems.push(`${name}: the lock file says where to download it from`);
  if (locked.integrity === undefined) problems.push(`${name}: the lock file has no hash for it`);
  return problems;
}

describe('what we depend on', () => {
  const lock = LockFile.parse(JSON.parse(readProjectFile('package-lock.json')));
  const manifest = Manifest.parse(JSON.parse(readProjectFile('package.json')));
  const consoleManifest = Manifest.parse(JSON.parse(readProjectFile('console/package.json')));
  const locked = Object.entries(lock.packages).filter(([key]) => !OWN_PACKAGES.has(key));

  test('every package has an allowed licence, a hash, no install script and no download address', () => {
    expect(locked.length).toBeGreaterThan(50);
    expect(locked.flatMap(([key, entry]) => problemsOf(nameOf(key), entry))).toEqual([]);
  });

  test('what is ours has no package beside it', () => {
    expect(lock.packages['node_modules/vouchgate-console']).toEqual({ resolved: 'console', link: true });
  });

  test.each([
    ['package.json', manifest],
    ['console/package.json', consoleManifest],
  ])(
    '%s names exact versions, and the lock file has these',
    (_file, { dependencies, devDependencies, optionalDependencies }) => {
      const direct = { ...dependencies, ...devDependencies, ...optionalDependencies };
      for (const [name, version] of Object.entries(direct)) {
        expect(version, `${name} is not pinned`).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
        expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
      }
    },
  );

  test('the pinned runtime is one version on all platforms', () => {
    expect(new Set(Object.values(manifest.optionalDependencies)).size).toBe(1);
  });

  test('npm is told to run no install scripts and to keep addresses out of the lock file', () => {
    const settings = readProjectFile('.npmrc').split('\n');
    expect(settings).toEqual(
      expect.arrayContaining([
        'ignore-scripts=true',
        'omit-lockfile-registry-resolved=true',
        'save-exact=true',
      ]),
    );
  });
});

describe('each check finds what is planted', () => {
  const fine = { license: 'MIT', integrity: 'sha512-x' };

  test.each([
    [{ ...fine, license: 'GPL-3.0-only' }, 'licence GPL-3.0-only'],
    [{ integrity: 'sha512-x' }, 'licence none stated'],
    [{ ...fine, license: 'MPL-2.0' }, 'licence MPL-2.0'],
    [{ ...fine, license: 'MIT AND GPL-2.0' }, 'licence MIT AND GPL-2.0'],
    [{ ...fine, hasInstallScript: true }, 'script at installation'],
    [{ ...fine, resolved: 'https://example.org/a.tgz' }, 'where to download'],
    [{ license: 'MIT' }, 'no hash'],
  ])('%o', (locked, expected) => {
    expect(problemsOf('planted', locked).join()).toContain(expected);
  });

  test('a choice of licences passes when one of them does', () => {
    expect(problemsOf('fine', { ...fine, license: '(MIT OR GPL-3.0)' })).toEqual([]);
    expect(problemsOf('fine', { ...fine, license: 'MPL-2.0', dev: true })).toEqual([]);
  });
});
