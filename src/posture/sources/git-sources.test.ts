import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#core/clock.ts';
import { Secret } from '#core/secret.ts';
import type { DefinitionSource } from '../definition-source.ts';
import { createGitFolder, type GitFolder } from '../testing/git-folder.ts';
import { shaOf } from '../testing/memory-source.ts';
import { createMirrorSource } from './mirror-source.ts';
import { createRemoteSource, type RemoteOptions } from './remote-source.ts';

const WORKFLOW = '.github/workflows/ci.yml';
const FILES = { [WORKFLOW]: 'on: push\n', 'src/a.yml': 'a', 'src/deep/b.yaml': 'b' };
const git = { searchPath: process.env['PATH'], timeoutMs: 20_000 };

let repository: GitFolder;
beforeEach(() => {
  repository = createGitFolder();
});
afterEach(() => repository.close());

function remote(change: Partial<RemoteOptions> = {}): DefinitionSource {
  return createRemoteSource({
    url: `file://${repository.mirror}/{repository}.git`,
    username: 'x',
    token: undefined,
    sshKeyFile: undefined,
    knownHostsFile: undefined,
    cacheFolder: path.join(repository.mirror, '../cache'),
    allowPrivateHosts: [],
    resolve: async () => ['192.0.2.1'],
    git,
    clock: systemClock,
    ...change,
  });
}

const signal = () => AbortSignal.timeout(20_000);

describe.each([
  ['a mirror', () => createMirrorSource({ folder: repository.mirror, git })],
  ['a server that gives everything', () => remote()],
  [
    'a server that gives only what is asked for',
    () => {
      repository.git(repository.bare, 'config', 'uploadpack.allowFilter', 'true');
      return remote();
    },
  ],
])('definitions of %s', (_, open) => {
  it('are the regular files of exactly that commit', async () => {
    const first = repository.commit(FILES);
    const second = repository.commit({ [WORKFLOW]: 'on: pull_request\n' });
    const source = open();
    const read = async (commit: string) => {
      const snapshot = await source.open('acme/shop', commit, signal());
      const files = await snapshot.list('');
      return { names: files.map(({ file }) => file), texts: await snapshot.read(files, 1_000) };
    };
    expect(await read(first)).toEqual({ names: Object.keys(FILES), texts: ['on: push\n', 'a', 'b'] });
    expect(await read(second)).toEqual({ names: [WORKFLOW], texts: ['on: pull_request\n'] });
    expect(await source.defaultCommit('acme/shop', signal())).toBe(second);
  });

  it('can be listed by folder, and none is larger than allowed', async () => {
    const commit = repository.commit({
      ...FILES,
      'src/large.yml': 'x'.repeat(5_000),
      'src/main.ts': 'no definition',
    });
    const snapshot = await open().open('acme/shop', commit, signal());
    const files = await snapshot.list('src');
    expect(files.map(({ file }) => file)).toEqual(['src/a.yml', 'src/deep/b.yaml', 'src/large.yml']);
    expect(await snapshot.read(files, 1_000)).toEqual(['a', 'b', undefined]);
  });

  it('are absent for another commit or repository, and for names that lead elsewhere', async () => {
    const commit = repository.commit(FILES);
    const source = open();
    await expect(source.open('acme/shop', shaOf('e'), signal())).rejects.toMatchObject({
      code: 'definition_absent',
    });
    for (const name of ['acme/other', '../mirror/acme/shop', 'acme/shop.git/../shop', '--help/x']) {
      await expect(source.open(name, commit, signal())).rejects.toMatchObject({
        code: expect.stringMatching(/^definition_/),
      });
    }
    for (const name of ['main', 'HEAD~1', '--all', `${commit}^{tree}`]) {
      await expect(source.open('acme/shop', name, signal())).rejects.toThrow();
    }
  });
});

describe('a mirror', () => {
  it('may hold clones with a work tree, and nothing of what is checked out is read', async () => {
    const commit = repository.commit(FILES);
    const clone = path.join(repository.mirror, 'acme/clone');
    repository.git(repository.mirror, 'clone', '--quiet', repository.bare, clone);
    writeFileSync(path.join(clone, WORKFLOW), 'changed\n');
    const snapshot = await createMirrorSource({ folder: repository.mirror, git }).open(
      'acme/clone',
      commit,
      signal(),
    );
    const files = (await snapshot.list('')).filter(({ file }) => file === WORKFLOW);
    expect(await snapshot.read(files, 1_000)).toEqual(['on: push\n']);
  });

  it('leaves out links and submodules', async () => {
    const work = path.join(repository.mirror, '../linked');
    mkdirSync(work);
    repository.git(work, 'init', '--quiet');
    symlinkSync('/etc/passwd', path.join(work, 'action.yml'));
    writeFileSync(path.join(work, 'a.yml'), 'a');
    repository.git(work, 'add', '--all');
    repository.git(work, 'commit', '--quiet', '-m', 'link');
    const commit = repository.git(work, 'rev-parse', 'HEAD');
    repository.git(work, 'push', '--quiet', repository.bare, 'HEAD:refs/heads/links');
    const snapshot = await createMirrorSource({ folder: repository.mirror, git }).open(
      'acme/shop',
      commit,
      signal(),
    );
    expect((await snapshot.list('')).map(({ file }) => file)).toEqual(['a.yml']);
  });

  it('runs nothing that a repository brings along', async () => {
    const commit = repository.commit(FILES);
    const trap = path.join(repository.mirror, 'trapped');
    const script = path.join(repository.mirror, 'trap.sh');
    writeFileSync(script, `#!/bin/sh\ntouch ${trap}\n`, { mode: 0o755 });
    for (const name of [
      'core.fsmonitor',
      'core.sshCommand',
      'uploadpack.packObjectsHook',
      'core.pager',
      'alias.ls-tree',
    ]) {
      repository.git(repository.bare, 'config', name, name.startsWith('alias') ? `!${script}` : script);
    }
    await createMirrorSource({ folder: repository.mirror, git }).open('acme/shop', commit, signal());
    await remote().open('acme/shop', commit, signal());
    expect(readdirSync(repository.mirror)).not.toContain('trapped');
  });
});

