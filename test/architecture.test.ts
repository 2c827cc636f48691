import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { findImports, isBarrel } from '../tools/source/find-imports.ts';
import { isTestFile, listProjectFiles, readProjectFile } from '../tools/source/project-files.ts';
import { scanSource } from '../tools/source/scan-source.ts';

/** The direction: each room, and the rooms it may import. What is not here is forbidden. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  api: ['core'],
  identity: ['core'],
  audit: ['core'],
  pipeline: ['core'],
  findings: ['core'],
  scan: ['core', 'pipeline', 'findings'],
  inventory: ['core', 'pipeline', 'findings', 'scan'],
  policy: ['core', 'identity'],
  people: ['core', 'policy'],
  credentials: ['core', 'identity'],
  broker: ['core', 'identity', 'policy', 'credentials', 'audit'],
  posture: ['core', 'identity', 'pipeline', 'findings', 'scan', 'broker'],
  server: [
    'core',
    'api',
    'identity',
    'policy',
    'people',
    'credentials',
    'audit',
    'inventory',
    'findings',
    'broker',
  ],
  storage: [
    'core',
    'identity',
    'policy',
    'people',
    'credentials',
    'audit',
    'inventory',
    'findings',
    'broker',
    'server',
  ],
  cli: [
    'core',
    'people',
    'api',
    'identity',
    'policy',
    'credentials',
    'audit',
    'broker',
    'server',
    'storage',
    'pipeline',
    'inventory',
    'findings',
    'scan',
    'posture',
  ],
};

/** Storage implements the ports of other rooms: of these it may use the types and the schemas, never behaviour. */
const STORAGE_MAY_RUN = /^(?:core\/|audit\/event\.ts$)/;

/** Folders whose entries are plug-ins: none may know another. */
const PLUG_IN = /^(src\/(?:(?:identity|credentials)\/providers|audit\/sinks)\/[^/]+)\//;

function roomOf(file: string): string | undefined {
  return /^src\/([^/]+)\//.exec(file)?.[1];
}

/** The imported file from the root; undefined for a package or a Node module. */
function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('#')) return `src/${specifier.slice(1)}`.replace(/^src\/test\//, 'test/');
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(file), specifier);
  return undefined;
}

function violationOf(file: string, specifier: string, typeOnly: boolean): string | undefined {
  const target = targetOf(file, specifier);
  const room = roomOf(file);
  if (target === undefined || room === undefined) return undefined;
  const targetRoom = roomOf(target);
  // Tests may reach for a neighbour's fake or a real server; what is shipped may not.
  const testFile = isTestFile(file);
  if (!testFile && isTestFile(target)) return `what is shipped may not import what tests use: ${specifier}`;
  if (!/\.(?:ts|json)$/.test(target)) return `name the file with its ending: ${specifier}`;
  const [own, other] = [PLUG_IN.exec(file)?.[1], PLUG_IN.exec(target)?.[1]];
  if (own !== undefined && other !== undefined && own !== other)
    return `a plug-in may not import its sibling: ${specifier}`;
  if (targetRoom === room) {
    return specifier.startsWith('#') ? `inside a room imports are relative: ${specifier}` : undefined;
  }
  if (testFile && targetRoom === undefined) return undefined;
  if (targetRoom === undefined) return `src/ may not import from outside of src/: ${specifier}`;
  if (!specifier.startsWith('#')) return `another room is imported as #${targetRoom}/…: ${specifier}`;
  if (testFile) return undefined;
  if (ROOMS[room]?.includes(targetRoom) !== true)
    return `${room}/ may not import ${targetRoom}/: ${specifier}`;
  if (room === 'storage' && !typeOnly && !STORAGE_MAY_RUN.test(specifier.slice(1))) {
    return `storage/ may import only types from ${targetRoom}/: ${specifier}`;
  }
  return undefined;
}

function violationsIn(file: string, text: string): string[] {
  const room = roomOf(file);
  if (room === undefined || !(room in ROOMS)) {
    return [`${file}: no such room; rooms are ${Object.keys(ROOMS).join(', ')}`];
  }
  const source = scanSource(text);
  const found = findImports(source).flatMap(({ specifier, line, typeOnly }) => {
    const violation = violationOf(file, specifier, typeOnly);
    return violation === undefined ? [] : [`${file}:${line}: ${violation}`];
  });
  const barrel = isBarrel(source) || /(?:^|\/)index\.ts$/.test(file);
  return barrel ? [...found, `${file}: no barrel files; import the file that has it`] : found;
}

