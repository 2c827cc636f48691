import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isFolderInside, readInside } from './read-inside.ts';

let top: string;
let root: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'vouchgate-inside-'));
  root = join(top, 'repository');
  mkdirSync(join(root, 'ci'), { recursive: true });
  mkdirSync(join(root, '.git'));
  writeFileSync(join(root, 'ci/a.yml'), 'text');
  writeFileSync(join(root, '.git/config'), 'credentials');
  writeFileSync(join(top, 'secret.yml'), 'of somebody else');
  symlinkSync(join(top, 'secret.yml'), join(root, 'ci/link.yml'));
  symlinkSync(top, join(root, 'out'));
});
afterEach(() => rmSync(top, { recursive: true }));

it('reads a plain file of the repository', () => {
  expect(readInside(root, 'ci/a.yml', 100)).toBe('text');
  expect(isFolderInside(root, 'ci')).toBe(true);
});

it.each([
  ['ci/link.yml', 'a link'],
  ['out/secret.yml', 'a folder that is a link'],
  ['../secret.yml', 'what lies above'],
  ['ci/../../secret.yml', 'what lies above, by a detour'],
  ['.git/config', 'what belongs to git'],
  ['ci', 'a folder'],
  ['ci/none.yml', 'nothing'],
])('does not read %s: %s', (file) => {
  expect(readInside(root, file, 100)).toBeUndefined();
});

it('does not read what is too large, and takes no link for a folder', () => {
  expect(readInside(root, 'ci/a.yml', 3)).toBeUndefined();
  expect(isFolderInside(root, 'out')).toBe(false);
  expect(isFolderInside(root, '..')).toBe(false);
});
