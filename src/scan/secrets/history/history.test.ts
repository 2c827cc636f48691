import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { drawn, madeGithubToken, madePrivateKey } from '../testing/made-secrets.ts';
import { type HistoryRequest, scanHistory } from './scan-history.ts';

let top: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-C', join(top, 'repo'), '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z',
      GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z',
    },
  }).trim();
const commit = (files: Record<string, string>, message = 'change') => {
  for (const [file, text] of Object.entries(files)) writeFileSync(join(top, 'repo', file), text);
  git('add', '.');
  git('commit', '-qm', message);
  return git('rev-parse', 'HEAD');
};
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'vouchgate-history-'));
  mkdirSync(join(top, 'repo'));
  git('init', '-q', '-b', 'main');
});
afterEach(() => rmSync(top, { recursive: true }));

const request = (changes: Partial<HistoryRequest> = {}): HistoryRequest => ({
  root: join(top, 'repo'),
  folder: join(top, 'repo'),
  range: undefined,
  options: { tier: 'generic' },
  searchPath: process.env['PATH'],
  timeoutMs: 60_000,
  cacheFolder: join(top, 'cache'),
  key: Buffer.alloc(32, 7),
  ...changes,
});
const found = async (changes?: Partial<HistoryRequest>) => {
  const { secrets } = await scanHistory(request(changes));
  return secrets
    .map(({ hit, introduced, inHead, places }) => ({
      rule: hit.ruleId,
      file: introduced.file,
      line: hit.start.line,
      commit: introduced.commit,
      inHead,
      places,
    }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
};

it('finds what was taken out, where it came in, and whether it is still there', async () => {
  const [gone, stays] = [madeGithubToken('gone'), madeGithubToken('stays')];
  const first = commit({ 'a.ts': `\nconst a = "${gone}";\n` });
  commit({ 'a.ts': `\n\nconst a = "${gone}";\n` });
  commit({ 'a.ts': 'const a = read();\n' });
  const last = commit({ 'b é.ts': `const b = "${stays}";\n` });
  expect(await found()).toEqual([
    { rule: 'secret-github-token', file: 'a.ts', line: 2, commit: first, inHead: false, places: 2 },
    { rule: 'secret-github-token', file: 'b é.ts', line: 1, commit: last, inHead: true, places: 1 },
  ]);
  expect(await found({ range: `${first}..HEAD` })).toHaveLength(2);
  expect(await found({ range: `${last}~1..${last}` })).toHaveLength(1);
});

it('looks at a folder of a repository alone, with names from there', async () => {
  mkdirSync(join(top, 'repo/sub'));
  commit({ 'a.ts': `"${madeGithubToken('above')}"\n`, 'sub/b.ts': `"${madeGithubToken('below')}"\n` });
  const all = await found({ root: join(top, 'repo/sub'), folder: join(top, 'repo/sub') });
  expect(all.map(({ file, inHead }) => [file, inHead])).toEqual([['b.ts', true]]);
});

it('looks at every branch, at merges, and at keys over many lines', async () => {
  commit({ 'a.ts': 'a\n' });
  git('checkout', '-qb', 'side');
  commit({ 'key.pem': madePrivateKey(), 'c.ts': 'side\n' });
  git('checkout', '-q', 'main');
  commit({ 'c.ts': 'main\n' });
  try {
    git('merge', '-q', 'side');
  } catch {
    // The conflict is what this is about: only the merge itself has the content that solves it.
  }
  const merge = commit({ 'c.ts': `both "${madeGithubToken('merge')}"\n` });
  git('checkout', '-q', '--orphan', 'alone');
  git('rm', '-rqf', '.');
  commit({ 'd.ts': `"${madeGithubToken('orphan')}"\n` });
  git('checkout', '-q', 'main');
  const all = await found();
  expect(all.map(({ file, inHead }) => [file, inHead])).toEqual([
    ['c.ts', true],
    ['d.ts', false],
    ['key.pem', true],
  ]);
  expect(all[0]?.commit).toBe(merge);
});

it('searches a content once, and the next time only what is new', async () => {
  const token = madeGithubToken('cache');
  commit({ 'a.ts': `"${token}"\n`, 'b.ts': `password = "${drawn(12, 'pw')}"\n` });
  const first = await scanHistory(request());
  expect(first.blobsSearched).toBe(2);
  commit({ 'c.ts': 'nothing\n' });
  const second = await scanHistory(request());
  expect([second.blobsSearched, second.secrets.length]).toEqual([1, first.secrets.length]);
  expect((await scanHistory(request({ options: { tier: 'high' } }))).blobsSearched).toBe(3);
  expect((await scanHistory(request({ key: Buffer.alloc(32, 8) }))).blobsSearched).toBe(3);
  for (const file of readdirSync(join(top, 'cache'))) {
    const text = readFileSync(join(top, 'cache', file), 'utf8');
    expect(text).not.toContain(token.slice(4, 14));
    expect(text).not.toContain(drawn(12, 'pw').slice(2));
  }
});

it('reads a cache that was cut off or that somebody wrote into', async () => {
  commit({ 'a.ts': `"${madeGithubToken('cut')}"\n` });
  await scanHistory(request());
  const [name = ''] = readdirSync(join(top, 'cache'));
  const file = join(top, 'cache', name);
  const text = readFileSync(file, 'utf8');
  for (const broken of [text.slice(0, text.length / 2), '["x", 3]\n{"__proto__": 1}\n[', '']) {
    writeFileSync(file, broken);
    expect((await scanHistory(request())).secrets).toHaveLength(1);
  }
});

it('runs no program that the repository names, and takes no option for a range', async () => {
  commit({ 'a.ts': 'a\n' });
  const mark = join(top, 'ran');
  for (const name of ['core.fsmonitor', 'diff.external', 'gpg.program', 'core.pager'])
    git('config', name, `touch ${mark}; false`);
  git('config', 'log.showSignature', 'true');
  await scanHistory(request());
  expect(readdirSync(top)).not.toContain('ran');
  await expect(scanHistory(request({ range: `--output=${mark}` }))).rejects.toMatchObject({
    code: 'history_unreadable',
  });
  expect(readdirSync(top)).not.toContain('ran');
});

it('says plainly when there is no history', async () => {
  await expect(scanHistory(request({ folder: top }))).rejects.toMatchObject({ code: 'history_unreadable' });
  await expect(scanHistory(request({ searchPath: '/nowhere' }))).rejects.toMatchObject({
    code: 'history_unreadable',
  });
});
