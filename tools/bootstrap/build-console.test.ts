import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isConsoleBuilt } from './build-console.cjs';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Files of a console with the seconds at which each was changed. */
function checkout(files: Readonly<Record<string, number>>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'vouchgate-console-'));
  folders.push(root);
  for (const part of ['src', 'public', 'dist'])
    mkdirSync(path.join(root, 'console', part), { recursive: true });
  for (const [name, seconds] of Object.entries(files)) {
    const file = path.join(root, 'console', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '');
    utimesSync(file, seconds, seconds);
  }
  for (const part of ['src', 'public']) utimesSync(path.join(root, 'console', part), 1, 1);
  return root;
}

describe('whether the console has to be built', () => {
  it('not while the build is as new as its sources', () => {
    expect(isConsoleBuilt(checkout({ 'src/main.tsx': 5, 'index.html': 4, 'dist/manifest.json': 6 }))).toBe(
      true,
    );
  });

  it('after the first clone', () => {
    expect(isConsoleBuilt(checkout({ 'src/main.tsx': 5 }))).toBe(false);
  });

  it('after a change, however deep', () => {
    const files = { 'dist/manifest.json': 6, 'src/features/access/page.tsx': 7 };
    const root = checkout(files);
    utimesSync(path.join(root, 'console/src/features'), 1, 1);
    utimesSync(path.join(root, 'console/src/features/access'), 1, 1);
    expect(isConsoleBuilt(root)).toBe(false);
  });
});
