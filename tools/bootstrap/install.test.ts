import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isInstalled } from './install.cjs';

describe('isInstalled', () => {
  let root = '';
  const write = (file: string, packages: object) => {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), JSON.stringify({ packages: { '': {}, ...packages } }));
  };
  const needed = { version: '1.0.0', integrity: 'sha512-a' };

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'vouchgate-install-'));
    write('package-lock.json', {
      'node_modules/a': needed,
      'node_modules/other-platform': { ...needed, optional: true },
    });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test('is true when the packages are those of the lock file, without those of other platforms', () => {
    write('node_modules/.package-lock.json', { 'node_modules/a': needed });
    expect(isInstalled(root)).toBe(true);
  });

  test('is false without an installation, or after one that was interrupted', () => {
    expect(isInstalled(root)).toBe(false);
    mkdirSync(path.join(root, 'node_modules'));
    writeFileSync(path.join(root, 'node_modules/.package-lock.json'), '{"packages": {');
    expect(isInstalled(root)).toBe(false);
  });

  test.each([
    ['is missing', {}],
    ['has another version', { 'node_modules/a': { ...needed, version: '1.0.1' } }],
    ['has another content', { 'node_modules/a': { ...needed, integrity: 'sha512-b' } }],
  ])('is false when a package %s', (_, packages) => {
    write('node_modules/.package-lock.json', packages);
    expect(isInstalled(root)).toBe(false);
  });

  test('a checkout without a lock file is an error, not an installation', () => {
    rmSync(path.join(root, 'package-lock.json'));
    expect(() => isInstalled(root)).toThrow('package-lock.json');
  });
});
