import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listRepositories } from './list-repositories.ts';
import { addressOfUrl, findOrigin } from './repository-address.ts';
import { Clones } from './testing/clones.ts';

let clones: Clones;
beforeEach(() => {
  clones = new Clones();
});
afterEach(() => clones.remove());

const kinds = (target: string) =>
  listRepositories(target).entries.map(({ name, place }) => [name, place.kind]);

describe('a folder', () => {
  it('holds clones at any depth, with their files, bare, or without a checkout', () => {
    clones.write('acme__flat', { '.github/workflows/ci.yml': '' });
    clones.write('group/sub/app', { '.git/HEAD': 'ref: refs/heads/main\n', 'README.md': '' });
    clones.write('acme/bare.git', { HEAD: '', 'objects/x': '', 'refs/x': '' });
    clones.write('acme/no-checkout', { '.git/HEAD': '' });
    clones.write('acme/nothing', { 'notes.txt': '' });
    expect(kinds(clones.top)).toEqual([
      ['acme/bare', 'git'],
      ['acme/flat', 'work-tree'],
      ['acme/no-checkout', 'git'],
      ['group/sub/app', 'work-tree'],
    ]);
  });

  it('gives two clones of the same name a name each', () => {
    clones.write('acme__app', { '.github/workflows/ci.yml': '' });
    clones.write('acme/app', { '.github/workflows/ci.yml': '' });
    expect(new Set(kinds(clones.top).map(([name]) => name)).size).toBe(2);
  });

  it('is refused when it holds no repository, or is not there', () => {
    expect(() => listRepositories(clones.top)).toThrow('there is no repository in');
    expect(() => listRepositories(path.join(clones.top, 'typo'))).toThrow('there is no folder or file');
  });
});

describe('a list', () => {
  it('names paths or owner/name, and what is not there is a record', () => {
    clones.write('acme__app', { '.github/workflows/ci.yml': '' });
    const far = clones.write('../far', { '.github/workflows/ci.yml': '' });
    const list = path.join(clones.top, 'list.txt');
    writeFileSync(list, `# ours\nacme/app\n\n${far}\nacme/gone\n`);
    const { entries } = listRepositories(list);
    expect(entries.map(({ name, place }) => [name, place.kind])).toEqual(
      [
        ['acme/app', 'work-tree'],
        ['acme/gone', 'missing'],
        [far.split(path.sep).slice(-2).join('/'), 'work-tree'],
      ].sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
    );
    mkdirSync(path.join(clones.top, 'empty'));
  });
});

describe('an address', () => {
  it.each([
    ['git@github.com:Acme/App.git', 'acme/app'],
    ['https://user:password@example.com/group/sub/app/', 'group/sub/app'],
    ['ssh://git@example.com:22/acme/app', 'acme/app'],
    ['/srv/git/acme/app.git', undefined],
    ['file:///srv/acme/app', undefined],
    ['ext::sh -c id', undefined],
    ['https://example.com/../../x', 'x'],
  ])('of %s', (url, address) => {
    expect(addressOfUrl(url)).toBe(address === 'x' ? undefined : address);
  });

  it('is that of origin, and of nothing else', () => {
    const config = '[remote "fork"]\n\turl = a\n[remote "origin"]\n\tpushurl = c\n\turl = b\n';
    expect(findOrigin(config)).toBe('b');
    expect(findOrigin(`${'['.repeat(1_000_000)}\n`)).toBeUndefined();
  });
});