describe('a git server', () => {
  it('is not asked twice for what is there', async () => {
    const commit = repository.commit(FILES);
    const source = remote();
    const read = async () => {
      const snapshot = await source.open('acme/shop', commit, signal());
      return await snapshot.read(await snapshot.list(''), 1_000);
    };
    await read();
    rmSync(repository.bare, { recursive: true });
    expect(await read()).toEqual(['on: push\n', 'a', 'b']);
  });

  it('serves many at once from one folder', async () => {
    const commits = [0, 1, 2, 3].map((index) => repository.commit({ [WORKFLOW]: `on: push # ${index}\n` }));
    const source = remote();
    const texts = await Promise.all(
      [...commits, ...commits].map(async (commit) => {
        const snapshot = await source.open('acme/shop', commit, signal());
        return snapshot.read(await snapshot.list(''), 1_000);
      }),
    );
    expect(new Set(texts.flat()).size).toBe(4);
  });

  it.each([
    ['http://git.example/{repository}', 'only https'],
    ['https://git.example/{repository}', 'not on the public internet'],
    ['https://127.0.0.1/{repository}', 'not on the public internet'],
    ['https://[::1]/{repository}', 'not on the public internet'],
  ])('%s is not reached at a private address', async (url, why) => {
    const source = remote({ url, resolve: async () => ['203.0.113.9', '10.0.0.1'] });
    await expect(source.open('acme/shop', shaOf('a'), signal())).rejects.toMatchObject({
      code: 'definition_source_refused',
      cause: { message: expect.stringContaining(why) },
    });
  });

  it('that does not answer is unavailable, and what it said is no business of the job', async () => {
    const token = ['secret', 'canary'].join('-');
    const source = remote({
      url: 'https://localhost:1/{repository}',
      allowPrivateHosts: ['localhost:1'],
      resolve: async () => ['127.0.0.1'],
      token: async () => new Secret(token),
    });
    const error: unknown = await source
      .open('acme/shop', shaOf('a'), signal())
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'definition_source_unavailable' });
    expect(`${String(error)} ${error instanceof Error ? String(error.cause) : ''}`).not.toContain(token);
  });

  it('gets its password in no argument, and git nothing else of our environment', async () => {
    const folder = path.join(repository.mirror, 'bin');
    const seen = path.join(folder, 'seen');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'git'), `#!/bin/sh\necho "$@" >> ${seen}\nenv >> ${seen}.env\nexit 1\n`, {
      mode: 0o755,
    });
    const password = ['argument', 'canary'].join('-');
    const source = remote({
      url: 'https://localhost:1/{repository}',
      allowPrivateHosts: ['localhost'],
      resolve: async () => ['127.0.0.1'],
      token: async () => new Secret(password),
      git: { ...git, searchPath: `${folder}:${process.env['PATH']}` },
    });
    await expect(source.open('acme/shop', shaOf('a'), signal())).rejects.toThrow();
    const basic = Buffer.from(`x:${password}`).toString('base64');
    expect(readFileSync(seen, 'utf8')).not.toMatch(new RegExp(`${password}|${basic}`));
    const environment = readFileSync(`${seen}.env`, 'utf8');
    expect(environment).toContain(`GIT_CONFIG_VALUE_1=Authorization: Basic ${basic}`);
    expect(environment).toContain('GIT_CONFIG_VALUE_0=localhost:1:127.0.0.1');
    expect(environment).not.toMatch(/^(?:HOME|VITEST|NODE_)/m);
  });

  it('that hangs is left after its time', async () => {
    const startedMs = performance.now();
    const source = remote({
      url: 'https://192.0.2.1/{repository}',
      allowPrivateHosts: ['192.0.2.1'],
      git: { ...git, timeoutMs: 300 },
    });
    await expect(source.open('acme/shop', shaOf('a'), signal())).rejects.toMatchObject({
      code: 'definition_source_unavailable',
    });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});