describe('the rooms', () => {
  const files = listProjectFiles().filter((file) => /^src\/.*\.ts$/.test(file));

  test('every import of every source file follows the direction', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.flatMap((file) => violationsIn(file, readProjectFile(file)))).toEqual([]);
  });

  test('the direction itself has no cycle', () => {
    const visit = (room: string, way: readonly string[]): void => {
      expect(way, `${[...way, room].join(' → ')} is a cycle`).not.toContain(room);
      for (const next of ROOMS[room] ?? []) visit(next, [...way, room]);
    };
    for (const room of Object.keys(ROOMS)) visit(room, []);
  });

  test('nothing imports the composition root, and only it knows the store', () => {
    for (const [room, imports] of Object.entries(ROOMS)) {
      expect(imports, `${room}/ imports cli/`).not.toContain('cli');
      if (room !== 'cli') expect(imports, `${room}/ imports storage/`).not.toContain('storage');
    }
  });
});

describe('the check finds what is planted', () => {
  test.each([
    ['src/core/a.ts', "import { x } from '#identity/x.ts';", 'core/ may not import identity/'],
    ['src/core/a.ts', "import type { X } from '#identity/x.ts';", 'core/ may not import identity/'],
    ['src/server/a.ts', "const x = await import('#storage/storage.ts');", 'server/ may not import storage/'],
    ['src/server/a.ts', "export * from '#storage/storage.ts';", 'server/ may not import storage/'],
    ['src/policy/a.ts', "import {\n  x,\n} from '#broker/x.ts';", 'a.ts:3: policy/ may not import broker/'],
    ['src/policy/a.ts', "import { x } from '../core/x.ts';", 'another room is imported as #core/…'],
    ['src/policy/a.ts', "import { x } from '#policy/x.ts';", 'inside a room imports are relative'],
    ['src/policy/a.ts', "import { x } from './x';", 'name the file with its ending'],
    ['src/policy/a.ts', "import { x } from '../../tools/x.ts';", 'may not import from outside of src/'],
    ['src/policy/a.ts', "import { x } from '#edge/x.ts';", 'policy/ may not import edge/'],
    [
      'src/storage/a.ts',
      "import { x } from '#broker/ports.ts';",
      'storage/ may import only types from broker/',
    ],
    ['src/identity/providers/a/b.ts', "import '../c/d.ts';", 'a plug-in may not import its sibling'],
    ['src/credentials/providers/a/b.ts', "import '../c/d.ts';", 'a plug-in may not import its sibling'],
    ['src/credentials/providers/a/b.ts', "import '#identity/providers/c/d.ts';", 'a plug-in may not import'],
    ['src/policy/a.ts', "import { x } from './x.fakes.ts';", 'may not import what tests use'],
    ['src/identity/index.ts', 'export const x = 1;', 'no barrel files'],
    ['src/identity/all.ts', "export { x } from './x.ts';", 'no barrel files'],
    ['src/edge/a.ts', '', 'no such room'],
    ['src/a.ts', '', 'no such room'],
  ])('%s: %s', (file, text, expected) => {
    expect(violationsIn(file, text).join('\n')).toContain(expected);
  });

  test.each([
    ['src/server/a.ts', "import { x } from '#broker/x.ts';"],
    ['src/storage/a.ts', "import type { X } from '#broker/ports.ts';"],
    ['src/storage/a.test.ts', "import { x } from '#cli/local-postgres/x.ts';"],
    ['src/identity/providers/a/b.ts', "import { x } from '../../provider.ts';"],
    ['src/identity/providers.generated.ts', "import { provider } from './providers/a/provider.ts';"],
    ['src/core/a.ts', "// import { x } from '#identity/x.ts';"],
    ['src/core/a.ts', "import { z } from 'zod';"],
  ])('and lets pass what is right: %s: %s', (file, text) => {
    expect(violationsIn(file, text)).toEqual([]);
  });
});
