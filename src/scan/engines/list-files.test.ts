import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listFiles } from './list-files.ts';

let top: string;
const put = (file: string) => {
  mkdirSync(join(top, file, '..'), { recursive: true });
  writeFileSync(join(top, file), 'x');
};
const init = (folder: string) => {
  mkdirSync(join(top, folder), { recursive: true });
  execFileSync('git', ['-C', join(top, folder), 'init', '-q']);
};
const list = (...paths: string[]) =>
  listFiles(
    paths.map((path) => join(top, path)),
    { searchPath: process.env['PATH'] },
  ).files.map(({ root, file }) => `${root.slice(top.length)} ${file}`);
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'vouchgate-list-')));
});
afterEach(() => rmSync(top, { recursive: true }));

it('lists everything where there is no repository, without what others wrote and without links', () => {
  for (const file of ['a.ts', 'b/c.ts', 'node_modules/d.ts', 'b/vendor/e.go', '.env']) put(file);
  symlinkSync(join(top, 'a.ts'), join(top, 'link.ts'));
  symlinkSync(top, join(top, 'b/around'));
  expect(list('')).toEqual([' .env', ' a.ts', ' b/c.ts']);
  expect(list('b/c.ts', 'b/c.ts', 'none')).toEqual(['/b c.ts']);
});

it('lists a repository in another one, and clones below a folder, with roots of their own', () => {
  init('clones/one');
  init('clones/one/deep/two');
  for (const file of ['clones/one/a.ts', 'clones/one/deep/two/b.ts', 'clones/c.ts', 'clones/one/é ü.ts'])
    put(file);
  expect(list('clones').sort()).toEqual([
    '/clones c.ts',
    '/clones/one a.ts',
    '/clones/one é ü.ts',
    '/clones/one/deep/two b.ts',
  ]);
});

it('leaves out what git ignores, above the folder that is asked for, too', () => {
  init('');
  writeFileSync(join(top, '.gitignore'), 'out/\n*.log\n');
  for (const file of ['src/a.ts', 'src/a.log', 'src/out/b.ts']) put(file);
  expect(list('src')).toEqual(['/src a.ts']);
});

it('walks when git cannot say, and runs no program that the repository names', () => {
  init('');
  put('a.ts');
  const mark = join(top, 'ran');
  execFileSync('git', ['-C', top, 'config', 'core.fsmonitor', `touch ${mark}`]);
  expect(list('')).toEqual([' a.ts']);
  expect(listFiles([top], { searchPath: '/nowhere' }).files.map(({ file }) => file)).toEqual(['a.ts']);
});

it('says where it stopped', () => {
  for (const file of ['a', 'b', 'c']) put(file);
  const { files, problems } = listFiles([top], { searchPath: undefined, filesMax: 2 });
  expect([files.length, problems.length]).toEqual([2, 1]);
});
