import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#core/clock.ts';
import { sampleImport, sampleReported } from '#findings/testing/sample-reported-finding.ts';
import { defaultTrackingSettings } from '#findings/tracking/settings.ts';
import { createFindingTracker } from '#findings/tracking/tracker.ts';
import { openMemoryStorage } from '#storage/memory/open-memory-storage.ts';
import { createGitMirror } from './git-mirror.ts';

const LINES = Array.from({ length: 40 }, (_, index) => `line ${index};`);

let folder: string;
let commits: string[];
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'vouchgate-mirror-'));
  const clone = path.join(folder, 'acme/shop');
  await mkdir(path.join(clone, '.github'), { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-C', clone, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    }).trim();
  const commit = () => {
    git('add', '-A');
    git('commit', '-q', '-m', 'x');
    return git('rev-parse', 'HEAD');
  };
  git('init', '-q', '-b', 'main');
  await writeFile(path.join(clone, '.github/CODEOWNERS'), '* @acme/shop\n');
  await writeFile(path.join(clone, 'a.ts'), LINES.join('\n'));
  const first = commit();
  await rename(path.join(clone, 'a.ts'), path.join(clone, 'b.ts'));
  await writeFile(path.join(clone, 'b.ts'), ['new', 'new', ...LINES].join('\n'));
  commits = [first, commit()];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const mirror = () => createGitMirror({ folder: () => folder, searchPath: process.env['PATH'] });

describe('a mirror of repositories', () => {
  it('says what was renamed, where lines went, and who owns what', async () => {
    const [first = '', second = ''] = commits;
    const changes = await mirror().findCodeChanges('acme/shop', first, second);
    expect([...(changes?.renames ?? [])]).toEqual([['a.ts', 'b.ts']]);
    expect(changes?.hunks.get('a.ts')).toEqual([{ oldStart: 0, oldLines: 0, newStart: 1, newLines: 2 }]);
    expect(await mirror().findOwners('acme/shop', second)).toBe('* @acme/shop\n');
  });

  it('lets an acceptance stay with a finding whose file was renamed', async () => {
    const [first = '', second = ''] = commits;
    const store = openMemoryStorage().findings;
    const tracker = createFindingTracker({
      store,
      clock: systemClock,
      settings: () => defaultTrackingSettings,
      ...mirror(),
    });
    const actor = { kind: 'person', id: 'mia' } as const;
    const take = (file: string, line: number, commit: string) =>
      tracker.takeIn({
        report: sampleImport([sampleReported({ snippet: 'line 9;', place: { file, line } })]),
        name: 'a',
        repository: 'acme/shop',
        commit,
        actor,
      });
    await take('a.ts', 10, first);
    const [found] = await store.findings({}, { limit: 1 }, systemClock.nowMs());
    const untilMs = systemClock.nowMs() + 86_400_000;
    await tracker.triage([found?.id ?? ''], { action: 'accept', owner: 'o', reason: 'r', untilMs }, actor);
    expect((await take('b.ts', 12, second)).counts).toMatchObject([{ new: 0, stillThere: 1, fixed: 0 }]);
    expect(await store.findings({}, { limit: 2 }, systemClock.nowMs())).toMatchObject([
      { id: found?.id, state: 'waived', owner: '@acme/shop', finding: { place: { file: 'b.ts', line: 12 } } },
    ]);
  });

  it.each([
    ['../acme/shop', 'a'.repeat(40)],
    ['acme/none', 'a'.repeat(40)],
    ['acme/shop', '--output=/tmp/x'],
    ['acme/shop', 'HEAD'],
    ['acme/shop', 'b'.repeat(40)],
  ])('knows nothing of %s at %s', async (repository, commit) => {
    expect(await mirror().findCodeChanges(repository, commit, commit)).toBe(undefined);
    if (repository !== 'acme/shop') expect(await mirror().findOwners(repository, commit)).toBe(undefined);
  });

  it('knows nothing where there is none', async () => {
    const none = createGitMirror({ folder: () => undefined, searchPath: process.env['PATH'] });
    expect(await none.findOwners('acme/shop', undefined)).toBe(undefined);
  });
});
