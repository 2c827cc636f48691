import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scaffold, SCAFFOLDS } from './scaffold/scaffold.ts';
import { PROJECT_ROOT } from './source/project-files.ts';

describe('npm run new, in a copy of the checkout', () => {
  let copy = '';

  const runNode = (...args: string[]) => {
    const result = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8', timeout: 60_000 });
    return { status: result.status, text: `${result.stdout}${result.stderr}` };
  };

  beforeAll(() => {
    copy = mkdtempSync(path.join(tmpdir(), 'vouchgate-new-'));
    for (const part of ['src', 'tools', 'package.json', 'tsconfig.json', 'vitest.config.ts', 'biome.json']) {
      cpSync(path.join(PROJECT_ROOT, part), path.join(copy, part), { recursive: true });
    }
    symlinkSync(path.join(PROJECT_ROOT, 'node_modules'), path.join(copy, 'node_modules'));
  });

  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test('writes plug-ins that compile, and says what comes next', () => {
    for (const kind of Object.keys(SCAFFOLDS)) {
      const { status, text } = runNode('tools/new.ts', kind, 'my-own-thing');
      expect(status, text).toBe(0);
      expect(text).toContain('npm test -- src/');
    }
    const types = runNode('node_modules/typescript/bin/tsc', '--noEmit');
    expect(types.text.split('\n').filter((line) => line.includes('my-own-thing'))).toEqual([]);
    // All of the checkout is type-checked in there.
  }, 120_000);

  test('the test of each fails until it is filled in', () => {
    const { status, text } = runNode('node_modules/vitest/vitest.mjs', 'run', 'my-own-thing');
    expect(status).toBe(1);
    expect(text).toMatch(new RegExp(`Test Files .*${Object.keys(SCAFFOLDS).length} failed`));
  });

  test('overwrites nothing', () => {
    const file = path.join(copy, 'src/identity/providers/oidc/provider.ts');
    const before = readFileSync(file, 'utf8');
    const { status, text } = runNode('tools/new.ts', 'identity-provider', 'oidc');
    expect(status).toBe(1);
    expect(text).toContain('nothing was written');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('refuses a name that would leave its folder, and writes nothing', () => {
    for (const id of ['../evil', 'Upper', 'a--b', '', 'x'.repeat(41)]) {
      expect(runNode('tools/new.ts', 'command', id).status, id).toBe(2);
    }
    expect(existsSync(path.join(copy, 'src/cli/evil.ts'))).toBe(false);
  });
});

describe('scaffold', () => {
  test('knows only its own kinds', () => {
    expect(scaffold('constructor', 'a')).toMatchObject({ ok: false });
    expect(scaffold(undefined, undefined)).toMatchObject({ ok: false });
  });
});
