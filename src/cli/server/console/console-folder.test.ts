import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConsoleFolder } from './console-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vouchgate-console-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<div id="root"></div>');
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, text = name) => writeFileSync(join(folder, name), text);

describe('the folder of the built console', () => {
  it('is read whole, with what was compressed beside it', () => {
    put('assets/index-a1.js');
    put('assets/index-a1.js.br', 'brotli');
    put('assets/index-a1.js.gz', 'gzip');
    put('icon.svg');
    const { files, index } = readConsoleFolder(folder);
    expect(index).toBe('<div id="root"></div>');
    expect([...files.keys()].sort()).toEqual(['assets/index-a1.js', 'icon.svg']);
    expect(files.get('assets/index-a1.js')).toEqual({
      mediaType: 'text/javascript; charset=utf-8',
      plain: Buffer.from('assets/index-a1.js'),
      brotli: Buffer.from('brotli'),
      gzip: Buffer.from('gzip'),
      immutable: true,
    });
    expect(files.get('icon.svg')).toMatchObject({ mediaType: 'image/svg+xml', immutable: false });
  });

  it('gives nothing of a kind that a console has not, such as a page or a source map', () => {
    for (const name of ['evil.html', 'assets/index.js.map', '.env', 'script.sh']) put(name);
    expect([...readConsoleFolder(folder).files.keys()]).toEqual([]);
  });

  it('is read once: what is changed later is not served', () => {
    put('icon.svg', 'before');
    const { files } = readConsoleFolder(folder);
    put('icon.svg', 'after');
    symlinkSync('/etc/hostname', join(folder, 'late.txt'));
    expect(String(files.get('icon.svg')?.plain)).toBe('before');
    expect(files.has('late.txt')).toBe(false);
  });
});
